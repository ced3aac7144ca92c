"""What was asked of the speed is told from the figures, and left out where the run had none."""

from __future__ import annotations

from benchmarks.bars import BARS, Bar, table, within, worst

RACES = {
    "hrnn_lob": {
        "ours": {"first_step": 2.0, "train": 300.0, "one_p50": 0.5, "one_p99": 2.0},
        "textbook": {"first_step": 40.0, "train": 200.0, "one_p50": 100.0},
    },
    "deeplob": {"ours": {"train": 90.0}, "textbook": {"train": 100.0}},
}


def test_a_bar_an_aim_and_a_limit() -> None:
    bar = Bar("", lambda races: None, 2, 4)
    assert [bar.verdict(found) for found in (1.99, 2.0, 4.0)] == ["missed", "reached", "aim reached"]
    limit = Bar("", lambda races: None, 3, most=True)
    assert [limit.verdict(found) for found in (3.0, 3.01)] == ["reached", "missed"]


def test_the_worst_model_counts() -> None:
    assert worst("textbook", "train")(RACES) == 0.9
    assert worst("torch", "train")(RACES) is None
    assert within("hrnn_lob", "one_p99", "one_p50")(RACES) == 4.0


def test_the_table_has_what_was_measured() -> None:
    lines = table(RACES)
    assert "| hrnn_lob, the first step: textbook Keras | 20.00 × | 15 | 30 | reached |" in lines
    assert "| the least of all models, training: textbook Keras | 0.90 × | 1 |  | missed |" in lines
    assert "| hrnn_lob, one window: `model.predict` | 200.00 × | 100 |  | reached |" in lines
    assert "| hrnn_lob, one window: p99 over p50 | 4.00 × | at most 3 |  | missed |" in lines
    assert len(lines) == 2 + 4 < 2 + len(BARS)
