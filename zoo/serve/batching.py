"""Samples in a batch: how many, and how a short one is filled up."""

from __future__ import annotations

import math

import keras
import numpy as np

# Numbers in a batch: recurrent layers hold a hundred times as much, which stays within the processor's
# caches, and larger batches are no faster. A compiled model has next to no cost of a call, and does best with
# small ones.
KERAS, COMPILED = 2**18, 2**16
_LARGEST = 1024


def batch_for(model: keras.Model, most: int = KERAS) -> int:
    """Samples in a batch, by the size of one and the numbers that a batch may have."""
    numbers = sum(math.prod(size or 1 for size in item.shape[1:]) for item in model.inputs)
    fitting = max(1, most // max(1, numbers))
    return min(_LARGEST, max(32, 1 << (fitting.bit_length() - 1)))


def rounded(samples: int) -> int:
    """The power of two that holds so many samples: few sizes, and a backend compiles each once."""
    return 1 << max(0, samples - 1).bit_length()


def filled(batch: np.ndarray, size: int) -> np.ndarray:
    """The samples and, up to ``size``, repeats of the last.

    A real sample, not zeros, can neither overflow nor divide by zero where the others do not.

    Args:
        batch: (batch, …).
        size: samples wanted; a batch of as many or more stays as it is.
    """
    missing = size - len(batch)
    return np.concatenate([batch, np.repeat(batch[-1:], missing, axis=0)]) if missing > 0 else batch
