"""Copies between R's order of an array's elements and Python's, tile by tile, in the processor's cache.

R's first index runs fastest, Python's last. NumPy's own copy walks along one of them and jumps through memory
along the other: on large arrays it is up to three times slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

import numpy as np

_TILE = 128  # elements along either side's fastest indices: tiles of doubles fit the second-level cache
_BLOCK = 2**16  # elements of whole rows, where both sides run along them anyway
_SMALL = 2**15  # below this many elements everything is in the cache anyway
_WIDE = 512  # so short rows fit the cache whole, many at a time
_NARROW = 32  # so few long runs are read in parallel without losing a cache line
_SHORT = 8  # a fastest index shorter than this is no run worth copying along


def copy_across(target: np.ndarray, source: np.ndarray) -> None:
    """Fill ``target`` from ``source``, casting on the way: one pass over the numbers.

    Args:
        target: C order.
        source: the same shape, Fortran order; any other order is as correct, but not faster.
    """
    for _ in copied_blocks(target, source):
        pass


def copied_blocks(target: np.ndarray, source: np.ndarray) -> Iterator[np.ndarray]:
    """The same, block by block: whoever has something to ask of the numbers finds them in the cache."""
    if target.size < _SMALL:
        target[...] = source
        yield target
        return
    target, source = target.squeeze(), source.squeeze()
    shape = target.shape
    wide = _WIDE if shape[-1] >= _SHORT else _TILE
    whole = prod(shape[1:]) <= wide or prod(shape[:-1]) <= _NARROW
    sizes = [max(1, _BLOCK // prod(shape[1:])), *shape[1:]] if whole else _tile(shape)
    for first in range(0, shape[0], sizes[0]):
        rows = slice(first, first + sizes[0])
        steps = (range(0, length, size) for length, size in zip(shape[1:], sizes[1:], strict=True))
        for start in product(*steps):
            place = (rows, *(slice(at, at + size) for at, size in zip(start, sizes[1:], strict=True)))
            target[place] = source[place]
        yield target[rows]


def _tile(shape: tuple[int, ...]) -> list[int]:
    sizes = [1] * len(shape)
    left = _TILE
    for axis in range(len(shape)):
        sizes[axis] = min(shape[axis], left)
        left //= sizes[axis]
    left, longest = _TILE, max(shape[1:])
    for axis in range(len(shape) - 1, 0, -1):
        if shape[axis] >= _SHORT or longest < _SHORT:
            sizes[axis] = max(sizes[axis], min(shape[axis], left))
            left = max(1, left // sizes[axis])
    return sizes


def c_ordered(seen: np.ndarray, dtype: np.dtype | None = None) -> np.ndarray:
    """A new C-order array of the same numbers, of type ``dtype`` where one is given."""
    made = np.empty(seen.shape, seen.dtype if dtype is None else dtype)
    copy_across(made, seen)
    return made


def c_ordered_if_finite(seen: np.ndarray, dtype: np.dtype) -> tuple[np.ndarray, bool]:
    """The same, and whether every number of it is finite."""
    made = np.empty(seen.shape, dtype)
    finite = True
    with np.errstate(over="ignore", invalid="ignore"):
        for block in copied_blocks(made, seen):
            finite = finite and bool(np.isfinite(block).all())
    return made, finite
