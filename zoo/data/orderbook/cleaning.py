"""What is done with rows that cannot be, or that nobody wants: ``data.clean``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Mask
from zoo.data.orderbook.book import Book
from zoo.errors import DataError

ROWS = ("error", "drop")
DUPLICATES = ("keep", "last")
KEYS = ("rows", "duplicates", "opening", "closing")
_MINUTE = 60_000_000_000
_HELP = "write for example `clean: {rows: drop, opening: 10, closing: 10}`, minutes of each session"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """A checked ``clean``.

    Args:
        rows: ``error`` tells every row that cannot be true, ``drop`` leaves such rows out.
        duplicates: ``last`` keeps, of several rows of one session with the same time, the last; ``keep`` all.
        opening, closing: minutes left out at each session's beginning and end.
    """

    rows: str = "error"
    duplicates: str = "keep"
    opening: float = 0.0
    closing: float = 0.0


def read_cleaning(value: Any, where: str = "clean") -> Cleaning:
    """What ``clean`` says: a word for ``rows``, or a map.

    ``drop`` leaves out what repeats a time as well, unless ``duplicates`` says otherwise.

    Args:
        value: a word, a map, or what this function returned.
        where: what messages call it.

    Raises:
        DataError: ``data.clean``.
    """
    if isinstance(value, Cleaning):
        return value
    said = {"rows": value} if isinstance(value, str) else value
    if not isinstance(said, Mapping) or not set(said) <= set(KEYS):
        raise _refuse(
            f"`{where}` is 'error', 'drop', or a map of {', '.join(KEYS)}; received {value!r}", where
        )
    rows = said.get("rows", "error")
    duplicates = said.get("duplicates", "last" if rows == "drop" else "keep")
    for word, choices, name in ((rows, ROWS, "rows"), (duplicates, DUPLICATES, "duplicates")):
        if word not in choices:
            shown = where if isinstance(value, str) else f"{where}.{name}"
            message = f"`{shown}` is {' or '.join(map(repr, choices))}; received {word!r}"
            raise _refuse(message, where, f"choose one of: {', '.join(choices)}")
    opening, closing = (_minutes(said.get(name, 0.0), f"{where}.{name}") for name in ("opening", "closing"))
    return Cleaning(rows, duplicates, opening, closing)


def trim_rows(book: Book, cleaning: Cleaning) -> tuple[Mask, dict[str, int]]:
    """(snapshot,) which rows stay: sessions without their edges, times that are not repeated; and counts.

    Raises:
        DataError: ``data.clean`` when minutes are asked of a book without a clock.
    """
    keep = np.ones(len(book), bool)
    counts: dict[str, int] = {}
    if not book.timed:
        if cleaning.opening or cleaning.closing:
            raise DataError(
                f"`clean` leaves out minutes of each session, but {book.name} has no clock",
                help="leave `opening` and `closing` out, or give the data a `time_ns` column",
                code="data.clean",
            )
        return keep, counts
    runs = book.runs
    repeated = _repeated(book, runs)
    if repeated.any() and cleaning.duplicates == "keep":
        counts["duplicate_times"] = int(repeated.sum())
    # One mask after another: a book on disk may have more rows than there is memory for all.
    reasons: dict[str, Callable[[], Mask]] = {
        "duplicate": lambda: repeated if cleaning.duplicates == "last" else np.zeros(len(book), bool),
        "opening": lambda: _edge(book, runs, cleaning.opening, opening=True),
        "closing": lambda: _edge(book, runs, cleaning.closing, opening=False),
    }
    for reason, find in reasons.items():
        rows = find()
        dropped = int(np.count_nonzero(rows & keep))
        if dropped:
            counts[f"dropped_{reason}"] = dropped
            keep &= ~rows
    return keep, counts


def trim(book: Book, cleaning: Cleaning) -> Book:
    """The rows of ``trim_rows``, with the counts told.

    Raises:
        DataError: ``data.clean``; ``data.empty`` when nothing is left.
    """
    keep, counts = trim_rows(book, cleaning)
    check_left(book, keep, counts)
    told = replace(book, counts={**book.counts, **counts})
    return told if keep.all() else told.take(np.flatnonzero(keep))


def check_left(book: Book, keep: Mask, counts: Mapping[str, int]) -> None:
    """Cleaning left a row.

    Raises:
        DataError: ``data.empty``.
    """
    if not keep.any():
        told = ", ".join(f"{name.removeprefix('dropped_')} {count:,}" for name, count in counts.items())
        raise DataError(
            f"{book.name} has no row left: all {len(keep):,} were dropped ({told})",
            help="leave out fewer opening and closing minutes, or give longer sessions",
            code="data.empty",
        )


def _minutes(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise _refuse(f"`{where}` is a number of minutes from 0; received {value!r}", where)
    return float(value)


def _refuse(message: str, where: str, help: str = _HELP) -> DataError:
    return DataError(message, help=help, code="data.recipe" if where.startswith("data.") else "data.clean")


def _repeated(book: Book, runs: list[tuple[int, int]]) -> Mask:
    """Rows that a later row of the same session and time replaces."""
    found = np.zeros(len(book), bool)
    found[:-1] = book.time[1:] == book.time[:-1]
    for _, stop in runs:
        found[stop - 1] = False
    return found


def _edge(book: Book, runs: list[tuple[int, int]], minutes: float, *, opening: bool) -> Mask:
    found = np.zeros(len(book), bool)
    width = round(minutes * _MINUTE)
    for start, stop in runs if width else ():
        time: NDArray[np.int64] = book.time[start:stop]
        found[start:stop] = time < time[0] + width if opening else time > time[-1] - width
    return found
