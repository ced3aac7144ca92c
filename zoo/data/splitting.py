"""Which rows train, validate and test, and which windows go at a cut so that no label looks across."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import collect, spans
from zoo.data.orderbook.book import Book
from zoo.data.recipe import Split
from zoo.data.windowing import group_runs
from zoo.errors import DataError

PARTS = ("train", "val", "test")
NAMES = {"train": "training", "val": "validation", "test": "test"}
NONE = -1


def assign_rows(book: Book, split: Split) -> NDArray[np.int8]:
    """(snapshot,) 0, 1 or 2 for train, val, test.

    ``time`` cuts each symbol's own rows in their order; ``session`` gives each symbol's whole sessions in
    their order; ``group`` gives whole symbols in order of appearance.

    Raises:
        DataError: ``data.split`` for a random split, or too few sessions or symbols for the parts wanted.
    """
    refuse_random(split)
    if split.by == "group":
        return assign_blocks(book.symbol, split, "symbols")
    parts = np.empty(len(book), np.int8)
    for start, stop in group_runs(len(book), book.symbol):
        if split.by == "session":
            own = [run for run in book.runs if start <= run[0] < stop]
            for (first, last), part in zip(own, _of_blocks(len(own), split, "sessions"), strict=True):
                parts[first:last] = part
        else:
            parts[start:stop] = cut_rows(stop - start, split)
    return parts


def refuse_random(split: Split) -> None:
    """Windows of rows in time are never split at random.

    Raises:
        DataError: ``data.split``.
    """
    if split.by == "random":
        raise DataError(
            "a random split of overlapping windows puts almost the same window into training and test",
            help="use `split: {by: time}`, or `by: session` with several sessions",
            code="data.split",
        )


def cut_rows(rows: int, split: Split) -> NDArray[np.int8]:
    """(row,) 0, 1 or 2 by the shares of the split, in order."""
    # A share such as 0.7 + 0.15 + 0.15 is 0.99…: rounding to whole rows must not leave the last row out.
    first, second = round(rows * split.train), round(rows * (split.train + split.val))
    last = min(rows, round(rows * (split.train + split.val + split.test)))
    parts = np.full(rows, NONE, np.int8)
    parts[:first], parts[first:second], parts[second:last] = 0, 1, 2
    return parts


def assign_blocks(codes: NDArray[np.integer], split: Split, what: str) -> NDArray[np.int8]:
    """(row,) part of each row when whole sessions or symbols are handed out, one or more to each part."""
    of_block = _of_blocks(int(codes.max()) + 1, split, what)
    return collect((of_block[codes[rows]] for rows in spans(len(codes))), np.int8)


def _of_blocks(count: int, split: Split, what: str) -> NDArray[np.int8]:
    """(session,) or (symbol,) the part of each."""
    wanted = [number for number, share in enumerate((split.train, split.val, split.test)) if share > 0]
    if count < len(wanted):
        raise DataError(
            f"splitting by whole {what} into {len(wanted)} parts needs at least {len(wanted)} {what}; "
            f"the data has {count}",
            help="use `split: {by: time}`",
            code="data.split",
        )
    of_block = cut_rows(count, split)
    for number in wanted:
        # With few blocks a small share rounds to none; the parts stay in order and each gets one.
        if not (of_block == number).any():
            return _spread_blocks(count, wanted)
    return of_block


def _spread_blocks(count: int, wanted: list[int]) -> NDArray[np.int8]:
    later = wanted[1:]
    blocks = [wanted[0]] * (count - len(later)) + later
    return np.array(blocks, np.int8)


def select_windows(
    ends: NDArray[np.int64],
    parts: NDArray[np.int8],
    runs: NDArray[np.int64],
    split: Split,
    *,
    length: int,
    horizon: int,
    folder: Path | None = None,
) -> dict[str, NDArray[np.int64]]:
    """The windows (numbers into ``ends``) of each part.

    ``auto`` drops every window whose label reads a row of another part. ``strict`` also drops windows that
    begin in another part. A number of rows purges that many before each cut, and must cover the horizon.
    ``embargo`` leaves out that many rows after each cut besides.

    Args:
        ends: (window,) last rows.
        parts: (row,) part of each row.
        runs: (row,) number of the unbroken session.
        length, horizon: rows in a window; rows its label looks ahead.
        folder: where the numbers are put, see ``collect``; None for memory.
    """
    if isinstance(split.purge, int) and split.purge < horizon:
        raise DataError(
            f"`data.split.purge` is {split.purge} rows, shorter than the label's horizon of {horizon}: "
            "training windows would read rows of the next part",
            help=f"use `purge: auto`, or {horizon} and more",
            code="data.purge",
        )
    reach = max(horizon, split.purge) if isinstance(split.purge, int) else horizon
    stretches = _Stretches(parts, runs)

    def chosen(some: slice, number: int) -> NDArray[np.int64]:
        rows = ends[some]
        first, right = stretches.around(rows)
        keep = (right > reach) & (parts[rows] == number)
        if split.purge == "strict":
            keep &= rows - length + 1 >= first
        keep &= ~stretches.under_embargo(rows, split.embargo)
        return np.asarray(np.flatnonzero(keep) + some.start)

    return {
        name: collect((chosen(some, number) for some in spans(len(ends))), np.int64, folder)
        for number, name in enumerate(PARTS)
    }


def check_parts(chosen: Mapping[str, NDArray[np.int64]], split: Split, rows: int, unit: str) -> None:
    """Every part that was asked for has a window.

    Raises:
        DataError: ``data.short``.
    """
    for name, share in (("train", split.train), ("val", split.val), ("test", split.test)):
        if share > 0 and len(chosen[name]) == 0:
            raise DataError(
                f"the {NAMES[name]} part holds no window: {share:.0%} of {rows:,} {unit}, "
                "less the rows purged before the next part",
                help=f"give more data, a larger `data.split.{name}`, or a shorter horizon",
                code="data.short",
            )


def label_stays_inside(
    parts: NDArray[np.int8], runs: NDArray[np.int64], horizon: int, folder: Path | None = None
) -> NDArray[np.bool_]:
    """(row,) whether the next ``horizon`` rows of the row's session belong to its own part."""
    stretches = _Stretches(parts, runs)
    inside = (stretches.around(np.arange(rows.start, rows.stop))[1] > horizon for rows in spans(len(parts)))
    return collect(inside, bool, folder)


