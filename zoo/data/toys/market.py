"""A market: features that say something of the next row's price, volume, side and risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from zoo.data.toys.numbered import highest
from zoo.data.toys.toy import Option

SAMPLES = 1500
OPTIONS: Mapping[str, Option] = {}
FEATURES = 4


def make(rng: np.random.Generator, samples: int, columns: Sequence[str]) -> pd.DataFrame:
    """Columns time, f1 … fN (as many as ``columns`` names), price, volume, side, risk.

    The side is buy, hold or sell, the risk high or low. The first feature moves the next price and with it
    the side, the last one the next volume and the risk.
    """
    count = highest("f", columns, FEATURES)
    values = rng.standard_normal((samples, count))
    for row in range(1, samples):
        values[row] = 0.9 * values[row - 1] + np.sqrt(1 - 0.9**2) * values[row]
    before = np.concatenate([values[:1], values[:-1]])
    push, stir = before[:, 0], before[:, -1]
    change = push + 0.3 * rng.standard_normal(samples)
    # The pull keeps the price where the training part has seen it.
    price = np.empty(samples)
    price[0] = 100.0
    for row in range(1, samples):
        price[row] = price[row - 1] + 0.1 * (100.0 - price[row - 1]) + change[row]
    volume = np.exp(5.0 + 0.5 * stir + 0.1 * rng.standard_normal(samples))
    side = np.where(change > 0.5, "buy", np.where(change < -0.5, "sell", "hold"))
    risk = np.where(stir + 0.2 * rng.standard_normal(samples) > 0, "high", "low")
    frame = pd.DataFrame({f"f{number + 1}": values[:, number] for number in range(count)})
    frame.insert(0, "time", pd.date_range("2024-01-01", periods=samples, freq="h"))
    return frame.assign(price=price, volume=volume, side=side, risk=risk)
