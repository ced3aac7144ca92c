"""Toy series: each class has a curve of its own in every channel; samples begin it early or late, with noise.

An output of numbers asks for the height of the curve, from 0 to 1 of the tallest.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.asked import AskedInput
from zoo.data.toys.signs import is_whole, sizes_of, write_words
from zoo.data.toys.toy import Option, Order, Samples, Toy
from zoo.data.toys.traits import Trait, draw_trait, groups_of, target_of

CURVES = 3  # sines in a curve


def make(order: Order) -> Samples:
    """Series with their classes and heights."""
    targets = order.asked.targets
    classed = [target for target in targets.values() if groups_of(target) is not None]
    height = Trait((order.rng.permutation(order.samples) + 0.5) / order.samples)
    kind = (
        draw_trait(max(classed, key=lambda target: groups_of(target) or 0), order.samples, order.rng)
        if classed
        else Trait(np.zeros(order.samples), 1)
    )
    asked_heights = len(classed) < len(targets)
    tall = height.values if asked_heights else np.full(order.samples, 1.0)
    x = {
        name: write_words(item, [kind, height] if asked_heights else [kind], order)
        if is_whole(item)
        else _series(item, kind, tall, order)
        for name, item in order.asked.inputs.items()
    }
    return x, {
        name: target_of(height if groups_of(target) is None else kind, target)
        for name, target in targets.items()
    }


def _series(item: AskedInput, kind: Trait, tall: NDArray[np.float64], order: Order) -> NDArray[Any]:
    shape = sizes_of(item)
    steps, channels = shape[0] if shape else 1, math.prod(shape[1:])
    starts = order.rng.uniform(-0.03, 0.03, order.samples)
    times = np.arange(steps) / max(1, steps) + starts[:, None]
    made = order.rng.normal(0.0, order.options["noise"], (order.samples, steps, channels))
    for number in range(kind.width if kind.groups else 1):
        rows = np.flatnonzero(kind.values == number)
        made[rows] += tall[rows, None, None] * curve(number, times[rows], channels)
    return made.reshape(order.samples, *shape).astype(np.float32)


def curve(number: int, times: NDArray[np.float64], channels: int) -> NDArray[np.float64]:
    """(sample, step, channel) the curve of a class: sines of low frequency, the same for every seed."""
    rule = np.random.default_rng([2024, number])
    turns = rule.integers(1, 5, (CURVES, channels))
    begins, sizes = rule.uniform(0, 2 * np.pi, (CURVES, channels)), rule.normal(0, 1, (CURVES, channels))
    total = np.zeros((*times.shape, channels))
    for turn, begin, size in zip(turns, begins, sizes, strict=True):
        total += size * np.sin(2 * np.pi * turn * times[..., None] + begin)
    return total


TOY = Toy("toy", "labelled series", make, {"noise": Option(0.3, 0.0, 10.0)})
