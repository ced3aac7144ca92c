"""Fewer snapshots: every nth, or the last of each interval of time."""

from __future__ import annotations

import numpy as np

from zoo.data.orderbook.book import Book
from zoo.data.windowing import group_runs
from zoo.errors import DataError


def sample_book(book: Book, by: str, every: float) -> Book:
    """The book with fewer rows; sessions and symbols stay apart.

    Args:
        by: ``event`` keeps the first and then every ``every``-th snapshot of a session; ``time`` keeps the
            last snapshot of each interval.
        every: snapshots, or seconds.

    Raises:
        DataError: ``data.sample`` when ``every`` is no whole number of events, or the data has no clock.
    """
    if by == "time":
        return _by_time(book, every)
    if every != int(every):
        raise DataError(
            f"`data.sample.every` is a whole number of events; received {every:g}",
            help="give a whole number, or `by: time` for seconds",
            code="data.sample",
        )
    if every == 1:
        return book
    runs = group_runs(len(book), book.groups)
    kept = [np.arange(start, stop, int(every)) for start, stop in runs]
    return book.take(np.concatenate(kept) if kept else slice(0))


def _by_time(book: Book, seconds: float) -> Book:
    if not book.timed:
        raise DataError(
            f"`data.sample.by` is `time`, but {book.name} has no `time_ns` column",
            help="use `by: event`, or give the data a `time_ns` column",
            code="data.sample",
        )
    interval = book.time // max(1, round(seconds * 1e9))
    last = np.ones(len(book), bool)
    last[:-1] = (interval[1:] != interval[:-1]) | (np.diff(book.groups) != 0)
    return book.take(np.flatnonzero(last).astype(np.int64))
