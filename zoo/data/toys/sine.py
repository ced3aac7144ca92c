"""A sine, with noise if wanted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from zoo.data.toys.toy import Option

SAMPLES = 2160
OPTIONS: Mapping[str, Option] = {
    "period": Option(40.0, 2.0, 1e6),
    "noise": Option(0.0, 0.0, 10.0),
}


def make(rng: np.random.Generator, samples: int, *, period: float, noise: float) -> pd.DataFrame:
    """Columns step, value; ``period`` in rows, ``noise`` the standard deviation of what is added."""
    step = np.arange(samples)
    value = np.sin(2 * np.pi * step / period) + noise * rng.standard_normal(samples)
    return pd.DataFrame({"step": step, "value": value})
