"""One seed for everything random in a run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import secrets
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from zoo.errors import TrainError

_LARGEST = 2**31 - 1


def check_seed(seed: Any) -> int:
    """``seed`` as a whole number that every generator takes; a fresh one for None.

    Raises:
        TrainError: code ``train.seed``.
    """
    if seed is None:
        return secrets.randbelow(_LARGEST)
    # R and JSON write whole numbers as doubles.
    whole = isinstance(seed, (int, float, np.integer, np.floating)) and not isinstance(seed, bool)
    if not whole or seed != seed or int(seed) != seed or not 0 <= seed <= _LARGEST:
        raise TrainError(
            f"seed must be a whole number from 0 to {_LARGEST}, received {seed!r}",
            help="leave it out to have one drawn; it is kept with the run",
            code="train.seed",
        )
    return int(seed)


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Within the block everything draws from ``seed``; afterwards the caller's generators go on.

    Keras layers draw their own seeds when they are made: build the model inside the block.
    """
    with seeded_python(seed):
        keras.utils.set_random_seed(seed)
        yield


@contextlib.contextmanager
def seeded_python(seed: int) -> Iterator[None]:
    """The same for the generators of Python and NumPy alone; a model's layers have seeds of their own.

    TensorFlow forgets every step that it has prepared when it is given a seed: that would cost each of many
    short trainings of one model the better part of a second.
    """
    python, numpy = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed)
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


def derive_seed(seed: int, *parts: Any) -> int:
    """A seed of its own for one piece of a run, the same whenever the same piece is asked for.

    Args:
        seed: of the whole run.
        parts: what the piece is: names and numbers.
    """
    said = json.dumps([seed, *parts]).encode()
    return int.from_bytes(hashlib.sha256(said).digest()[:8], "big") % (_LARGEST + 1)
