"""Cards as values and as pages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import zoo
from zoo.errors import SpecError, ZooError
from zoo.spec import catalogue
from zoo.spec.card import card
from zoo.spec.tools import card_text, words

TABLE = """\
spec: 1
name: tabled
about: A model of a table.
lint: {allow: {D302: "reconstructs its input"}}
params: {units: {default: 3, choices: [3, 5]}, rate: {default: 0.5, max: 0.9}}
inputs: {rows: {shape: [null, 4], batch_size: 2}}
graph: {y: [rows, LSTM: =units, Dense: 1]}
outputs: {y: {loss: {Huber: {delta: 2.0}}, weight: 0.5, metrics: [mae, mse]}}
data:
  kind: table
  source: {toy: seasonal, samples: 500}
  time: when
  inputs: {rows: {columns: [a, b, c, d], lookback: 8, shift: 1}}
  targets: {y: {column: a, type: numeric, horizon: 2}}
  split: {by: time, train: 0.8, val: 0.1, test: 0.1, purge: 5}
  scale: {method: minmax, range: [-1, 1], fit: train}
training:
  optimizer: {SGD: {learning_rate: {CosineDecay: {initial_learning_rate: 0.1, decay_steps: =epochs*units}}}}
  epochs: 4
  batch_size: 1
  shuffle: false
"""


@pytest.mark.parametrize("name", catalogue.paths())
def test_every_card_is_a_page_of_80_columns(name: str) -> None:
    found = card(name)
    lines = str(found).splitlines()
    assert lines[0] == name and max(map(len, lines)) <= 80
    assert len(lines) <= 110
    assert found.folder and found.parameters is not None
    again = json.loads(json.dumps(found.to_dict()))
    assert again["parameters"] == found.parameters and again["text"] == found.text


def test_the_facade_has_it() -> None:
    found = zoo.card("hrnn_lob", row_units=64)
    assert isinstance(found, zoo.Card)
    assert (found.params["row_units"].value, found.parameters) == (64, 29411)
    assert repr(found) == "Card('hrnn_lob', 29,411 parameters)"
    assert "published at the default sizes: 12,771" in str(found)
    assert zoo.card(zoo.load("hrnn_lob")).inputs == zoo.card("hrnn_lob").inputs
    assert zoo.card(zoo.load("hrnn_lob"), row_units=64).parameters == 29411
    with pytest.raises(SpecError, match="row_units"):
        zoo.card(zoo.load("hrnn_lob"), row_unit=64)


def test_what_cannot_be_shown(tmp_path: Path) -> None:
    with pytest.raises(ZooError, match="no model named `hrnn_lb`"):
        card("hrnn_lb")
    (tmp_path / "broken.yaml").write_text(TABLE.replace("LSTM", "LSTN"))
    with pytest.raises(SpecError):
        card(tmp_path / "broken.yaml")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "tabled.yaml").write_text(TABLE)
    found = card(tmp_path / "tabled.yaml")
    assert (found.folder, found.kind, found.published) == ("", "table", None)
    assert (found.uncounted, found.steps) == ((), 100)
    text = " ".join(str(found).split())
    for said in (
        "rows: any × 4 float32, batches of 2 only",
        "y: 1; loss Huber (delta 2); weight 0.5; metrics mae, mse",
        "units = 3; one of 3, 5",
        "rate = 0.5; at most 0.9",
        "20.7 thousand floating-point operations a window of 100 steps",
        "D302 (a step that sees the future): reconstructs its input",
    ):
        assert said in text, said


def test_recipe_and_data_in_words() -> None:
    spec = zoo.loads(TABLE)
    assert words.recipe(spec) == (
        "SGD (learning_rate CosineDecay (initial_learning_rate 0.1, decay_steps epochs*units)), 4 epochs, "
        "batches of 1",
        "shuffle: no",
    )
    assert words.data(spec) == (
        "a table: the toy `seasonal` (samples 500)",
        "in the order of: when",
        "input rows: 8 rows of a, b, c, d, the last of them 1 row ahead",
        "target y: a, numeric, 2 rows ahead",
        "split by time, 80% train, 10% val, 10% test, 5 rows left out between parts",
        "scaled: minmax, range (-1, 1), fitted on the training part",
    )


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        ({"method": "rolling_sessions"}, "scaled: zscore, fitted on the 5 sessions before, for each symbol"),
        (
            {"method": "robust", "by": ["symbol"]},
            "scaled: robust, fitted on the training part, for each symbol",
        ),
    ],
)
def test_scalers_that_are_not_one_for_all_rows_in_words(scale: dict[str, object], said: str) -> None:
    assert words._scale(scale) == said


def test_other_counts_than_published_are_explained() -> None:
    found = card("deeplob")
    assert card_text.size_line(found) == "142,435 parameters, as published"
    other = replace(found, source={"parameters": 7, "difference": "theirs are few"})
    assert card_text.size_line(other) == "142,435 parameters; published: 7: theirs are few"


def test_speed_is_shown_where_it_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert zoo.card("lob_mlp").speed == ()
    folder = tmp_path / "orderbook"
    folder.mkdir()
    (folder / "hrnn_lob.yaml").write_text(catalogue.paths()["hrnn_lob"].read_text())
    measured = {"what": "one window, Keras", "milliseconds": 80.123, "batch_size": 1}
    (tmp_path / "speed.json").write_text(
        json.dumps({"machine": "two cores", "models": {"hrnn_lob": [measured]}})
    )
    monkeypatch.setattr(catalogue, "folder", lambda: tmp_path)
    assert "speed     one window, Keras: 80.1 ms on two cores" in str(card(folder / "hrnn_lob.yaml"))
    assert "80.1" not in str(card(folder / "hrnn_lob.yaml", row_units=64))


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (999, "999"), (1000, "1 thousand"), (828228, "828 thousand"), (4425342901, "4.43 billion"),
     (7 * 10**12, "7,000 billion")],
)  # fmt: skip
def test_amounts(count: int, said: str) -> None:
    assert card_text.amount(count) == said


def test_a_long_picture_is_cut_and_narrowed() -> None:
    rows = card_text.picture(card("nbeats_generic"), 80)
    assert len(rows) == card_text.MAX_ROWS
    assert "`zoo plot nbeats_generic --format text`" in rows[11]
    assert "move__0__theta__0__dense_1  Dense 512, relu → 512" in rows[4]
    assert rows[12].startswith("● │") and "move__29__theta  Dense 36, linear → 36" in rows[12]
    short = card("hrnn_lob")
    assert card_text.picture(short, 80) == short.picture.splitlines()[1:]
