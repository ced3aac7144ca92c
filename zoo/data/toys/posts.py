"""Toy posts: what an account writes tells several things of its holder, such as age, income and gender.

Every output has a trait of its own, and words of its own that tell it.
"""

from __future__ import annotations

from zoo.data.toys.headlines import SIGNAL
from zoo.data.toys.signs import write_input
from zoo.data.toys.toy import Order, Samples, Toy
from zoo.data.toys.traits import draw_traits, targets_of


def make(order: Order) -> Samples:
    """Posts and what their writers are."""
    traits = draw_traits(order)
    told = list(traits.values())
    x = {
        name: write_input(item, told, order, order.options["signal"])
        for name, item in order.asked.inputs.items()
    }
    return x, targets_of(traits, order)


TOY = Toy("tokens", "posts, and what they tell of their writers", make, {"signal": SIGNAL})
