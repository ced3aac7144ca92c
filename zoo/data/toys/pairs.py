"""A cointegrated pair: two prices that pull each other back, and the intercept between them.

dX = N(0, 1) + delta · (Y - X), then dY = N(0, 1) + sigma · (X - Y), both scaled to [-1, 1] over the series.
The intercept of a row is X - slope · Y there, with slope from a line Y = slope · X + b through the window of
rows that ends there.

Source: the LSTM tutorial (ARCHITECTURES.md, section B). Its printed targets, 0.16383707 and 0.17428863 for
rows 15 and 16, are those of a line through each window of 15 rows; a line through the whole series gives
others. Known deviations: rows before the first full window take the rows there are, the first takes slope 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from zoo.data.toys.toy import Option

SAMPLES = 61
OPTIONS: Mapping[str, Option] = {
    "delta": Option(0.9, 0.0, 2.0),
    "sigma": Option(0.1, 0.0, 2.0),
    "lookback": Option(15, 2, 10_000, whole=True),
}


def make(
    rng: np.random.Generator,
    samples: int,
    columns: Sequence[str],
    *,
    delta: float,
    sigma: float,
    lookback: float,
) -> pd.DataFrame:
    """Columns time (a number), x, y, intercept."""
    x, y = np.zeros(samples), np.zeros(samples)
    noise = rng.standard_normal((samples, 2))
    for row in range(1, samples):
        x[row] = x[row - 1] + noise[row, 0] + delta * (y[row - 1] - x[row - 1])
        y[row] = y[row - 1] + noise[row, 1] + sigma * (x[row] - y[row - 1])
    x, y = _scaled(x), _scaled(y)
    return pd.DataFrame(
        {"time": np.arange(samples), "x": x, "y": y, "intercept": intercepts(x, y, int(lookback))}
    )


def intercepts(x: NDArray[np.float64], y: NDArray[np.float64], lookback: int) -> NDArray[np.float64]:
    """(row,) X - slope · Y, slope from ``polyfit(X, Y, 1)`` over the ``lookback`` rows that end there."""
    found = np.empty(len(x))
    for row in range(len(x)):
        window = slice(max(0, row + 1 - lookback), row + 1)
        part = x[window]
        slope = np.polyfit(part, y[window], 1)[0] if len(part) > 1 and np.ptp(part) > 0 else 1.0
        found[row] = x[row] - slope * y[row]
    return found


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    width = float(np.ptp(values)) or 1.0
    return np.asarray(2.0 * (values - values.min()) / width - 1.0)