def under_embargo(parts: NDArray[np.int8], runs: NDArray[np.int64], embargo: int) -> NDArray[np.bool_]:
    """(row,) whether a row is one of the first after a cut, which the embargo leaves out."""
    stretches = _Stretches(parts, runs)
    under = (stretches.under_embargo(np.arange(rows.start, rows.stop), embargo) for rows in spans(len(parts)))
    return collect(under, bool)


class _Stretches:
    """Unbroken rows of one part in one session: a cut lies between two of a session."""

    def __init__(self, parts: NDArray[np.int8], runs: NDArray[np.int64]) -> None:
        self._rows = len(parts)
        found: list[tuple[int, int, bool, bool]] = []
        for start, stop in group_runs(len(parts), runs):
            for first, last in group_runs(stop - start, parts[start:stop]):
                found.append((start + first, start + last, first > 0, start + last < stop))
        self._first, self._stop, opens, closes = np.array(found, np.int64).reshape(-1, 4).T
        self._opens, self._closes = opens.astype(bool), closes.astype(bool)

    def _place(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(self._first, rows, side="right") - 1

    def around(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(row,) each: where its stretch began; rows until the next cut (a session's end is none)."""
        place = self._place(rows)
        right = np.where(self._closes[place], self._stop[place] - rows, self._rows)
        return self._first[place], right

    def under_embargo(self, rows: NDArray[np.int64], embargo: int) -> NDArray[np.bool_]:
        """(row,) whether a row is one of the first ``embargo`` after a cut."""
        place = self._place(rows)
        return np.asarray(self._opens[place] & (rows - self._first[place] < embargo))
