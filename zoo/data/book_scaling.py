"""A book's features scaled, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from zoo.data.features import Column
from zoo.data.orderbook.book import Book
from zoo.data.row_scaling import RowScaling, Session, State
from zoo.data.row_store import Blocks, gather_rows


def sessions_of(book: Book) -> list[Session]:
    """The sessions of each symbol, in the order of the rows."""
    return [
        Session(
            start,
            stop,
            _name(book.symbols, int(book.symbol[start])),
            _name(book.sessions, int(book.session[start])),
            int(book.time[start]) if book.timed else None,
            int(book.time[stop - 1]) if book.timed else None,
        )
        for start, stop in book.runs
    ]


def fit_features(
    book: Book, columns: Sequence[Column], scaling: RowScaling, training: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], list[State]]:
    """(snapshot, feature) float32, scaled with what is fitted on the training rows; and that."""
    states: list[State] = []

    def scaled() -> Iterator[Blocks]:
        for _, made in columns:
            # On disk a column is worked out twice, and never there as a whole.
            column = made if book.folder is not None else made[:]
            states.append(scaling.fit(column, training))
            yield scaling.pieces(column, states[-1])

    return gather_rows(len(book), len(columns), scaled(), book.folder), states


def scale_features(
    book: Book, columns: Sequence[Column], scaling: RowScaling, states: Sequence[State]
) -> NDArray[np.float32]:
    """(snapshot, feature) float32, scaled with what was fitted."""
    scaled = (scaling.pieces(column, state) for (_, column), state in zip(columns, states, strict=True))
    return gather_rows(len(book), len(columns), scaled, book.folder)


def _name(names: tuple[str, ...], code: int) -> str:
    return names[code] if code < len(names) else str(code)
