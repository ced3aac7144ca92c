"""Toy headlines with two counts: the words and the time of day say how often one is retweeted and liked.

Each output has an appeal of its own, told by the words; the hour is told by the numbers, and adds the same to
every output: a count is the mean of its appeal and the hour, from 0 to 1. Where a model has only one kind of
input, that one tells both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zoo.data.toys.headlines import SIGNAL
from zoo.data.toys.signs import is_whole, write_input
from zoo.data.toys.toy import Order, Samples, Toy
from zoo.data.toys.traits import Trait, target_of


def make(order: Order) -> Samples:
    """Headlines at some hour, and their counts."""
    hour = _level(order)
    appeals = {name: _level(order) for name in order.asked.targets}
    inputs = order.asked.inputs
    texts = [name for name, item in inputs.items() if is_whole(item)]
    told = {name: list(appeals.values()) if name in texts else [hour] for name in inputs}
    if len(texts) in (0, len(inputs)):
        told = {name: [*appeals.values(), hour] for name in inputs}
    x = {name: write_input(item, told[name], order, order.options["signal"]) for name, item in inputs.items()}
    y = {}
    for name, target in order.asked.targets.items():
        count = Trait((appeals[name].values + hour.values) / 2)
        if target.kind != "numbers":
            count = Trait(np.argsort(np.argsort(count.values)) / order.samples)
        y[name] = target_of(count, target)
    return x, y


def _level(order: Order) -> Trait:
    return Trait((order.rng.permutation(order.samples) + 0.5) / order.samples)


TOY = Toy(
    "tokens", "headlines with counts of retweets and likes", make, {"signal": replace(SIGNAL, default=1.0)}
)
