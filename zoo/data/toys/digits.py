"""Real handwritten digits, small: scikit-learn's, 8 × 8, resized to the input.

Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits (UCI, 1998), its test part of 1,797
images as scikit-learn carries it; licence CC BY 4.0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.toys.pictures import FloatArray, fit_pictures
from zoo.data.toys.toy import Order, Samples, Toy
from zoo.data.toys.traits import Trait, target_of

DIGITS = 10


def load() -> tuple[FloatArray, NDArray[np.int64]]:
    """(1797, 8, 8) from 0 to 1, and the digits."""
    # scikit-learn takes a second to import: only who asks for its images waits.
    from sklearn.datasets import load_digits

    found = load_digits()
    return np.asarray(found.images / 16.0, np.float32), np.asarray(found.target, np.int64)


def make(order: Order) -> Samples:
    """Images of digits and what they show; an output of fewer classes sees only as many digits."""
    pictures, shown = load()
    targets = order.asked.targets
    least = min((target.classes or DIGITS for target in targets.values()), default=DIGITS)
    known = np.flatnonzero(shown < min(least, DIGITS))
    chosen = order.rng.permutation(known)[: order.samples]
    # Fewer digits have fewer images: some come twice.
    chosen = np.resize(chosen, order.samples)
    trait = Trait(shown[chosen] + 0.0, DIGITS)
    x = {name: fit_pictures(pictures[chosen], item) for name, item in order.asked.inputs.items()}
    return x, {name: target_of(trait, target) for name, target in targets.items()}


TOY = Toy("images", "scikit-learn's handwritten digits", make, most=1_797, drawn=False)
