"""From the numbers of a source, as a reader found them, to a checked book."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Mask, Origin
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.checks import Quotes, check_quotes
from zoo.data.orderbook.cleaning import Cleaning
from zoo.data.windowing import cuts_of
from zoo.errors import DataError

Codes = NDArray[np.int32]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Raw:
    """What a reader found, before anybody vouches for it; arrays have a row a snapshot.

    Args:
        block: (snapshot, 4 × level) prices and sizes, level by level in the order of ``FIELDS``. NaN where a
            cell is empty or no number, and where ``empty`` says that the level holds no order.
        time: nanoseconds, or None without a clock.
        session, symbol: codes from 0 into ``sessions`` and ``symbols``; None means one.
        unreadable: rows in which a cell is empty or no number.
        cell: (row, column) → what stands there, as the source wrote it.
        surplus: rows with more cells than the header.
        empty: rows in which a level holds no order.
        halted: rows while trading was halted.
        columns: further columns that came with the data.
        counts: of what the reader saw besides.
    """

    block: FloatArray
    time: NDArray[np.int64] | None
    unreadable: Mask
    cell: Callable[[int, str], object]
    session: Codes | None = None
    sessions: tuple[str, ...] = ("",)
    symbol: Codes | None = None
    symbols: tuple[str, ...] = ("",)
    surplus: Mask | None = None
    empty: Mask | None = None
    halted: Mask | None = None
    columns: Mapping[str, FloatArray] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


class Latest:
    """The latest time of each session and symbol in the pieces of a file so far."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, str], int] = {}

    def before(self, raw: Raw, session: Codes, symbol: Codes) -> NDArray[np.int64]:
        """(snapshot,) the latest time of its session and symbol before this piece."""
        found = np.full(len(session), np.iinfo(np.int64).min)
        for key, rows in _members(raw, session, symbol):
            if key in self._times:
                found[rows] = self._times[key]
        return found

    def add(self, raw: Raw, book: Book) -> None:
        """What is in the book of a piece is before the next one."""
        for key, rows in _members(raw, book.session, book.symbol):
            self._times[key] = int(book.time[rows].max())


def make_book(raw: Raw, origin: Origin, cleaning: Cleaning, latest: Latest | None = None) -> Book:
    """The book of the rows that can be true, each symbol's rows together.

    Args:
        raw: the numbers.
        origin: how messages name the source and count its rows.
        cleaning: whether rows that cannot be true are told or dropped.
        latest: of the pieces of the file before this one.

    Raises:
        DataError: ``data.empty``; for rows see ``CHECKS``.
    """
    count = len(raw.block)
    if count == 0:
        raise DataError(f"{origin.name} has no rows", help="give at least one snapshot", code="data.empty")
    none = np.zeros(count, bool)
    one = np.zeros(count, np.int32)
    session = one if raw.session is None else raw.session
    symbol = one if raw.symbol is None else raw.symbol
    fields: dict[str, Any] = {name: raw.block[:, place :: len(FIELDS)] for place, name in enumerate(FIELDS)}
    order, run = _runs(session, symbol)
    quotes = Quotes(
        time=raw.time,
        **fields,
        run=run,
        unreadable=raw.unreadable,
        surplus=none if raw.surplus is None else raw.surplus,
        empty=none if raw.empty is None else raw.empty,
        halted=none if raw.halted is None else raw.halted,
        cell=raw.cell,
        since=None if latest is None else latest.before(raw, session, symbol),
    )
    good, counts = check_quotes(quotes, origin, cleaning.rows)
    rows: Any = slice(None)
    if order is not None:
        rows = order[good[order]]
    elif not good.all():
        rows = np.flatnonzero(good)
    kept = int(np.count_nonzero(good))
    book = Book(
        time=np.arange(kept, dtype=np.int64) if raw.time is None else raw.time[rows],
        **{name: values[rows] for name, values in fields.items()},
        session=session[rows],
        symbol=symbol[rows],
        name=origin.name,
        counts={"rows": count, **raw.counts, **counts},
        timed=raw.time is not None,
        sessions=raw.sessions,
        symbols=raw.symbols,
        columns={name: values[rows] for name, values in raw.columns.items()},
        source_rows=None if isinstance(rows, slice) else rows,
    )
    if latest is not None and book.timed:
        latest.add(raw, book)
    return book


def _members(raw: Raw, session: Codes, symbol: Codes) -> Iterator[tuple[tuple[str, str], Mask]]:
    """Name of each session and symbol there is, and its rows."""
    pairs = session.astype(np.int64) * len(raw.symbols) + symbol
    for pair in np.unique(pairs):
        yield (raw.sessions[pair // len(raw.symbols)], raw.symbols[pair % len(raw.symbols)]), pairs == pair


def together(symbol: Codes) -> NDArray[np.int64] | None:
    """A stable order that brings each symbol's rows together; None when they are."""
    each = np.concatenate((symbol[:1], symbol[cuts_of(symbol)]))
    return None if len(np.unique(each)) == len(each) else np.argsort(symbol, kind="stable")


def _runs(session: Codes, symbol: Codes) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
    """The order that brings each symbol's rows together, if they are not, and each row's run."""
    order = together(symbol)
    a, b = (session, symbol) if order is None else (session[order], symbol[order])
    runs = np.concatenate(([0], np.cumsum((np.diff(a) != 0) | (np.diff(b) != 0))))
    if order is None:
        return None, runs
    of_row = np.empty_like(runs)
    of_row[order] = runs
    return order, of_row
