"""What the multiplications alone would take, at the rate of a large matrix product on this machine."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import zoo
from benchmarks.side_by_side.clocks import best
from benchmarks.side_by_side.effort import FULL
from zoo.spec.cost import cost

SIZE = 1_024


def rate() -> float:
    """Operations a second of a product of two matrices, as NumPy does it with all cores."""
    left = np.random.default_rng(0).standard_normal((SIZE, SIZE)).astype(np.float32)
    return 2 * SIZE**3 * best(lambda: left @ left, 1, FULL)


def roofline(name: str, rate: float) -> Mapping[str, float]:
    """The figures of a model that did nothing but its products; training has three times a prediction's."""
    operations = cost(zoo.load(name).graph).flops
    return {
        "train": rate / operations / 3,
        "predict": rate / operations,
        "one_p50": 1_000 * operations / rate,
    }
