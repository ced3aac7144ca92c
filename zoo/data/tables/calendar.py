"""What the clock and the calendar say of a row: a place in a cycle, as sine and cosine, or a plain number."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.values import words
from zoo.errors import DataError

# Name → length of its cycle; 0 where it has none and is a plain number only.
# The checker of specs has the same names in zoo/spec/tables.py: it may not import this room.
CYCLES = MappingProxyType(
    {
        "second": 60,
        "minute": 60,
        "hour": 24,
        "minute_of_day": 1440,
        "weekday": 7,
        "day": 31,
        "day_of_year": 366,
        "week": 53,
        "month": 12,
        "quarter": 4,
        "year": 0,
    }
)
NUMBER = "_number"
WORDS = (*(name for name, cycle in CYCLES.items() if cycle), *(name + NUMBER for name in CYCLES))


def read_calendar(value: Any, where: str) -> tuple[str, ...]:
    """The features that a list of words asks for: ``hour`` is two, ``hour_number`` is one.

    Raises:
        DataError: ``data.recipe``.
    """
    found: list[str] = []
    for name in words(value, WORDS, where):
        found += [name] if name.endswith(NUMBER) else [f"{name}_sin", f"{name}_cos"]
    return tuple(found)


def is_cycle(feature: str) -> bool:
    """Is it a sine or cosine, which lies between -1 and 1 as it is?"""
    return feature.endswith(("_sin", "_cos"))


def calendar_values(time: NDArray[Any] | None, feature: str) -> NDArray[np.float64]:
    """(row,) values of one feature. Weekdays count from Monday, 0; all else as the clock shows it.

    Raises:
        DataError: ``data.calendar`` when the times are no dates.
    """
    if time is None or time.dtype.kind != "M":
        raise DataError(
            f"the calendar feature `{feature}` needs dates, and the times of the rows are numbers",
            help="give a time column of dates, such as 2024-05-01 09:30:00, or leave `calendar` out",
            code="data.calendar",
        )
    name = feature.removesuffix(NUMBER).removesuffix("_sin").removesuffix("_cos")
    number = _NUMBERS[name](time)
    if not is_cycle(feature):
        return number
    # Days, weeks and months count from 1, and a cycle has no first place: only its length matters.
    angle = 2 * np.pi * number / CYCLES[name]
    return np.asarray(np.sin(angle) if feature.endswith("_sin") else np.cos(angle), np.float64)


def _since(unit: str, of: str) -> Callable[[NDArray[Any]], NDArray[np.float64]]:
    """How many of ``unit`` have passed since the last ``of`` began."""

    def count(time: NDArray[Any]) -> NDArray[np.float64]:
        passed = time.astype(f"M8[{unit}]") - time.astype(f"M8[{of}]").astype(f"M8[{unit}]")
        return np.asarray(passed, np.float64)

    return count


def _weekday(time: NDArray[Any]) -> NDArray[np.float64]:
    # The first day of 1970 was a Thursday.
    return np.asarray((time.astype("M8[D]").astype(np.int64) + 3) % 7, np.float64)


def _week(time: NDArray[Any]) -> NDArray[np.float64]:
    """The week as ISO 8601 counts it: that of its Thursday, the first being the one with the year's first."""
    thursday = time.astype("M8[D]") - _weekday(time).astype("m8[D]") + np.timedelta64(3, "D")
    return np.asarray(_since("D", "Y")(thursday) // 7 + 1, np.float64)


def _month(time: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(_since("M", "Y")(time) + 1, np.float64)


_NUMBERS: MappingProxyType[str, Callable[[NDArray[Any]], NDArray[np.float64]]] = MappingProxyType(
    {
        "second": _since("s", "m"),
        "minute": _since("m", "h"),
        "hour": _since("h", "D"),
        "minute_of_day": _since("m", "D"),
        "weekday": _weekday,
        "day": lambda time: _since("D", "M")(time) + 1,
        "day_of_year": lambda time: _since("D", "Y")(time) + 1,
        "week": _week,
        "month": _month,
        "quarter": lambda time: np.asarray((_month(time) - 1) // 3 + 1, np.float64),
        "year": lambda time: np.asarray(time.astype("M8[Y]").astype(np.int64) + 1970, np.float64),
    }
)
