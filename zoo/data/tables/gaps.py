"""Where the rows of a group are too far apart in time to lie in one window."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.values import number, refuse
from zoo.errors import DataError

Gap = float | np.timedelta64
# Unit as it is written → nanoseconds.
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "min": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 86_400 * 10**9,
    "w": 7 * 86_400 * 10**9,
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ns|us|ms|s|min|h|d|w)", re.IGNORECASE)


def read_gap(value: Any) -> Gap | None:
    """``window.gap``: the longest step of time inside a window; a number, or a duration such as ``90min``.

    Raises:
        DataError: ``data.recipe``.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        return number(value, "window.gap", low=0.0, open_low=True)
    found = _DURATION.fullmatch(value.strip())
    if found is None or float(found[1]) == 0:
        raise refuse(
            f"`data.window.gap` is a duration such as 90min, or a number above 0; received {value!r}",
            f"write a number and one of {', '.join(_NANOSECONDS)}",
        )
    return np.timedelta64(round(float(found[1]) * _NANOSECONDS[found[2].lower()]), "ns")


def unbroken(time: NDArray[Any] | None, groups: NDArray[np.int64], gap: Gap | None) -> NDArray[np.int64]:
    """(row,) number of the unbroken stretch that a row lies in: one group, no step longer than ``gap``.

    Args:
        time: (row,) dates or numbers, in order within a group.
        groups: (row,) number of the group; the rows of one lie together.
        gap: None where no step is too long.

    Raises:
        DataError: ``data.gap`` when dates are held against a plain number, or numbers against a duration.
    """
    if gap is None or time is None:
        return groups
    dates = time.dtype.kind == "M"
    if dates != isinstance(gap, np.timedelta64):
        times, said = ("dates", "a plain number") if dates else ("numbers", "a duration")
        raise DataError(
            f"the times are {times}, and `data.window.gap` is {said}",
            help="write a duration, such as `gap: 90min`"
            if dates
            else "write a number in the times' own unit",
            code="data.gap",
        )
    far = np.asarray(np.diff(time) > gap)
    return np.concatenate([[0], np.cumsum(far | (np.diff(groups) != 0))]).astype(np.int64)
