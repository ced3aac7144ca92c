"""Toy headlines: words, and facts such as the time of day; will it be shared?

Each headline has an appeal. Its words show it, and so do the facts, and every output asks for it: the
auxiliary answer that sees the words alone can be as good as the main one.
"""

from __future__ import annotations

from zoo.data.toys.signs import is_whole, write_numbers, write_words
from zoo.data.toys.toy import Option, Order, Samples, Toy
from zoo.data.toys.traits import draw_trait, groups_of, target_of

SIGNAL = Option(0.8, 0.0, 1.0)
# Facts alone should not settle it.
FACTS_NOISE = 1.5


def make(order: Order) -> Samples:
    """Headlines and whether they were shared."""
    targets = order.asked.targets
    # One appeal for all outputs, as fine as the finest of them asks for it.
    finest = max(targets.values(), key=lambda target: groups_of(target) or 1_000)
    appeal = draw_trait(finest, order.samples, order.rng)
    x = {
        name: write_words(item, [appeal], order, order.options["signal"])
        if is_whole(item)
        else write_numbers(item, [appeal], order, FACTS_NOISE)
        for name, item in order.asked.inputs.items()
    }
    return x, {name: target_of(appeal, target) for name, target in targets.items()}


TOY = Toy("tokens", "headlines, shared or not", make, {"signal": SIGNAL})
