"""A sine, with noise if wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from zoo.data.toys.toy import Option

SAMPLES = 2160
OPTIONS: Mapping[str, Option] = {
    "period": Option(40.0, 2.0, 1e6),
    "noise": Option(0.0, 0.0, 10.0),
}


def make(
    rng: np.random.Generator, samples: int, columns: Sequence[str], *, period: float, noise: float
) -> pd.DataFrame:
    """Columns time (a number), value; ``period`` in rows, ``noise`` a standard deviation."""
    step = np.arange(samples)
    value = np.sin(2 * np.pi * step / period) + noise * rng.standard_normal(samples)
    return pd.DataFrame({"time": step, "value": value})
