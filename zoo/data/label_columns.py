"""Labels that came with the data, such as FI-2010's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import collect, spans
from zoo.data.orderbook.book import Book
from zoo.data.windowing import bounds_of, group_runs
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
    told = book.columns[column]

    def labels(rows: slice) -> FloatArray:
        values = np.array(told[rows], np.float64)
        wrong = np.flatnonzero(np.isfinite(values) & ~np.isin(values, (0.0, 1.0, 2.0)))
        if classes is not None and len(wrong):
            raise DataError(
                f"the column `{column}` of {book.name} holds {values[wrong[0]]:g} "
                f"in row {rows.start + wrong[0] + 1:,}; a class is 0 (down), 1 (stationary) or 2 (up)",
                help="number the classes so, or give the output a loss of numbers, such as mse",
                code="data.label",
            )
        numbers = np.arange(rows.start, rows.stop)
        # What a label of the last rows looks at lies in another session.
        values[numbers >= bounds_of(book.runs, numbers)[1] - horizon] = np.nan
        return values

    return collect(map(labels, spans(len(book))), np.float64, book.folder)


def known_labels(
    values: FloatArray,
    horizon: int,
    groups: NDArray[np.int64],
    otherwise: float,
    folder: Path | None = None,
) -> FloatArray:
    """(snapshot,) the newest label whose horizon has passed, that of ``horizon`` rows before.

    Args:
        values: (snapshot,) labels.
        horizon: rows they look ahead.
        groups: (snapshot,) run of the session and symbol.
        otherwise: where none is known yet.
        folder: where they are put, see ``collect``; None for memory.
    """
    runs = group_runs(len(values), groups)

    def known(rows: slice) -> FloatArray:
        numbers = np.arange(rows.start, rows.stop)
        before = numbers - horizon
        said = values[np.maximum(before, 0)]
        return np.where((before >= bounds_of(runs, numbers)[0]) & np.isfinite(said), said, otherwise)

    return collect(map(known, spans(len(values))), np.float64, folder)
