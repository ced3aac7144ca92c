"""From the numbers of a source, as a reader found them, to a checked book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Mask, Origin
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.checks import Quotes, check_quotes
from zoo.data.orderbook.cleaning import Cleaning
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


def make_book(raw: Raw, origin: Origin, cleaning: Cleaning) -> Book:
    """The book of the rows that can be true, each symbol's rows together.

    Args:
        raw: the numbers.
        origin: how messages name the source and count its rows.
        cleaning: whether rows that cannot be true are told or dropped.

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
    )
    good, counts = check_quotes(quotes, origin, cleaning.rows)
    rows: Any = slice(None)
    if order is not None:
        rows = order[good[order]]
    elif not good.all():
        rows = np.flatnonzero(good)
    kept = int(np.count_nonzero(good))
    return Book(
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
    )


def together(symbol: Codes) -> NDArray[np.int64] | None:
    """A stable order that brings each symbol's rows together; None when they are."""
    apart = np.count_nonzero(np.diff(symbol)) != len(np.unique(symbol)) - 1
    return np.argsort(symbol, kind="stable") if apart else None


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
