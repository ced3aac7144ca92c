"""The outputs of batch after batch as one array each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np


def joined(
    batches: Iterable[Sequence[np.ndarray]], samples: int, names: Sequence[str]
) -> dict[str, np.ndarray]:
    """Output name → (sample, …); never there twice, as a list of batches and the whole would be.

    Args:
        batches: the outputs of some samples each, in the order of ``names``.
        samples: how many there are in all, one or more.
        names: of the outputs.
    """
    found: list[np.ndarray] = []
    start = 0
    for batch in batches:
        found = found or [np.empty((samples, *part.shape[1:]), part.dtype) for part in batch]
        stop = start + len(batch[0])
        for whole, part in zip(found, batch, strict=True):
            whole[start:stop] = part
        start = stop
    return dict(zip(names, found, strict=True))
