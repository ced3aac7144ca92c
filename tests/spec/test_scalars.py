"""YAML 1.2's core schema, and where YAML 1.1 reads another value."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.spec import scalars


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("014", 14),
        ("0o14", 12),
        ("0x1F", 31),
        ("0b101", "0b101"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1e-3", 0.001),
        ("1E5", 100000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5e+2", -50.0),
        ("1e400", math.inf),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("+.Inf", math.inf),
        ("inf", "inf"),
        ("nan", "nan"),
        (".", "."),
        ("-", "-"),
        ("+", "+"),
        ("1.2.3", "1.2.3"),
        ("0x", "0x"),
        ("2026-11-21", "2026-11-21"),
        ("٣", "٣"),
        ("=3", "=3"),
        ("9" * 401, "9" * 401),
    ],
)
def test_value(text: str, value: object) -> None:
    found = scalars.parse(text)
    assert type(found) is type(value) and found == value


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text: str) -> None:
    assert math.isnan(scalars.parse(text))


@pytest.mark.parametrize(
    "text", ["yes", "Off", "09:30", "014", "-012", "1_000", "1_0.5", "0b101", "190:20:30"]
)
def test_read_differently(text: str) -> None:
    assert scalars.read_differently(text)


@pytest.mark.parametrize(
    "text", ["1e-3", "y", "n", "true", "0", "10", "0.5", "12", "word", "~", "a:b", "0x10"]
)
def test_read_alike(text: str) -> None:
    assert scalars.read_differently(text) is None


@settings(deadline=None)
@given(st.integers(-(10**30), 10**30) | st.floats(allow_nan=False))
def test_numbers_come_back(number: float) -> None:
    assert scalars.parse(str(number).replace("inf", ".inf")) == number


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_value(text: str) -> None:
    value = scalars.parse(text)
    assert value is None or isinstance(value, (bool, int, float)) or value == text
