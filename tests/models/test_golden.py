"""The golden tables themselves: one model gives one table, a changed one is shown with the way out."""

from __future__ import annotations

import pytest

import zoo
from tests.models import golden


def test_what_was_built_before_leaves_no_trace() -> None:
    first = golden.text(zoo.build(zoo.load("hrnn_lob")))
    zoo.build(zoo.load("hrnn_lob_course"))
    assert golden.text(zoo.build(zoo.load("hrnn_lob"))) == first
    assert "(reshape 2)" in first  # Keras itself counts reshapes over the whole process


def test_a_changed_model_is_shown_and_how_to_write_it() -> None:
    shown = golden.difference("gru_lob", zoo.build(zoo.load("gru_lob", units=4)))
    assert "-trainable 1,985, non-trainable 0, total 1,985" in shown
    assert shown.endswith("python tests/models/golden.py --write gru_lob")


def test_calls_of_a_shared_layer_and_layers_of_a_submodel_have_rows() -> None:
    text = """\
spec: 1
name: shared
inputs: {a: {shape: [4]}, b: {shape: [4]}}
models:
  code:
    inputs: {x: {shape: [4]}}
    graph: {y: [x, Dense: 3]}
    outputs: [y]
graph: {left: [a, code], right: [b, code], sum: [[left, right], Add]}
outputs: [sum]
"""
    rows = golden.text(zoo.build(zoo.loads(text))).splitlines()[2:]
    assert [row.split() for row in rows] == [
        ["layer", "class", "output", "weights", "reads"],
        ["a", "InputLayer", "(batch,", "4)"],
        ["b", "InputLayer", "(batch,", "4)"],
        ["code", "Functional", "(batch,", "3)", "15", "a"],
        ["(batch,", "3)", "b"],
        ["x", "InputLayer", "(batch,", "4)"],
        ["y", "Dense", "(batch,", "3)", "15", "x"],
        ["sum", "Add", "(batch,", "3)", "code@1,", "code@2"],
        [],
        ["trainable", "15,", "non-trainable", "0,", "total", "15"],
    ]


@pytest.mark.parametrize("arguments", [[], ["--what"]])
def test_says_how_it_is_called(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert golden.main(arguments) == 2
    assert "--write" in capsys.readouterr().out
