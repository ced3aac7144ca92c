"""Samples in a batch: how many, how a short one is filled up, and several batches at the same time."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import keras
import numpy as np

# Numbers in a batch: recurrent layers hold a hundred times as much, which stays within the processor's
# caches, and larger batches are no faster. A compiled model has next to no cost of a call, and does best with
# small ones.
KERAS, COMPILED = 2**18, 2**16
_LARGEST = 1024

Item = TypeVar("Item")
Found = TypeVar("Found")


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


def in_order(function: Callable[[Item], Found], items: Iterable[Item], callers: int) -> Iterator[Found]:
    """What a function gives for each item, in their order, worked out by several threads.

    No more than two items a thread are under way at a time, so that memory stays bounded.
    """
    if callers == 1:
        yield from map(function, items)
        return
    waiting = iter(items)
    with ThreadPoolExecutor(callers) as pool:
        ahead: deque[Future[Found]] = deque()
        try:
            ahead.extend(pool.submit(function, item) for item in islice(waiting, 2 * callers))
            while ahead:
                yield ahead.popleft().result()
                ahead.extend(pool.submit(function, item) for item in islice(waiting, 1))
        finally:
            for later in ahead:
                later.cancel()
