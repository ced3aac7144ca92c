from __future__ import annotations

import json
from pathlib import Path

import pytest

from zoo.spec import load, loads
from zoo.spec.catalogue import paths
from zoo.spec.tools.diff import diff
from zoo.spec.tools.fmt import format_text

TEXT = """\
spec: 1
name: a
params: {units: 8}
inputs: {book: {shape: [10, 2]}, extra: {shape: [3]}}
layers: {enc: {LSTM: =units}}
graph:
  code: [book, enc]
  hidden: [[code, extra], Concatenate, Dense: {units: 4, activation: relu}, Dense: 4]
  y: [hidden, Dense: {units: 3, activation: softmax}]
  z: [code, Dense: 1]
outputs:
  y: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}
  z: {loss: mse, weight: 0.5}
training: {optimizer: {Adam: {learning_rate: 1e-3}}, epochs: 3}
"""
SAME = [
    ("name: a", "name: b\nabout: other words"),
    ("Dense: 1]", "Dense: {units: 1.0, use_bias: true, activation: null}]"),
    ("loss: mse", "loss: mean_squared_error"),
    ("{Adam: {learning_rate: 1e-3}}", "adam"),
    ("LSTM: =units", "LSTM: 8"),
    ("  code: [book, enc]\n", "  code:\n    - book\n    - enc\n"),
]
CHANGED = [
    ("units: 8", "units: 16", "parameter units: 8 → 16", "argument enc.units: 8 → 16"),
    ("shape: [3]", "shape: [5]", "input extra.shape: [3] → [5]"),
    ("activation: relu", "activation: tanh", "argument hidden__dense_1.activation: relu → tanh"),
    ("Concatenate, ", "Concatenate, Dropout: 0.2, ", "layer hidden__dropout_1 added: Dropout {rate: 0.2}"),
    (", Dense: 4]", "]", "layer hidden"),
    ("[[code, extra]", "[[extra, code]", "edge hidden__concatenate_1: [enc, extra] → [extra, enc]"),
    ("z: [code,", "z: [hidden,", "edge z: [enc] → [hidden]"),
    ("loss: mse", "loss: mae", "loss z: MeanSquaredError → MeanAbsoluteError"),
    ("weight: 0.5", "weight: 2", "weight z: 0.5 → 2"),
    ("metrics: [accuracy]", "metrics: []", "metrics y: [accuracy] → []"),
    ("1e-3", "1e-2", "training optimizer.Adam.learning_rate: 0.001 → 0.01"),
    ("epochs: 3", "epochs: 4", "training epochs: 3 → 4"),
    ("epochs: 3", "epochs: 3, seed: 1", "training seed: nothing → 1"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_how_it_is_written_changes_nothing(old: str, new: str):
    assert old in TEXT
    found = diff(loads(TEXT), loads(TEXT.replace(old, new)))
    assert found.same, str(found)


@pytest.mark.parametrize("change", CHANGED, ids=lambda change: change[2])
def test_a_change_is_named(change: tuple[str, ...]):
    old, new, *said = change
    assert old in TEXT
    found = diff(loads(TEXT), loads(TEXT.replace(old, new)))
    assert not found.same
    for line in said:
        assert line in str(found)
    back = diff(loads(TEXT.replace(old, new)), loads(TEXT))
    assert len(back.changes) == len(found.changes)


def test_one_step_put_in_is_one_layer_and_one_edge():
    found = diff(loads(TEXT), loads(TEXT.replace("Concatenate, ", "Concatenate, Dense: 4, ")))
    assert [change.kind for change in found.changes] == ["layer", "edge"]
    before, after = found.parameters
    assert before is not None and after is not None and after - before == (11 + 1) * 4 - (11 - 4) * 4
    assert "number of weights" in str(found)


def test_sharing_is_meaning():
    alone = TEXT.replace("layers: {enc: {LSTM: =units}}\n", "").replace("[book, enc]", "[book, LSTM: =units]")
    assert not diff(loads(TEXT), loads(alone)).same


@pytest.mark.parametrize("path", paths().values(), ids=lambda path: path.stem)
def test_layout_is_no_difference(path: Path):
    assert diff(load(path), loads(format_text(path.read_text()))).same


def test_json_has_places():
    found = json.loads(diff(loads(TEXT), loads(TEXT.replace("relu", "tanh"))).to_json())
    assert found["same"] is False
    assert found["changes"][0]["old"]["line"] == 8
    assert found["parameters"]["before"] == found["parameters"]["after"]
