"""The values of ``data``: ``each`` written out, and bounded."""

from __future__ import annotations

from typing import Any

import pytest

import zoo
from zoo.errors import SpecError

SPEC = """
spec: 1
name: example
params: {{series: 3, targets: {{default: {{price: 1, side: 3}}}}}}
inputs: {{past: {{shape: [4, =series]}}}}
graph:
  code: [past, LSTM: 4]
  each:
    for: [name, classes]
    in: =targets
    do: {{=name: [code, Dense: {{units: =classes, activation: ='softmax' if classes > 1 else 'linear'}}]}}
outputs:
  each:
    for: [name, classes]
    in: =targets
    do: {{=name: {{loss: ='sparse_categorical_crossentropy' if classes > 1 else 'mse'}}}}
data:
  kind: table
  inputs: {{past: {{columns: {columns}}}}}
  targets: {targets}
"""
COLUMNS = "[each: {for: i, in: =range(series), do: ='c' + str(i + 1)}]"
TARGETS = "{each: {for: [name, classes], in: =targets, do: {=name: {column: =name, horizon: 2}}}}"


def loaded(columns: str = COLUMNS, targets: str = TARGETS, **params: Any) -> Any:
    return zoo.loads(SPEC.format(columns=columns, targets=targets), **params).data


def test_each_makes_siblings_in_lists_and_maps() -> None:
    found = loaded()
    assert found["inputs"] == {"past": {"columns": ["c1", "c2", "c3"]}}
    assert found["targets"] == {
        "price": {"column": "price", "horizon": 2},
        "side": {"column": "side", "horizon": 2},
    }
    assert loaded(series=1)["inputs"]["past"]["columns"] == ["c1"]


def test_items_beside_each_keep_their_places() -> None:
    columns = "[hour, each: {for: i, in: =range(2), do: ='c' + str(i)}]"
    assert loaded(columns)["inputs"]["past"]["columns"] == ["hour", "c0", "c1"]


def test_a_loop_that_never_ends_is_told_once() -> None:
    endless = (
        "[each: {for: i, in: =range(9000), do: {each: {for: j, in: =range(9000), do: {='a' + str(j): 1}}}}]"
    )
    try:
        loaded(endless)
    except SpecError as error:
        codes = [item.code for item in error.diagnostics]
        assert codes.count("G106") == 1, codes
    else:
        raise AssertionError("nothing was told")


def test_a_wrong_parameter_is_told_once_where_the_data_section_takes_it() -> None:
    with pytest.raises(SpecError) as told:
        zoo.load("lstm_stateless", lookback=-7)
    assert [item.code for item in told.value.diagnostics] == ["P101"]
