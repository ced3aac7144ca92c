r"""Mid-price labels: where the mid goes in the next ``horizon`` snapshots.

With p the mid now, m⁺ the mean of the next k mids and m⁻ the mean of the last k (now included):

    forward    l = (m⁺ - p) / p
    two_sided  l = (m⁺ - m⁻) / m⁻      contains the past: persistence alone scores high on it
    return     l = (p[t+h] - p) / p

A class is 0 (down) where l < -α, 2 (up) where l > α, else 1 (stationary).

Source: Ntakaris et al., FI-2010 (2018), equation 1; Zhang, Zohren, Roberts, DeepLOB (2019), equations 3 and
4; Berti and Kasneci, TLOB (2025), for a smoothing length apart from the horizon.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import by_blocks, collect, spans
from zoo.data.windowing import group_runs
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
LEVELS = ("down", "stationary", "up")


def label_values(
    mid: FloatArray,
    horizon: int,
    *,
    kind: str = "forward",
    smooth: int | None = None,
    groups: NDArray[np.int64],
    folder: Path | None = None,
) -> FloatArray:
    """(snapshot,) l, a relative change of the mid; NaN where a session has not enough rows after or before.

    Args:
        mid: (snapshot,) mid prices.
        horizon: snapshots looked ahead; row t's label reads rows up to t + horizon, all of its own group.
        kind: ``forward``, ``two_sided`` or ``return``.
        smooth: length of both means, in snapshots; the horizon when None. m⁺ covers
            t+horizon-smooth+1…t+horizon.
        groups: (snapshot,) run of the session and symbol.
        folder: where the numbers are put, see ``collect``; None for memory.
    """
    length = 1 if kind == "return" else (smooth or horizon)

    def blocks() -> Iterator[FloatArray]:
        for start, stop in group_runs(len(mid), groups):
            part, known = mid[start:stop], max(0, stop - start - horizon)
            means = RunningMean(part, length, folder)
            for rows in spans(known):
                base = part[rows]
                if kind == "two_sided":
                    base = means[rows]
                    base[: max(0, length - 1 - rows.start)] = np.nan
                yield means[rows.start + horizon : rows.stop + horizon] / base - 1.0
            yield np.full(len(part) - known, np.nan)

    return collect(blocks(), np.float64, folder)


def persistence_values(
    mid: FloatArray, length: int, groups: NDArray[np.int64], folder: Path | None = None
) -> FloatArray:
    """(snapshot,) the mid now against the mean of the last ``length`` mids, of fewer at a session's start."""

    def blocks() -> Iterator[FloatArray]:
        for start, stop in group_runs(len(mid), groups):
            part = mid[start:stop]
            means = RunningMean(part, length, folder)
            yield from (part[rows] / means[rows] - 1.0 for rows in spans(len(part)))

    return collect(blocks(), np.float64, folder)


def mid_stays_values(
    mid: FloatArray, length: int, *, kind: str, groups: NDArray[np.int64], folder: Path | None = None
) -> FloatArray:
    """(snapshot,) l if no mid after now moved: 0, or for ``two_sided`` the mid now against its own past."""
    if kind == "two_sided":
        return persistence_values(mid, length, groups, folder)
    return by_blocks(np.zeros_like, mid, dtype=np.float64, folder=folder)


def running_mean(values: FloatArray, length: int) -> FloatArray:
    """Mean of each value and the ``length - 1`` before it, of fewer at the start."""
    return RunningMean(values, length)[0 : len(values)]


class RunningMean:
    """Mean of each value and the ``length - 1`` before it, of fewer at the start: ``means[slice]``.

    Sums are taken of differences from the first value, so that a price that does not move has a mean that is
    exactly that price and not a rounding error away, which would become a direction.
    """

    def __init__(self, values: FloatArray, length: int, folder: Path | None = None) -> None:
        self._base = values[0]
        self._length = length
        # A file for each of many short sessions would cost more than their sums.
        few = next(spans(len(values))).stop == len(values)
        self._total = collect(self._sums(values), np.float64, None if few else folder)

    def _sums(self, values: FloatArray) -> Iterator[FloatArray]:
        before = np.zeros(0)
        for rows in spans(len(values)):
            # What came before is the first term of the sum: the same roundings as of one sum over all.
            total = np.cumsum(np.concatenate((before, values[rows] - self._base)))[len(before) :]
            before = total[-1:]
            yield total

    def __getitem__(self, rows: slice) -> FloatArray:
        total = np.array(self._total[rows])
        late = max(self._length, rows.start)
        if late < rows.stop:
            total[late - rows.start :] -= self._total[late - self._length : rows.stop - self._length]
        count = np.minimum(np.arange(rows.start + 1, rows.stop + 1), self._length)
        return np.asarray(total / count + self._base)


def fit_threshold(values: FloatArray, rule: float | str, *, spread: FloatArray, mid: FloatArray) -> float:
    """α from the training rows.

    Args:
        values: (row,) labels of the training rows whose horizon ends inside the training part; NaN where
            there is none.
        rule: a number; ``half_mean_abs`` (mean |l| / 2); ``balanced`` (a third of the rows stationary);
            ``spread`` (mean spread / mid).
        spread, mid: (row,) of the training rows.

    Raises:
        DataError: ``data.label`` when no row has a label or the mid never moves.
    """
    count, total = 0, 0.0
    for rows in spans(len(values)):
        known = np.abs(values[rows][np.isfinite(values[rows])])
        count, total = count + len(known), total + float(known.sum())
    if count == 0:
        raise DataError(
            "no row of the training part has a label: the sessions are shorter than the label's horizon",
            help="give more data or a shorter `data.label.horizon`",
            code="data.label",
        )
    if not total:
        raise DataError(
            f"the mid price never moves in the {count:,} training rows that have a label, "
            "so there is nothing to predict",
            help="give data in which the price moves, or a longer `data.label.horizon`",
            code="data.label",
        )
    if not isinstance(rule, str):
        return float(rule)
    if rule == "half_mean_abs":
        return total / count / 2.0
    if rule == "balanced":
        return float(np.quantile(np.abs(values[np.isfinite(values)]), 1.0 / 3.0))
    return float(np.mean(spread / mid))


def classify(values: FloatArray, threshold: float) -> NDArray[np.int64]:
    """0 below -threshold, 2 above threshold, 1 between (and where the value is NaN)."""
    return 1 + (values > threshold).astype(np.int64) - (values < -threshold).astype(np.int64)
