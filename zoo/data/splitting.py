"""Which rows train, validate and test, and which windows go at a cut so that no label looks across."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

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
            runs = book.groups[start:stop]
            parts[start:stop] = assign_blocks(runs - runs[0], split, "sessions")
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
    count = int(codes.max()) + 1
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
            of_block = _spread_blocks(count, wanted)
            break
    return np.asarray(of_block[codes])


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
    """
    if isinstance(split.purge, int) and split.purge < horizon:
        raise DataError(
            f"`data.split.purge` is {split.purge} rows, shorter than the label's horizon of {horizon}: "
            "training windows would read rows of the next part",
            help=f"use `purge: auto`, or {horizon} and more",
            code="data.purge",
        )
    reach = max(horizon, split.purge) if isinstance(split.purge, int) else horizon
    left, right = _distance_to_cuts(parts, runs)
    keep = right[ends] > reach
    began_before = ends - left[ends]  # the first row of the stretch of one part in one session
    if split.purge == "strict":
        keep &= ends - length + 1 >= began_before
    keep &= ~under_embargo(parts, runs, split.embargo)[ends]
    return {
        name: np.flatnonzero(keep & (parts[ends] == number)).astype(np.int64)
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


def label_stays_inside(parts: NDArray[np.int8], runs: NDArray[np.int64], horizon: int) -> NDArray[np.bool_]:
    """(row,) whether the next ``horizon`` rows of the row's session belong to its own part."""
    return _distance_to_cuts(parts, runs)[1] > horizon


def under_embargo(parts: NDArray[np.int8], runs: NDArray[np.int64], embargo: int) -> NDArray[np.bool_]:
    """(row,) whether a row is one of the first after a cut, which the embargo leaves out."""
    return _opens_after_cut(parts, runs) & (_distance_to_cuts(parts, runs)[0] < embargo)


def _distance_to_cuts(
    parts: NDArray[np.int8], runs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # Rows since the stretch began; rows until another part of the same session begins (its end is no cut).
    rows = len(parts)
    left, right = np.empty(rows, np.int64), np.empty(rows, np.int64)
    for start, stop in group_runs(rows, runs):
        for first, last in group_runs(stop - start, parts[start:stop]):
            span = np.arange(last - first)
            left[start + first : start + last] = span
            at_end = start + last == stop
            right[start + first : start + last] = rows if at_end else len(span) - span
    return left, right


def _opens_after_cut(parts: NDArray[np.int8], runs: NDArray[np.int64]) -> NDArray[np.bool_]:
    opens = np.zeros(len(parts), bool)
    for start, stop in group_runs(len(parts), runs):
        stretches = group_runs(stop - start, parts[start:stop])
        for first, last in stretches[1:]:
            opens[start + first : start + last] = True
    return opens
