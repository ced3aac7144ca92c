"""Walk-forward folds: train on the past, predict the next samples, go on; nothing trained on reaches ahead.

All of it is arithmetic on a clock: every row of the data has a tick, and a sample is known by the first tick
that its window reads, the tick at which it is predicted, and the last tick that its window or its label
reads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoo.data.windowing import group_runs
from zoo.errors import DataError

Ticks = NDArray[np.int64]
WINDOWS = ("anchored", "sliding")


@dataclass(frozen=True, eq=False)
class Spans:
    """Where samples lie on the data's clock.

    Args:
        rows: (sample,) row that the window ends at.
        start: (sample,) tick of the first row that the window reads.
        now: (sample,) tick of the row it ends at: what a prediction may know ends here.
        last: (sample,) tick of the last row that the window, or its label, reads.
        ticks: (row,) tick of each row of the data; rows of one time have one tick.
    """

    rows: NDArray[np.int64]
    start: Ticks
    now: Ticks
    last: Ticks
    ticks: Ticks

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class Fold:
    """One step of a walk.

    Args:
        train: numbers of the samples to train on, in time order.
        test: numbers of those to predict, in time order.
        purged: numbers of those that would be trained on, if their label, or their window, did not reach
            into what is predicted.
        begin, cut: rows with ticks from ``begin`` to below ``cut`` are the training part: scalers and
            thresholds are fitted on them.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    purged: NDArray[np.int64]
    begin: int
    cut: int


def spans_of(
    ends: NDArray[np.int64], ticks: Ticks, runs: NDArray[np.int64], *, past: int, ahead: int
) -> Spans:
    """The spans of windows.

    Args:
        ends: (window,) row each ends at.
        ticks: (row,) places on the clock.
        runs: (row,) number of the unbroken session of one symbol that a row belongs to.
        past: rows a window reads, its last one included.
        ahead: rows after its last one that a window or its label reads; no label leaves its session.
    """
    stops = np.empty(len(ticks), np.int64)
    for start, stop in group_runs(len(ticks), runs):
        stops[start:stop] = stop - 1
    last = np.minimum(ends + ahead, stops[ends])
    return Spans(ends, ticks[ends - past + 1], ticks[ends], ticks[last], ticks)


def ticks_of(time: NDArray[np.generic] | None, series: int, rows: int, what: str) -> Ticks:
    """(row,) place of each row on the data's clock.

    Args:
        time: (row,) of each row, or None.
        series: how many series lie one after the other in the rows; those of one are in time order.
        rows: how many there are.
        what: the data, for messages.

    Raises:
        DataError: ``data.split``: several series, and no time says how their rows lie beside each other.
    """
    if series < 2:
        return np.arange(rows)
    if time is None:
        raise DataError(
            f"{what} holds {series} series and no times: nothing says which rows of one come before those of "
            "another",
            help="give a column of times, or one series at a time",
            code="data.split",
        )
    return np.asarray(np.unique(time, return_inverse=True)[1], np.int64)


def walk_folds(
    spans: Spans,
    *,
    first: int,
    step: int,
    window: str = "anchored",
    purge: int | str = "auto",
    embargo: int = 0,
) -> list[Fold]:
    """The steps of a walk over samples in the order of their time.

    Step ``k`` predicts the samples ``first + k·step`` and the following ones, ``step`` of them; it is trained
    on all before them (``anchored``) or on the last ``first`` before them (``sliding``), less those purged:

    * ``auto``: a label, or what a window reads ahead, may not reach the tick of the first prediction;
    * ``strict``: nor the first row of a window that is predicted;
    * a number of rows: that many lie between a training sample and the first prediction, at least.

    ``embargo`` leaves out that many rows more.

    Raises:
        DataError: ``data.walk``: no sample to train on, or none to predict.
    """
    samples = len(spans)
    order = np.argsort(spans.now, kind="stable")
    if not 0 < first < samples:
        raise DataError(
            f"a walk over {samples:,} windows cannot begin after {first:,} of them",
            help=f"let `first` be from 1 to {max(1, samples - 1):,}, or give more data",
            code="data.walk",
        )
    reads = np.maximum(spans.last, spans.now + purge) if isinstance(purge, int) else spans.last
    folds: list[Fold] = []
    for place in range(first, samples, step):
        test = order[place : place + step]
        cut = int((spans.start if purge == "strict" else spans.now)[test].min()) - embargo
        known = order[place - first if window == "sliding" else 0 : place]
        inside = reads[known] < cut
        train = known[inside]
        if len(train) == 0:
            raise DataError(
                f"step {len(folds) + 1} of the walk has no window to train on: what it predicts is read by "
                + ("the label" if len(known) == 1 else f"the labels of all {len(known):,}")
                + " before it",
                help="let `first` be larger, or shorten the horizon, the purge or the embargo",
                code="data.walk",
            )
        folds.append(Fold(train, test, known[~inside], int(spans.start[train].min()), cut))
    return folds
