"""Orders of samples of which any stretch can be had without the rest: ten million are never in memory."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# Up to here an order is drawn as one array, a few megabytes.
_DRAWN = 2**20
_ROUNDS = 6
_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, as Fibonacci hashing takes it

Numbers = NDArray[np.int64]


class Order(Protocol):
    """Numbers of samples in some order."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, places: slice) -> Numbers:
        """Those at some places, one after the other."""


class InOrder:
    """The order of the data."""

    def __init__(self, samples: int) -> None:
        self._samples = samples

    def __len__(self) -> int:
        return self._samples

    def __getitem__(self, places: slice) -> Numbers:
        start, stop, _ = places.indices(self._samples)
        return np.arange(start, stop)


class Shuffled:
    """A random order that is worked out where it is read.

    Each place goes through a network that permutes the numbers below a power of four, again and again until
    it is one of the samples.

    Source: Luby, Rackoff (1988), the Feistel network as a random permutation; Black, Rogaway (2002), walking
    along its cycles for any number of samples.

    Args:
        samples: how many there are.
        random: what the order is drawn from.
    """

    def __init__(self, samples: int, random: np.random.Generator) -> None:
        self._samples = samples
        half = max(1, (max(1, samples - 1).bit_length() + 1) // 2)
        self._half, self._low = np.uint64(half), np.uint64((1 << half) - 1)
        self._keys = random.integers(0, 2**64, _ROUNDS, np.uint64)

    def __len__(self) -> int:
        return self._samples

    def __getitem__(self, places: slice) -> Numbers:
        start, stop, _ = places.indices(self._samples)
        found = self._permuted(np.arange(start, stop, dtype=np.uint64))
        while (outside := found >= self._samples).any():
            found[outside] = self._permuted(found[outside])
        return found.astype(np.int64)

    def _permuted(self, numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
        left, right = numbers >> self._half, numbers & self._low
        for key in self._keys:
            mixed = (right ^ key) * _ODD
            left, right = (
                right,
                left ^ ((mixed ^ (mixed >> np.uint64(29))) * _ODD >> np.uint64(32)) & self._low,
            )
        return (left << self._half) | right


def order_of(samples: int, seed: list[int] | None) -> Order:
    """The order of samples for a seed: always the same one; that of the data where there is no seed."""
    if seed is None:
        return InOrder(samples)
    random = np.random.default_rng(seed)
    return Shuffled(samples, random) if samples > _DRAWN else random.permutation(samples)
