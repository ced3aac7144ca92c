"""Empty cells: an error, left out with their row, or filled with the last known value, never a later one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from zoo.data.checking import Mask

CHOICES = ("error", "drop", "fill")


def is_empty(column: pd.Series[Any]) -> Mask:
    """(row,) whether a cell has nothing in it; what is no number is something."""
    found = column.isna()
    return np.asarray(found | (column == "") if column.dtype.kind == "O" else found, bool)


def last_known(empty: Mask, runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """(row,) the row whose value is the last known one: itself where it has one; -1 where none was known yet.

    Args:
        empty: (row,) rows in time order.
        runs: (row,) unbroken stretches: what was known before a gap, or in another group, is not known here.
    """
    rows = np.arange(len(empty))
    begins = np.concatenate([[True], np.diff(runs) != 0])
    first = np.maximum.accumulate(np.where(begins, rows, 0))
    known = np.maximum.accumulate(np.where(empty, -1, rows))
    return np.where(known < first, -1, known)


def fill(
    columns: Mapping[str, NDArray[Any]], empty: Mapping[str, Mask], runs: NDArray[np.int64]
) -> tuple[dict[str, NDArray[Any]], dict[str, Mask], Mask]:
    """Columns with their empty cells filled.

    Args:
        columns: column → (row,) values, in time order.
        empty: column → (row,) whether a cell is empty.
        runs: (row,) unbroken stretches.

    Returns:
        the columns; column → (row,) whether the cell was there, for columns with empty cells; (row,) whether
        everything is known by then.
    """
    made, there = dict(columns), {}
    ready = np.ones(len(runs), bool)
    for name, mask in empty.items():
        if not mask.any():
            continue
        source = last_known(mask, runs)
        made[name] = columns[name][np.maximum(source, 0)]
        there[name] = ~mask
        ready &= source >= 0
    return made, there, ready
