"""Wide pandas frames to books and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from zoo.data.checking import Origin
from zoo.data.files import SURPLUS
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.checks import Quotes, check_quotes
from zoo.data.orderbook.columns import SESSION, SYMBOL, TIME, find_levels, level_columns
from zoo.errors import DataError

Codes = NDArray[np.int32]


def from_frame(frame: pd.DataFrame, *, clean: str, name: str) -> Book:
    """See ``Book.from_frame``."""
    names = [str(column) for column in frame.columns]
    levels = find_levels(names, None, name)
    return assemble(frame.set_axis(names, axis=1), levels, Origin(name, "row", 1), clean)


def assemble(frame: pd.DataFrame, levels: int, origin: Origin, clean: str) -> Book:
    """A checked book of a frame that has the columns of ``levels`` levels.

    Args:
        origin: how messages name the source and count its rows.
        clean: ``error`` or ``drop``.
    """
    if clean not in ("error", "drop"):
        raise DataError(
            f"`clean` is 'error' or 'drop'; received {clean!r}", help="use clean='drop'", code="data.clean"
        )
    if len(frame) == 0:
        raise DataError(f"{origin.name} has no rows", help="give at least one snapshot", code="data.empty")
    block, unreadable = _numbers(frame, levels)
    time = _times(frame, unreadable)
    session, sessions = _codes(frame, SESSION)
    symbol, symbols = _codes(frame, SYMBOL)
    fields: dict[str, Any] = {field: block[:, place :: len(FIELDS)] for place, field in enumerate(FIELDS)}
    order, run = _runs(session, symbol)
    surplus = frame[SURPLUS].notna().to_numpy() if SURPLUS in frame else np.zeros(len(frame), bool)
    quotes = Quotes(
        time=time,
        **fields,
        run=run,
        unreadable=unreadable,
        surplus=surplus,
        cell=lambda row, column: frame[column].iloc[row],
    )
    good, counts = check_quotes(quotes, origin, clean)
    rows: Any = slice(None)
    if order is not None:
        rows = order[good[order]]
    elif not good.all():
        rows = np.flatnonzero(good)
    kept = int(np.count_nonzero(good))
    return Book(
        time=np.arange(kept, dtype=np.int64) if time is None else time[rows],
        **{field: values[rows] for field, values in fields.items()},
        session=session[rows],
        symbol=symbol[rows],
        name=origin.name,
        counts={"rows": len(good), **counts},
        timed=time is not None,
        sessions=sessions,
        symbols=symbols,
    )


def to_frame(book: Book) -> pd.DataFrame:
    """See ``Book.to_frame``."""
    columns: dict[str, Any] = {TIME: book.time} if book.timed else {}
    for level in range(book.levels):
        for field in FIELDS:
            columns[f"{field}_{level + 1}"] = getattr(book, field)[:, level]
    if len(book.sessions) > 1:
        columns[SESSION] = np.array(book.sessions, object)[book.session]
    if len(book.symbols) > 1:
        columns[SYMBOL] = np.array(book.symbols, object)[book.symbol]
    return pd.DataFrame(columns)


def _numbers(frame: pd.DataFrame, levels: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    # One block for all levels; the fields are strided views of it, so that a long book is held once.
    names = level_columns(levels)
    block = np.empty((len(frame), len(names)))
    unreadable = np.zeros(len(frame), bool)
    for place, name in enumerate(names):
        column = frame[name]
        if column.dtype.kind not in "fiu":
            column = pd.to_numeric(column, errors="coerce")
        block[:, place] = column.to_numpy(dtype=np.float64, na_value=np.nan)
        unreadable |= ~np.isfinite(block[:, place])
    return block, unreadable


def _times(frame: pd.DataFrame, unreadable: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    if TIME not in frame.columns:
        return None
    column = frame[TIME]
    if column.dtype.kind in "iu":
        return np.asarray(column.to_numpy(dtype=np.int64))
    if column.dtype.kind == "M":
        unreadable |= column.isna().to_numpy()
        return np.asarray(column.to_numpy(dtype="datetime64[ns]").astype(np.int64))
    return _parsed_times(column, unreadable)


def _parsed_times(column: Any, unreadable: NDArray[np.bool_]) -> NDArray[np.int64]:
    # Nanoseconds need all 64 bits: a whole number must never pass through a float.
    times = np.zeros(len(column), np.int64)
    for row, value in enumerate(column):
        whole = _whole(value)
        if whole is None:
            unreadable[row] = True
        else:
            times[row] = whole
    return times


def _whole(value: Any) -> int | None:
    # R has no 64-bit integers and writes 1.72316e+18; 1.5 nanoseconds are a mistake all the same.
    try:
        exact = Decimal(value.strip()) if isinstance(value, str) else Decimal(int(value))
        fits = abs(exact) < 2**63 and exact == exact.to_integral_value()
        return int(exact) if fits and (isinstance(value, str) or exact == value) else None
    except (TypeError, ValueError, ArithmeticError):
        return None


def _codes(frame: pd.DataFrame, name: str) -> tuple[Codes, tuple[str, ...]]:
    if name not in frame.columns:
        return np.zeros(len(frame), np.int32), ("",)
    codes, labels = pd.factorize(frame[name], use_na_sentinel=False)
    return codes.astype(np.int32), tuple(str(label) for label in labels)


def _runs(session: Codes, symbol: Codes) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
    """A stable order that brings each symbol's rows together (None when they are), and each row's run."""
    together = np.count_nonzero(np.diff(symbol)) == int(symbol.max())
    order = None if together else np.argsort(symbol, kind="stable")
    a, b = (session, symbol) if order is None else (session[order], symbol[order])
    runs = np.concatenate(([0], np.cumsum((np.diff(a) != 0) | (np.diff(b) != 0))))
    if order is None:
        return None, runs
    of_row = np.empty_like(runs)
    of_row[order] = runs
    return order, of_row
