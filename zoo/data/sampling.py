"""Fewer snapshots: every nth, the last of each interval of time, or one for so much quoted volume."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zoo.data.order_flow import level_flow_imbalance, quoted_volume
from zoo.data.orderbook.book import Book
from zoo.data.windowing import group_runs
from zoo.errors import DataError

Rows = NDArray[np.int64]


def sample_book(book: Book, by: str, every: float, flow_levels: int = 0) -> Book:
    """The book with fewer rows; sessions and symbols stay apart.

    A snapshot file tells of quotes, not of trades: the volume that ``volume`` counts is that which orders at
    the best bid and ask added or took away (``quoted_volume``). Trades are part of it, as they take away.

    Args:
        by: ``event`` keeps the first and then every ``every``-th snapshot of a session; ``time`` keeps the
            last snapshot of each interval; ``volume`` keeps the first of a session and each one at which the
            volume since then reaches the next multiple of ``every``.
        every: snapshots, seconds, or volume in the data's lots or contracts.
        flow_levels: levels of which the order flow of the rows left out is added up (``Book.flow``).

    Raises:
        DataError: ``data.sample`` when ``every`` is no whole number of events, or the data has no clock.
    """
    if by == "event" and every == 1:
        return book
    kept = _CHOOSE[by](book, every)
    sampled = book.take(kept)
    if not flow_levels or len(kept) == len(book):
        return sampled
    return replace(sampled, flow=_summed_flow(book, kept, min(flow_levels, book.levels)))


def _by_event(book: Book, every: float) -> Rows:
    if every != int(every):
        raise DataError(
            f"`data.sample.every` is a whole number of events; received {every:g}",
            help="give a whole number, or `by: time` for seconds",
            code="data.sample",
        )
    runs = group_runs(len(book), book.groups)
    kept = [np.arange(start, stop, int(every), dtype=np.int64) for start, stop in runs]
    return np.concatenate(kept) if kept else np.zeros(0, np.int64)


def _by_time(book: Book, seconds: float) -> Rows:
    if not book.timed:
        raise DataError(
            f"`data.sample.by` is `time`, but {book.name} has no `time_ns` column",
            help="use `by: event`, or give the data a `time_ns` column",
            code="data.sample",
        )
    interval = book.time // max(1, round(seconds * 1e9))
    last = np.ones(len(book), bool)
    last[:-1] = (interval[1:] != interval[:-1]) | (np.diff(book.groups) != 0)
    return np.flatnonzero(last).astype(np.int64)


def _by_volume(book: Book, every: float) -> Rows:
    volume = quoted_volume(book)
    kept = []
    for start, stop in group_runs(len(book), book.groups):
        reached = np.cumsum(volume[start:stop]) // every
        kept.append(start + np.flatnonzero(np.diff(reached, prepend=-1.0) > 0))
    return np.concatenate(kept).astype(np.int64) if kept else np.zeros(0, np.int64)


def _summed_flow(book: Book, kept: Rows, levels: int) -> NDArray[np.float64]:
    """(kept snapshot, level) flow since the row kept before; a session begins at its own first row."""
    sums = np.empty((len(kept), levels))
    groups = book.groups[kept]
    begins = np.concatenate((np.ones(min(1, len(kept)), bool), groups[1:] != groups[:-1]))
    for level in range(levels):
        # Each session is summed by itself: what one holds must not round the next one's sums.
        flow = level_flow_imbalance(book, level)
        total = np.concatenate([np.cumsum(flow[a:b]) for a, b in group_runs(len(book), book.groups)])
        at = total[kept]
        sums[:, level] = np.where(begins, at, at - np.concatenate((at[:1], at[:-1])))
    return sums


_CHOOSE = {"event": _by_event, "time": _by_time, "volume": _by_volume}
