"""The comparison's logic: what is refused, which way a ratio goes, what a table says. No time is asserted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.side_by_side.compare import check_equal
from benchmarks.side_by_side.figures import FIGURES, ratio, table

FOUND = {
    "ours": {"first_step": 2.0, "predict": 300.0, "dense": 900.0, "one_p50": 0.5},
    "textbook": {"first_step": 60.0, "predict": 100.0, "one_p50": 50.0},
    "ort": {"predict": 600.0, "one_p50": 0.25},
}


@pytest.mark.parametrize(
    ("key", "other", "times"),
    [
        ("first_step", "textbook", 30.0),
        ("predict", "textbook", 3.0),
        ("predict", "ort", 0.5),
        ("one_p50", "ort", 0.5),
        # who has no way of its own for a series predicts its windows
        ("dense", "textbook", 9.0),
        ("first_step", "ort", None),
        ("tick_p50", "ort", None),
    ],
)
def test_a_ratio_above_one_is_better(key: str, other: str, times: float | None) -> None:
    assert ratio(FOUND, key, other) == times


def test_a_table_has_ratios_numbers_and_what_is_missing() -> None:
    lines = table("some_model", FOUND, {"predict": 5000.0}, {"compiled": "there is no compiler"})
    assert lines[0] == "### some_model"
    assert lines[2] == "|  | textbook Keras | ONNX Runtime alone | ours | arithmetic alone |"
    assert "| batch prediction, windows/s | 3.00 × (100) | 0.50 × (600) | 300 | 5000 |" in lines
    assert "| time to the first step, s | 30.00 × (60) |  | 2 |  |" in lines
    assert "No PyTorch compiled: there is no compiler." in lines
    assert sum(line.startswith("| ") for line in lines) == 1 + len(FOUND["ours"])
    assert {line.count("|") for line in lines if line.startswith("|")} == {6}


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ([np.array([0.1, 0.9001])], "torch: outputs differ from ours by 1.0e-04"),
        ([np.array([0.1, np.nan])], "torch: outputs differ from ours by nan"),
        ([np.array([0.1])], r"torch: an output of shape \(1,\), and ours is \(2,\)"),
        ([], "torch: 0 outputs, and ours are 1"),
    ],
)
def test_a_wrong_answer_ends_the_run(theirs: list[np.ndarray], said: str) -> None:
    with pytest.raises(SystemExit, match=f"^{said}$"):
        check_equal([np.array([0.1, 0.9])], theirs, "torch")


def test_equal_answers_do_not() -> None:
    check_equal([np.array([[0.1], [0.9]])], [np.array([0.1, 0.9 + 5e-6])], "torch")


def test_two_contestants_run(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.side_by_side", "--quick", "--contestants", "ort", "torch"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert "|  | ONNX Runtime alone | ours | arithmetic alone |" in lines
    assert "No PyTorch: no Python with torch was given." in lines
    shown = [line for line in lines if line.startswith(tuple(f"| {item.said}" for item in FIGURES.values()))]
    assert len(shown) == len(FIGURES)
    # every number is there: ours in each line, and ONNX Runtime's wherever it has one
    for line in shown:
        assert float(line.split("|")[3]) > 0
    assert sum("×" in line for line in shown) == len(FIGURES) - 2, shown
