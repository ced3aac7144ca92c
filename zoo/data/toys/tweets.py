"""Toy tweets: is every tweet by the account's owner?

Two authors with habits of their own. The owner wrote all the tweets of half of the samples; in the others the
impostor wrote one of them. A head that only adds what it knows of each tweet, as a siamese network with
concatenation and one unit does, can learn this; whether two of many authors are the same it could not, since
that is an exclusive or.

With more than two classes the class is the author, who wrote all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.toys.headlines import SIGNAL
from zoo.data.toys.signs import is_whole, sizes_of, write_input, write_letters
from zoo.data.toys.toy import Order, Samples, Toy
from zoo.data.toys.traits import Trait, groups_of, target_of


def make(order: Order) -> Samples:
    """Tweets and who wrote them."""
    authors = max(2, *(groups_of(target) or 2 for target in order.asked.targets.values()))
    inputs = order.asked.inputs
    who, same = _two_authors(order) if authors == 2 else _many_authors(order, authors)
    x = {}
    for number, (name, item) in enumerate(inputs.items()):
        write = write_input if is_whole(item) or len(sizes_of(item)) < 2 else write_letters
        x[name] = write(item, [Trait(who[:, number], authors)], order, order.options["signal"])
    y = {name: target_of(same, target) for name, target in order.asked.targets.items()}
    return x, y


def _two_authors(order: Order) -> tuple[NDArray[np.float64], Trait]:
    tweets = len(order.asked.inputs)
    same = order.rng.permutation(order.samples) % 2
    who = np.zeros((order.samples, tweets))
    others = np.flatnonzero(same == 0)
    who[others, order.rng.integers(0, tweets, len(others))] = 1.0
    return who, Trait(same.astype(np.float64), 2)


def _many_authors(order: Order, authors: int) -> tuple[NDArray[np.float64], Trait]:
    author = (order.rng.permutation(order.samples) % authors).astype(np.float64)
    return np.repeat(author[:, None], len(order.asked.inputs), axis=1), Trait(author, authors)


TOY = Toy("tokens", "tweets by two authors", make, {"signal": SIGNAL})
