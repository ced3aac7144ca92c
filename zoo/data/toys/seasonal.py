"""Hourly series with a day, a week, a trend, lasting noise, and columns that follow each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from zoo.data.toys.numbered import highest
from zoo.data.toys.toy import Option

SAMPLES = 2000
OPTIONS: Mapping[str, Option] = {}
SERIES = 3
_DAY, _WEEK = 24, 168
_LAG, _FOLLOWS = 6, 0.4  # column k takes up column k - 1 of six hours before


def make(rng: np.random.Generator, samples: int, columns: Sequence[str]) -> pd.DataFrame:
    """Columns time, c1 … cN (as many as ``columns`` names), hour_sin, hour_cos, weekday_sin, weekday_cos."""
    count = highest("c", columns, SERIES)
    # The rule does not depend on the seed: sizes and phases are drawn apart from the noise.
    rule = np.random.default_rng(0).random((count, 4))
    day, week = 0.6 + 0.8 * rule[:, 0], 0.2 + 0.4 * rule[:, 1]
    phase, trend = 2 * np.pi * rule[:, 2], rule[:, 3] - 0.5
    hour = np.arange(samples)
    values = day * np.sin(2 * np.pi * hour[:, None] / _DAY + phase)
    values += week * np.sin(2 * np.pi * hour[:, None] / _WEEK + 2 * phase)
    values += trend * hour[:, None] / (52 * _WEEK)
    noise = 0.15 * rng.standard_normal((samples, count))
    for row in range(1, samples):
        noise[row] += 0.8 * noise[row - 1]
    values += noise
    for column in range(1, count):
        values[_LAG:, column] += _FOLLOWS * values[:-_LAG, column - 1]
    time = pd.date_range("2024-01-01", periods=samples, freq="h")
    frame = pd.DataFrame({f"c{number + 1}": values[:, number] for number in range(count)})
    frame.insert(0, "time", time)
    for name, part, of in (("hour", hour % _DAY, _DAY), ("weekday", hour // _DAY % 7, 7)):
        frame[f"{name}_sin"], frame[f"{name}_cos"] = (
            np.sin(2 * np.pi * part / of),
            np.cos(2 * np.pi * part / of),
        )
    return frame
