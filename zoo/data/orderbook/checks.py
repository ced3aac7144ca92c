"""What cannot be true of an order book, found row by row and told all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Check, Mask, Origin, check_rows, tell_cell
from zoo.data.orderbook.book import FIELDS
from zoo.data.orderbook.columns import TIME
from zoo.data.windowing import group_runs

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quotes:
    """The numbers of a book before anybody vouches for them; arrays as in ``Book``."""

    time: NDArray[np.int64] | None
    ask_price: FloatArray
    ask_size: FloatArray
    bid_price: FloatArray
    bid_size: FloatArray
    run: NDArray[np.int64]  # (row,) number of the session and symbol a row belongs to
    unreadable: Mask  # (row,) rows in which a cell is empty or no number
    surplus: Mask  # (row,) rows with more cells than the header
    empty: Mask  # (row,) rows in which a level holds no order
    halted: Mask  # (row,) rows while trading was halted
    cell: Callable[[int, str], object]  # what stands in a row of a column, as the source wrote it
    since: NDArray[np.int64] | None = None  # (row,) latest time of its run before the first row, or None


def check_quotes(quotes: Quotes, origin: Origin, clean: str) -> tuple[Mask, dict[str, int]]:
    """(snapshot,) which rows to keep, and how many were dropped for which reason; see ``check_rows``."""
    return check_rows(quotes, len(quotes.run), CHECKS, origin, clean)


def _surplus(quotes: Quotes, good: Mask) -> Mask:
    return quotes.surplus


def _tell_surplus(quotes: Quotes, row: int) -> str:
    return "more cells than the header names columns"


def _unreadable(quotes: Quotes, good: Mask) -> Mask:
    return quotes.unreadable


def _tell_unreadable(quotes: Quotes, row: int) -> str:
    for level in range(quotes.ask_price.shape[1]):
        for field in FIELDS:
            if not np.isfinite(getattr(quotes, field)[row, level]):
                return tell_cell(f"{field}_{level + 1}", quotes.cell(row, f"{field}_{level + 1}"), "a number")
    return tell_cell(TIME, quotes.cell(row, TIME), "a whole number of nanoseconds")


def _halted(quotes: Quotes, good: Mask) -> Mask:
    return quotes.halted


def _tell_halted(quotes: Quotes, row: int) -> str:
    return "trading was halted"


def _empty(quotes: Quotes, good: Mask) -> Mask:
    return quotes.empty


def _tell_empty(quotes: Quotes, row: int) -> str:
    asks, bids = np.isnan(quotes.ask_price[row]), np.isnan(quotes.bid_price[row])
    side, gone = ("ask", asks) if asks.any() else ("bid", bids)
    return f"no order at {side} level {int(np.argmax(gone)) + 1} of {len(gone)}"


def _bad_price(quotes: Quotes, good: Mask) -> Mask:
    return np.asarray((quotes.ask_price <= 0).any(axis=1) | (quotes.bid_price <= 0).any(axis=1))


def _tell_price(quotes: Quotes, row: int) -> str:
    return f"a price of {min(quotes.ask_price[row].min(), quotes.bid_price[row].min()):.10g}"


def _negative_size(quotes: Quotes, good: Mask) -> Mask:
    return np.asarray((quotes.ask_size < 0).any(axis=1) | (quotes.bid_size < 0).any(axis=1))


def _tell_size(quotes: Quotes, row: int) -> str:
    for name in ("ask_size", "bid_size"):
        sizes = getattr(quotes, name)[row]
        if (sizes < 0).any():
            level = int(np.argmax(sizes < 0))
            return f"`{name}_{level + 1}` is {sizes[level]:.10g}, below zero"
    raise AssertionError("called for a row without a negative size")


def _crossed(quotes: Quotes, good: Mask) -> Mask:
    return quotes.ask_price[:, 0] <= quotes.bid_price[:, 0]


def _tell_crossed(quotes: Quotes, row: int) -> str:
    ask, bid = quotes.ask_price[row, 0], quotes.bid_price[row, 0]
    word = "locked" if ask == bid else "crossed"
    return f"{word} quotes: the best ask {ask:.10g} is not above the best bid {bid:.10g}"


def _misordered(quotes: Quotes, good: Mask) -> Mask:
    found = np.zeros(len(good), bool)
    for level in range(1, quotes.ask_price.shape[1]):
        found |= quotes.ask_price[:, level] <= quotes.ask_price[:, level - 1]
        found |= quotes.bid_price[:, level] >= quotes.bid_price[:, level - 1]
    return found


def _tell_misordered(quotes: Quotes, row: int) -> str:
    ask, bid = quotes.ask_price[row], quotes.bid_price[row]
    for level in range(1, len(ask)):
        if ask[level] <= ask[level - 1]:
            return _pair("ask", ask, level, "above")
        if bid[level] >= bid[level - 1]:
            return _pair("bid", bid, level, "below")
    raise AssertionError("called for a row whose levels are in order")


def _pair(side: str, prices: FloatArray, level: int, word: str) -> str:
    return (
        f"misordered levels: `{side}_price_{level + 1}` {prices[level]:.10g} is not {word} "
        f"`{side}_price_{level}` {prices[level - 1]:.10g}"
    )


def _time_back(quotes: Quotes, good: Mask) -> Mask:
    found = np.zeros(len(good), bool)
    if quotes.time is None:
        return found
    # Against the latest time of the good rows before it in its own session, wherever in the file those stand.
    rows = np.flatnonzero(good)
    rows = rows[np.argsort(quotes.run[rows], kind="stable")]
    time, run = quotes.time[rows], quotes.run[rows]
    for start, stop in group_runs(len(rows), run):
        part = time[start:stop]
        latest = np.maximum.accumulate(part)
        if quotes.since is not None:
            latest = np.maximum(latest, quotes.since[rows[start]])
        found[rows[start:stop]] = part < latest
    return found


def _tell_time(quotes: Quotes, row: int) -> str:
    assert quotes.time is not None
    before = quotes.time[:row][quotes.run[:row] == quotes.run[row]].tolist()
    before += [] if quotes.since is None else [int(quotes.since[row])]
    return f"time goes backwards: `time_ns` {quotes.time[row]} after {max(before)}"


CHECKS = (
    Check("cells", _surplus, _tell_surplus, "mend or delete that line"),
    Check(
        "missing", _unreadable, _tell_unreadable, "fill the cell, or read fewer levels if the book is thin"
    ),
    Check("halted", _halted, _tell_halted, "nothing can be traded then: leave such rows out"),
    Check("empty", _empty, _tell_empty, "read fewer levels if the book is thin"),
    Check("price", _bad_price, _tell_price, "prices are above zero"),
    Check("negative_size", _negative_size, _tell_size, "sizes are zero or more"),
    Check("crossed", _crossed, _tell_crossed, "check which columns are asks and which bids"),
    Check(
        "levels", _misordered, _tell_misordered, "level 1 is the best price: asks rise, bids fall from there"
    ),
    Check(
        "time",
        _time_back,
        _tell_time,
        "sort the rows by time, or mark where a session begins in a `session` column",
    ),
)
