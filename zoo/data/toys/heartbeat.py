"""A beating heart: a wave that repeats, and now and then a beat of another form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from zoo.data.toys.toy import Option

SAMPLES = 4000
OPTIONS: Mapping[str, Option] = {
    "period": Option(48, 8, 10_000, whole=True),
    "odd": Option(0.03, 0.0, 1.0),
    "noise": Option(0.03, 0.0, 10.0),
}
# Place, width and height of the waves of a beat, in shares of it.
_WAVES = ((0.2, 0.04, 0.25), (0.37, 0.015, -0.2), (0.4, 0.015, 1.0), (0.43, 0.015, -0.3), (0.65, 0.06, 0.4))


def make(
    rng: np.random.Generator, samples: int, columns: Sequence[str], *, period: float, odd: float, noise: float
) -> pd.DataFrame:
    """Columns time (a number), value, anomaly (1 in an odd beat); ``odd`` is the share of such beats."""
    length = int(period)
    place = np.arange(length) / length
    beat = sum(height * np.exp(-((place - at) ** 2) / (2 * width**2)) for at, width, height in _WAVES)
    beats = -(-samples // length)
    flags = rng.random(beats) < odd
    # An odd beat is wide, upside down and early, as an extra beat of the ventricles is.
    other = -0.8 * np.exp(-((place - 0.3) ** 2) / (2 * 0.1**2))
    values = np.where(flags[:, None], other, beat).ravel()[:samples]
    return pd.DataFrame(
        {
            "time": np.arange(samples),
            "value": values + noise * rng.standard_normal(samples),
            "anomaly": np.repeat(flags, length)[:samples].astype(int),
        }
    )
