"""Several books, of several files, as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.orderbook.assembly import together
from zoo.data.orderbook.book import FIELDS, Book
from zoo.errors import DataError


class Joint:
    """What books that come one after another have in common, and how their codes read in the whole.

    Sessions and symbols of the same name are the same. ``add`` takes the books in their order.
    """

    def __init__(self) -> None:
        self.first: Book | None = None
        self.sessions: dict[str, int] = {}
        self.symbols: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.rows = 0
        self._latest: dict[str, tuple[int, str]] = {}

    def add(self, book: Book) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """(snapshot,) codes of session and symbol in the whole.

        Raises:
            DataError: ``data.levels``, ``data.time``, ``data.columns`` when it does not go on from them.
        """
        self.first = self.first or book
        self._check(self.first, book)
        session = _recoded(book.session, book.sessions, self.sessions)
        symbol = _recoded(book.symbol, book.symbols, self.symbols)
        for name, count in book.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        self.rows += len(book)
        return session, symbol

    def _check(self, first: Book, book: Book) -> None:
        if book.levels != first.levels:
            raise DataError(
                f"{book.name} has {book.levels} levels, {first.name} has {first.levels}",
                help=f"read `levels: {min(book.levels, first.levels)}`",
                code="data.levels",
            )
        if book.timed != first.timed or set(book.columns) != set(first.columns):
            lacks = "`time_ns`" if book.timed != first.timed else "a further column"
            raise DataError(
                f"of {first.name} and {book.name} only one has {lacks}",
                help="give files of the same columns",
                code="data.columns",
            )
        for code, name in enumerate(book.symbols) if book.timed else ():
            times = book.time[book.symbol == code]
            if len(times) == 0:
                continue
            latest, file = self._latest.get(name, (times[0], ""))
            # The pieces of one file are held together by the check of its rows.
            if times[0] < latest and file != book.name:
                raise DataError(
                    f"{book.name} begins at {times[0]} ns, before {file} ends at {latest} ns",
                    help="give the files in the order of time; several symbols need a `symbol` column",
                    code="data.time",
                )
            self._latest[name] = (int(times[-1]), book.name)


def join_books(books: Iterable[Book], name: str) -> Book:
    """The books as one, in their order, each symbol's rows together.

    Raises:
        DataError: when they do not go on from each other.
    """
    joint, pieces, codes = Joint(), [], []
    for book in books:
        codes.append(joint.add(book))
        pieces.append(book)
    if len(pieces) == 1:
        return pieces[0]
    session, symbol = (np.concatenate(part) for part in zip(*codes, strict=True))
    order = together(symbol)
    rows: Any = slice(None) if order is None else order
    timed = pieces[0].timed
    fields: dict[str, Any] = {}
    for field in FIELDS:
        fields[field] = np.concatenate([getattr(piece, field) for piece in pieces])[rows]

    def joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
        return np.asarray(np.concatenate(arrays)[rows])

    return Book(
        time=joined([piece.time for piece in pieces]) if timed else np.arange(joint.rows, dtype=np.int64),
        **fields,
        session=session[rows],
        symbol=symbol[rows],
        name=name,
        counts=joint.counts,
        timed=timed,
        sessions=tuple(joint.sessions),
        symbols=tuple(joint.symbols),
        columns={key: joined([piece.columns[key] for piece in pieces]) for key in pieces[0].columns},
        source_rows=_source_rows(pieces, order),
    )


def _source_rows(pieces: Sequence[Book], order: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
    """Rows counted through all files one after the other, those that were dropped with them."""
    if order is None and all(piece.source_rows is None for piece in pieces):
        return None
    found, before = [], 0
    for piece in pieces:
        rows = np.arange(len(piece)) if piece.source_rows is None else piece.source_rows
        found.append(before + rows)
        before += piece.counts.get("rows", len(piece))
    whole = np.concatenate(found)
    return whole if order is None else whole[order]


def _recoded(codes: NDArray[np.int32], names: Sequence[str], known: dict[str, int]) -> NDArray[np.int32]:
    numbers = np.array([known.setdefault(name, len(known)) for name in names], np.int32)
    return numbers[codes]
