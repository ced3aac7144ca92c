"""Parameters: what a caller gives, ranges, order, tuning spaces."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zoo.errors import SpecError
from zoo.spec import check_text, loads

TEXT = """
spec: 1
name: t
params:
  units: {default: 8, min: 1, max: 64, tune: [8, 16]}
  double: =2*units
  rate: {type: float, default: 0}
  act: {default: relu, choices: [relu, tanh]}
  deep: false
  sizes: [3, 5]
  word: abc
inputs: {x: {shape: [4]}}
graph: {y: [x, Dense: {units: =double, activation: =act}]}
outputs: {y: {loss: mse}}
"""


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("units", 16, 16),
        ("units", 16.0, 16),
        ("units", "16", 16),
        ("units", " 16 ", 16),
        ("units", np.int64(16), 16),
        ("units", np.float64(16), 16),
        ("rate", 1, 1),
        ("rate", "1e-3", 0.001),
        ("act", "tanh", "tanh"),
        ("deep", True, True),
        ("deep", "true", True),
        ("sizes", (1, 2), [1, 2]),
        ("sizes", np.array([1, 2]), [1, 2]),
        ("word", "12", "12"),
        ("word", "no", "no"),
        ("word", "", ""),
        ("word", "=units", "=units"),
    ],
)
def test_given(name: str, given: Any, value: Any) -> None:
    found = loads(TEXT, **{name: given}).params[name]
    assert found == value and type(found) is type(value)


def test_later_parameters_follow() -> None:
    spec = loads(TEXT, units=5)
    assert spec.params["double"] == 10
    assert spec.graph.layers["y"].values["units"] == 10


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"units": 0}, "P101"),
        ({"units": 65}, "P101"),
        ({"units": 2.5}, "S102"),
        ({"units": "many"}, "S102"),
        ({"units": True}, "S102"),
        ({"act": "gelu"}, "P101"),
        ({"rate": "x"}, "S102"),
        ({"unit": 3}, "P104"),
        ({"deep": "yes"}, "S102"),
        ({"rate": float("nan")}, None),
    ],
)
def test_refused(overrides: dict[str, Any], code: str | None) -> None:
    report = check_text(TEXT, **overrides)
    assert [item.code for item in report.diagnostics if item.level == "error"] == ([code] if code else [])


def test_nan_is_outside_any_range() -> None:
    with pytest.raises(SpecError):
        loads(TEXT.replace("{type: float, default: 0}", "{default: 0.5, max: 1}"), rate=float("nan"))


def test_whole_numbers_written_with_a_point() -> None:
    spec = loads(TEXT.replace("default: 8", "type: int, default: 8.0"))
    assert spec.params["units"] == 8 and type(spec.params["units"]) is int


@pytest.mark.parametrize(
    ("space", "fine"),
    [
        ("[8, 64]", True),
        ("{from: 1, to: 64}", True),
        ("{from: 1, to: 64, log: true}", True),
        ("{from: 1, to: 64, step: 8}", True),
        ("{from: 0, to: 64}", False),
        ("{from: 1, to: 65}", False),
        ("{from: 1}", False),
        ("[128]", False),
        ("[]", False),
        ("3", False),
    ],
)
def test_tune(space: str, fine: bool) -> None:
    report = check_text(TEXT.replace("[8, 16]", space))
    assert [item.code for item in report.diagnostics] == ([] if fine else ["P105"])


def test_an_unknown_value_is_told_once() -> None:
    report = check_text(TEXT.replace("=2*units", "=2*unit"))
    assert [item.code for item in report.diagnostics] == ["P102"]
    report = check_text(TEXT.replace("default: 8", "default: =wrong"))
    assert [item.code for item in report.diagnostics] == ["P102"], "double and Dense stay silent"
    report = check_text(TEXT.replace("default: 8", "default: 0"))
    assert [item.code for item in report.diagnostics] == ["P101"]


def test_values_cannot_grow_without_bound() -> None:
    lines = "".join(f"  {b}: =[{', '.join([a] * 50)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True))
    report = check_text(TEXT.replace("  units:", f"  a: [1, 2, 3]\n{lines}  units:"))
    assert {item.code for item in report.diagnostics} == {"P106"}
    deep = "".join(f"  p{i + 1}: =[p{i}]\n" for i in range(60))
    report = check_text(TEXT.replace("  units:", f"  p0: 1\n{deep}  units:"))
    assert [item.code for item in report.diagnostics] == ["P106"]
