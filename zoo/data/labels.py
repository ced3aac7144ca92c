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

import numpy as np
from numpy.typing import NDArray

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
) -> FloatArray:
    """(snapshot,) l, a relative change of the mid; NaN where a session has not enough rows after or before.

    Args:
        mid: (snapshot,) mid prices.
        horizon: snapshots looked ahead; row t's label reads rows up to t + horizon, all of its own group.
        kind: ``forward``, ``two_sided`` or ``return``.
        smooth: length of both means, in snapshots; the horizon when None. m⁺ covers
            t+horizon-smooth+1…t+horizon.
        groups: (snapshot,) run of the session and symbol.
    """
    length = 1 if kind == "return" else (smooth or horizon)
    values = np.full(len(mid), np.nan)
    for start, stop in group_runs(len(mid), groups):
        part = mid[start:stop]
        rows = len(part)
        if rows <= horizon:
            continue
        means = running_mean(part, length)
        now = np.arange(rows - horizon)
        if kind == "two_sided":
            base = means[: rows - horizon].copy()
            base[: length - 1] = np.nan
        else:
            base = part[: rows - horizon]
        values[start : stop - horizon] = means[now + horizon] / base - 1.0
    return values


def persistence_values(mid: FloatArray, length: int, groups: NDArray[np.int64]) -> FloatArray:
    """(snapshot,) the mid now against the mean of the last ``length`` mids, of fewer at a session's start."""
    values = np.empty(len(mid))
    for start, stop in group_runs(len(mid), groups):
        part = mid[start:stop]
        values[start:stop] = part / running_mean(part, length) - 1.0
    return values


def mid_stays_values(mid: FloatArray, length: int, *, kind: str, groups: NDArray[np.int64]) -> FloatArray:
    """(snapshot,) l if no mid after now moved: 0, or for ``two_sided`` the mid now against its own past."""
    return persistence_values(mid, length, groups) if kind == "two_sided" else np.zeros(len(mid))


def running_mean(values: FloatArray, length: int) -> FloatArray:
    """Mean of each value and the ``length - 1`` before it, of fewer at the start.

    Sums are taken of differences from the first value, so that a price that does not move has a mean that is
    exactly that price and not a rounding error away, which would become a direction.
    """
    base = values[0]
    total = np.cumsum(values - base)
    total[length:] = total[length:] - total[:-length]
    count = np.minimum(np.arange(1, len(values) + 1), length)
    mean: FloatArray = total / count + base
    return mean


def fit_threshold(values: FloatArray, rule: float | str, *, spread: FloatArray, mid: FloatArray) -> float:
    """α from the training rows.

    Args:
        values: (row,) labels of the training rows whose horizon ends inside the training part.
        rule: a number; ``half_mean_abs`` (mean |l| / 2); ``balanced`` (a third of the rows stationary);
            ``spread`` (mean spread / mid).
        spread, mid: (row,) of the training rows.

    Raises:
        DataError: ``data.label`` when no row has a label or the mid never moves.
    """
    known = np.abs(values[np.isfinite(values)])
    if len(known) == 0:
        raise DataError(
            "no row of the training part has a label: the sessions are shorter than the label's horizon",
            help="give more data or a shorter `data.label.horizon`",
            code="data.label",
        )
    if not known.any():
        raise DataError(
            f"the mid price never moves in the {len(known):,} training rows that have a label, "
            "so there is nothing to predict",
            help="give data in which the price moves, or a longer `data.label.horizon`",
            code="data.label",
        )
    if not isinstance(rule, str):
        return float(rule)
    if rule == "half_mean_abs":
        return float(known.mean() / 2.0)
    if rule == "balanced":
        return float(np.quantile(known, 1.0 / 3.0))
    return float(np.mean(spread / mid))


def classify(values: FloatArray, threshold: float) -> NDArray[np.int64]:
    """0 below -threshold, 2 above threshold, 1 between (and where the value is NaN)."""
    return 1 + (values > threshold).astype(np.int64) - (values < -threshold).astype(np.int64)
