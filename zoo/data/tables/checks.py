"""What cannot be true of a row of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Check, Mask, tell_cell
from zoo.data.windowing import group_runs


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's rows before anybody vouches for them.

    Args:
        numbers: column → (row,); NaN where a cell is empty or no number.
        empty: column → (row,) whether the cell is empty, for columns that are no numbers.
        time: (row,) dates or numbers, or None; ``time_name`` is the column's name.
        run: (row,) number of the group.
        surplus: (row,) rows with more cells than the header.
        cell: what stands in a row of a column, as the source wrote it.
    """

    numbers: Mapping[str, NDArray[np.float64]]
    empty: Mapping[str, Mask]
    time: NDArray[Any] | None
    time_name: str
    run: NDArray[np.int64]
    surplus: Mask
    cell: Callable[[int, str], object]


def _surplus(rows: Rows, good: Mask) -> Mask:
    return rows.surplus


def _tell_surplus(rows: Rows, row: int) -> str:
    return "more cells than the header names columns"


def _missing(rows: Rows, good: Mask) -> Mask:
    found = np.zeros(len(good), bool)
    for values in rows.numbers.values():
        found |= ~np.isfinite(values)
    for mask in rows.empty.values():
        found |= mask
    return found


def _tell_missing(rows: Rows, row: int) -> str:
    for name, values in rows.numbers.items():
        if not np.isfinite(values[row]):
            return tell_cell(name, rows.cell(row, name), "a number")
    empty = next(name for name, mask in rows.empty.items() if mask[row])
    return f"`{empty}` is empty"


def _no_time(rows: Rows, good: Mask) -> Mask:
    return (
        np.zeros(len(good), bool)
        if rows.time is None
        else np.asarray(np.isnat(rows.time) if (rows.time.dtype.kind == "M") else ~np.isfinite(rows.time))
    )


def _tell_no_time(rows: Rows, row: int) -> str:
    return tell_cell(rows.time_name, rows.cell(row, rows.time_name), "a time like the others")


def _against_latest(rows: Rows, good: Mask, same: bool) -> Mask:
    # Against the latest time of the good rows before it in its own group, wherever those stand.
    found = np.zeros(len(good), bool)
    if rows.time is None:
        return found
    kept = np.flatnonzero(good)
    kept = kept[np.argsort(rows.run[kept], kind="stable")]
    time, run = rows.time[kept], rows.run[kept]
    for start, stop in group_runs(len(kept), run):
        part = time[start:stop]
        latest = np.maximum.accumulate(part)[:-1]
        bad = part[1:] == latest if same else part[1:] < latest
        found[kept[start + 1 : stop]] = bad
    return found


def _backwards(rows: Rows, good: Mask) -> Mask:
    return _against_latest(rows, good, same=False)


def _duplicate(rows: Rows, good: Mask) -> Mask:
    return _against_latest(rows, good, same=True)


def _tell_backwards(rows: Rows, row: int) -> str:
    assert rows.time is not None
    before = rows.time[:row][rows.run[:row] == rows.run[row]]
    now, latest = shown_time(rows.time[row]), shown_time(before.max())
    return f"time goes backwards: `{rows.time_name}` {now} after {latest}"


def _tell_duplicate(rows: Rows, row: int) -> str:
    assert rows.time is not None
    return f"the time `{rows.time_name}` {shown_time(rows.time[row])} is there already"


def shown_time(time: Any) -> str:
    """A time as a person writes it: without what is zero at its end."""
    return str(time).removesuffix(".000000000").removesuffix("T00:00:00")


CHECKS = (
    Check("cells", _surplus, _tell_surplus, "mend or delete that line"),
    Check(
        "missing",
        _missing,
        _tell_missing,
        "fill the cell, or say `missing: fill` in `data` for the last known value",
    ),
    Check("no_time", _no_time, _tell_no_time, "write times as 2024-05-01 09:30:00, or all as numbers"),
    Check(
        "time",
        _backwards,
        _tell_backwards,
        "sort the rows by time, or name the session or symbol columns in `data.group`",
    ),
    Check(
        "duplicate",
        _duplicate,
        _tell_duplicate,
        "keep one row a time, or name the column that tells such rows apart in `data.group`",
    ),
)
