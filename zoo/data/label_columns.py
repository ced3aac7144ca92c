"""Labels that came with the data, such as FI-2010's own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.orderbook.book import Book
from zoo.data.windowing import group_runs
from zoo.errors import DataError

FloatArray = NDArray[np.float64]


def column_labels(book: Book, column: str, horizon: int, classes: int | None) -> FloatArray:
    """(snapshot,) what a column says, NaN where its session ends before the label's horizon.

    Args:
        book: that has the column.
        column: its name.
        horizon: rows that its labels look ahead.
        classes: how many classes the output has, or None for numbers.

    Raises:
        DataError: ``data.label`` when there is no such column, or it holds other classes than 0 down,
            1 stationary, 2 up.
    """
    if column not in book.columns:
        known = ", ".join(book.columns) or "none"
        raise DataError(
            f"`data.label` reads the column `{column}`, {book.name} has these further columns: {known}",
            help="name one of them under `data.label.column`, or give data that has it",
            code="data.label",
        )
    values = np.array(book.columns[column], np.float64)
    wrong = np.flatnonzero(np.isfinite(values) & ~np.isin(values, (0.0, 1.0, 2.0)))
    if classes is not None and len(wrong):
        raise DataError(
            f"the column `{column}` of {book.name} holds {values[wrong[0]]:g} in row {wrong[0] + 1:,}; "
            "a class is 0 (down), 1 (stationary) or 2 (up)",
            help="number the classes so, or give the output a loss of numbers, such as mse",
            code="data.label",
        )
    for _, stop in group_runs(len(book), book.groups):
        # What a label of these rows looks at lies in another session.
        values[max(stop - horizon, 0) : stop] = np.nan
    return values


def known_labels(values: FloatArray, horizon: int, groups: NDArray[np.int64], otherwise: float) -> FloatArray:
    """(snapshot,) the newest label whose horizon has passed, that of ``horizon`` rows before.

    Args:
        values: (snapshot,) labels.
        horizon: rows they look ahead.
        groups: (snapshot,) run of the session and symbol.
        otherwise: where none is known yet.
    """
    known = np.full(len(values), np.nan)
    for start, stop in group_runs(len(values), groups):
        known[start + horizon : stop] = values[start : max(start, stop - horizon)]
    return np.where(np.isfinite(known), known, otherwise)
