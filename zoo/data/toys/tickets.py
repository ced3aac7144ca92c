"""Toy tickets: which words occur in title, text and tags says how urgent a ticket is and whose it is.

An input of numbers has one for each word of its vocabulary, 1 where the word occurs; an input of whole
numbers is a text. Every output has words of its own in each of them.
"""

from __future__ import annotations

from zoo.data.toys.headlines import SIGNAL
from zoo.data.toys.signs import is_whole, write_bag, write_words
from zoo.data.toys.toy import Option, Order, Samples, Toy
from zoo.data.toys.traits import draw_traits, targets_of


def make(order: Order) -> Samples:
    """Tickets, their priority and their department."""
    traits = draw_traits(order)
    told, signal = list(traits.values()), order.options["signal"]
    words = int(order.options["words"])
    x = {
        name: write_words(item, told, order, signal)
        if is_whole(item)
        else write_bag(item, told, order, words, signal)
        for name, item in order.asked.inputs.items()
    }
    return x, targets_of(traits, order)


TOY = Toy(
    "tokens",
    "tickets, their priority and their department",
    make,
    {"signal": SIGNAL, "words": Option(20, 1, 1_000, whole=True)},
)
