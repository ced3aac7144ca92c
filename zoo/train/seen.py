"""Whether data to judge a model by holds rows that it was trained on, told by hashes of short stretches.

A run keeps about a thousand of them, those of its training part whose number a step divides: the same rows in
another file have the same numbers, and are met again however the file was cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import spans

if TYPE_CHECKING:
    from zoo.data import Part

_STRETCH = 8  # rows: one row alone comes again in a quiet market
_KEPT = 1_024
_CHUNK = 65_536
_ODD = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio, as Fibonacci hashing takes it

Hashes = NDArray[np.uint64]


def stretches_of(part: Part) -> dict[str, Any] | None:
    """What a run keeps of its training part, as plain values; None for arrays, which have no rows."""
    if part.values is None or len(part) == 0:
        return None
    step, kept = 1, np.zeros(0, np.uint64)
    for some in spans(len(part), _CHUNK // part.stride):
        rows = np.unique(part.rows[some][:, None] - np.arange(part.stride))
        hashes = _hashes(part.values, rows[rows >= 0])
        kept = np.union1d(kept, hashes[hashes % step == 0])
        while len(kept) > 2 * _KEPT:
            # What it divides, half of it divides: none was left out that now belongs.
            step *= 2
            kept = kept[kept % step == 0]
    return {"step": step, "hashes": [f"{value:x}" for value in kept]}


def share_seen(part: Part, kept: Mapping[str, Any] | None) -> float:
    """About what share of the rows of new data a run was trained on."""
    if part.values is None or not kept or not kept["hashes"]:
        return 0.0
    known = np.array([int(value, 16) for value in kept["hashes"]], np.uint64)
    met = chosen = 0
    for some in spans(len(part.values), _CHUNK):
        hashes = _hashes(part.values, np.arange(some.start, some.stop))
        hashes = hashes[hashes % kept["step"] == 0]
        met, chosen = met + int(np.isin(hashes, known).sum()), chosen + len(hashes)
    return met / chosen if chosen else 0.0


def _hashes(values: NDArray[np.float32], ends: NDArray[np.int64]) -> Hashes:
    """(stretch,) of the rows up to each of ``ends``, which rise; none in which nothing moves."""
    ends = ends[ends >= _STRETCH - 1]
    if not len(ends):
        return np.zeros(0, np.uint64)
    far = np.flatnonzero(np.diff(ends) > _CHUNK) + 1
    if len(far):
        return np.concatenate([_hashes(values, some) for some in np.split(ends, far)])
    first = int(ends[0]) - _STRETCH + 1
    rows, ends = _of_rows(values[first : int(ends[-1]) + 1]), ends - first
    found = np.zeros(len(ends), np.uint64)
    for back in range(_STRETCH):
        found = found * np.uint64(_ODD) + rows[ends - back]
    mixed = (found ^ (found >> np.uint64(29))) * np.uint64(_ODD)
    return (mixed ^ (mixed >> np.uint64(32)))[rows[ends] != rows[ends - _STRETCH + 1]]


def _of_rows(values: NDArray[np.float32]) -> Hashes:
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    found = np.zeros(len(bits), np.uint64)
    for column in bits.T:
        found = (found ^ column) * np.uint64(_ODD)
        found ^= found >> np.uint64(31)
    return found
