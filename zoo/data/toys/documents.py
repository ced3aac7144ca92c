"""Toy documents: sentences of words, and what the document is about.

Half of the sentences of a document are about its subject, at places drawn for each document; the others are
about nothing. A text without sentences is all about it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.asked import AskedInput
from zoo.data.toys.headlines import SIGNAL
from zoo.data.toys.signs import is_whole, sizes_of, write_input, write_words
from zoo.data.toys.toy import Order, Samples, Toy
from zoo.data.toys.traits import Trait, draw_traits, targets_of


def make(order: Order) -> Samples:
    """Documents and their subjects."""
    traits = draw_traits(order)
    told, signal = list(traits.values()), order.options["signal"]
    x = {
        name: _sentences(item, told, order, signal)
        if is_whole(item) and len(sizes_of(item)) > 1
        else write_input(item, told, order, signal)
        for name, item in order.asked.inputs.items()
    }
    return x, targets_of(traits, order)


def _sentences(item: AskedInput, traits: list[Trait], order: Order, signal: float) -> NDArray[Any]:
    about, nothing = (write_words(item, traits, order, part) for part in (signal, 0.0))
    sentences = sizes_of(item)[0]
    telling = order.rng.permuted(np.tile(np.arange(sentences) % 2 == 0, (order.samples, 1)), axis=1)
    where = telling.reshape(order.samples, sentences, *[1] * (about.ndim - 2))
    return np.where(where, about, nothing)


TOY = Toy("tokens", "documents of sentences, and their subjects", make, {"signal": SIGNAL})
