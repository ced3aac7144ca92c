"""Wide pandas frames to books and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from zoo.data.checking import Origin, not_truths, tell_cell
from zoo.data.files import SURPLUS
from zoo.data.orderbook.assembly import Latest, Raw, make_book
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.cleaning import Cleaning, read_cleaning, trim
from zoo.data.orderbook.columns import SESSION, SYMBOL, TIME, find_levels, level_columns
from zoo.errors import DataError

Codes = NDArray[np.int32]
# Of a frame's attributes: what a simulated book is called.
SIMULATED = "simulated"


def from_frame(frame: pd.DataFrame, *, clean: Any, name: str, columns: Sequence[str] = ()) -> Book:
    """See ``Book.from_frame``."""
    names = [str(column) for column in frame.columns]
    levels = find_levels(names, None, name, columns)
    cleaning = read_cleaning(clean)
    book = assemble(frame.set_axis(names, axis=1), levels, Origin(name, "row", 1), cleaning, columns)
    made = trim(book, cleaning)
    # What a book's own frame says of itself: a simulated book stays one on its way through a frame.
    told = frame.attrs.get(SIMULATED)
    return made if told is None else replace(made, name=str(told), simulated=True)


def assemble(
    frame: pd.DataFrame,
    levels: int,
    origin: Origin,
    cleaning: Cleaning,
    columns: Sequence[str] = (),
    latest: Latest | None = None,
) -> Book:
    """A checked book of a frame that has the columns of ``levels`` levels.

    Args:
        frame: of the source.
        levels: to take.
        origin: how messages name the source and count its rows.
        cleaning: whether rows that cannot be true are told or dropped.
        columns: further columns of numbers to keep; an empty cell of theirs is NaN.
        latest: where the frame is a piece of a longer one, the times of the pieces before.
    """
    block, unreadable = _numbers(frame, levels, origin)
    session, sessions = _codes(frame, SESSION)
    symbol, symbols = _codes(frame, SYMBOL)
    raw = Raw(
        block,
        _times(frame, unreadable),
        unreadable,
        cell=lambda row, column: frame[column].iloc[row],
        session=session,
        sessions=sessions,
        symbol=symbol,
        symbols=symbols,
        surplus=frame[SURPLUS].notna().to_numpy() if SURPLUS in frame else None,
        columns={name: _further(frame[name], name, origin) for name in columns},
    )
    return make_book(raw, origin, cleaning, latest)


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
    made = pd.DataFrame(columns)
    if book.simulated:
        made.attrs[SIMULATED] = book.name
    return made


def _numbers(
    frame: pd.DataFrame, levels: int, origin: Origin
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    # One block for all levels; the fields are strided views of it, so that a long book is held once.
    names = level_columns(levels)
    block = np.empty((len(frame), len(names)))
    unreadable = np.zeros(len(frame), bool)
    for place, name in enumerate(names):
        column = frame[name]
        if column.dtype.kind not in "fiu":
            column = pd.to_numeric(column, errors="coerce")
        if column.dtype.kind == "b":
            raise not_truths(name, f"{origin.name}: ")
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


def _further(column: Any, name: str, origin: Origin) -> NDArray[np.float64]:
    """A further column; a cell that is there and is no number is told, whatever ``clean`` says."""
    if column.dtype.kind in "fiub":
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = np.flatnonzero((numbers.isna() & column.notna()).to_numpy())
    if len(wrong):
        row = int(wrong[0])
        raise DataError(
            f"{origin.name}, {origin.of(row)}: {tell_cell(name, column.iloc[row], 'a number')}",
            help=f"write `{name}` as numbers: for classes 0 is down, 1 stationary, 2 up",
            code="data.columns",
        )
    return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
