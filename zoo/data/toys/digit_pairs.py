"""Pairs of handwritten digits: do they show the same one?

With two different digits, 0 and 1, half of the pairs are two zeros and the others have one 1 in either place:
a head that only adds what it knows of each image can learn that. With more digits the pairs are any two, and
"the same" is an exclusive or: such a head cannot learn it, a model that compares can.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.toys.digits import DIGITS, load
from zoo.data.toys.pictures import fit_pictures
from zoo.data.toys.toy import Option, Order, Samples, Toy
from zoo.data.toys.traits import Trait, target_of


def make(order: Order) -> Samples:
    """Images in pairs, and whether both show the same digit."""
    pictures, shown = load()
    same = order.rng.permutation(order.samples) % 2
    wanted = _digits(same, len(order.asked.inputs), int(order.options["digits"]), order.rng)
    x = {}
    for number, (name, item) in enumerate(order.asked.inputs.items()):
        x[name] = fit_pictures(pictures[_images(wanted[:, number], shown, order.rng)], item)
    trait = Trait(same.astype(np.float64), 2)
    y = {name: target_of(trait, target) for name, target in order.asked.targets.items()}
    return x, y


def _digits(same: NDArray[np.int64], inputs: int, digits: int, rng: np.random.Generator) -> NDArray[np.int64]:
    first = np.zeros(len(same), np.int64) if digits == 2 else rng.integers(0, digits, len(same))
    wanted = np.repeat(first[:, None], inputs, axis=1)
    odd = np.flatnonzero(same == 0)
    place = rng.integers(0, inputs, len(odd))
    wanted[odd, place] = (wanted[odd, place] + rng.integers(1, digits, len(odd))) % digits
    return wanted


def _images(
    wanted: NDArray[np.int64], shown: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    chosen = np.empty(len(wanted), np.int64)
    for digit in range(DIGITS):
        rows = np.flatnonzero(wanted == digit)
        chosen[rows] = rng.choice(np.flatnonzero(shown == digit), len(rows))
    return chosen


TOY = Toy(
    "images",
    "pairs of scikit-learn's handwritten digits",
    make,
    {"digits": Option(2, 2, DIGITS, whole=True)},
    drawn=False,
)
