"""Windows known again by their numbers, where nothing says which rows of the data they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_STRETCH = 4  # rows: one alone comes again in a quiet market


def share_repeated(one: Mapping[str, np.ndarray], two: Mapping[str, np.ndarray]) -> float:
    """The share of the second's samples that the first has too, to the last bit in every input."""
    known = set(sample_bytes(one))
    found = [item in known for item in sample_bytes(two)]
    return float(np.mean(found)) if found else 0.0


def rows_apart(one: np.ndarray, two: np.ndarray) -> tuple[float, int | None]:
    """How windows ``(window, time, …)`` of two parts lie to each other in one series.

    Returns:
        the share of the second's windows whose last rows lie inside a window of the first; and, where none
        does, how many rows the second's first window ends after the last of the first's, or None where they
        share no rows.
    """
    first, second = (values.reshape(len(values), values.shape[1], -1) for values in (one, two))
    steps = first.shape[1]
    length = min(_STRETCH, steps)
    known: dict[bytes, int] = {}
    for end in range(steps, length - 1, -1):
        for item in _stretches(first, end, length):
            known[item] = max(known.get(item, 0), end)
    ends = list(_stretches(second, steps, length))
    lively = (second[:, steps - length :] != second[:, steps - length : steps - length + 1]).any(axis=(1, 2))
    hits = [item in known for item, moves in zip(ends, lively, strict=True) if moves and length > 1]
    inside = float(np.mean(hits)) if hits else 0.0
    return inside, None if inside else _distance(first, second, length)


def _distance(first: np.ndarray, second: np.ndarray, length: int) -> int | None:
    """Rows from the last end in ``first`` to the first one in ``second``, seen where windows share rows."""
    steps, best = first.shape[1], None
    ends = set(_stretches(first, steps, length))
    for end in range(steps - 1, length - 1, -1):
        block = second[:, end - length : end]
        for window, item in zip(block, _stretches(second, end, length), strict=True):
            if item in ends and (window != window[:1]).any():
                best = min(steps - end, best) if best is not None else steps - end
        if best is not None:
            break
    return best


def _stretches(values: np.ndarray, end: int, length: int) -> list[bytes]:
    return [item.tobytes() for item in np.ascontiguousarray(values[:, end - length : end])]


def sample_bytes(x: Mapping[str, np.ndarray]) -> list[bytes]:
    """Each sample's numbers in all inputs: equal samples have equal bytes."""
    rows = [np.ascontiguousarray(values).reshape(len(values), -1) for values in x.values()]
    return [b"".join(row.tobytes() for row in sample) for sample in zip(*rows, strict=True)]
