"""Samples in time order, shuffled and drawn in blocks: neighbours say nearly the same and stay together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.windowing import group_runs

_FEWEST = 10  # blocks: an interval from fewer would say nothing


def shuffled(
    samples: int, rng: np.random.Generator, *, block: int = 1, runs: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """(sample,) the sample that each is given the numbers of: a permutation within each run.

    A run is turned by a random number of places, cut into blocks, and these are put in a random order:
    samples of one block stay neighbours, and where the cuts lie is another matter each time.

    Args:
        samples: how many.
        rng: where the order comes from.
        block: samples that stay neighbours.
        runs: (sample,) number of the session or symbol; None: all samples are one.
    """
    order = np.arange(samples)
    for start, stop in group_runs(samples, runs):
        turned = np.roll(order[start:stop], int(rng.integers(stop - start)))
        pieces = [turned[at : at + block] for at in range(0, stop - start, block)]
        order[start:stop] = np.concatenate([pieces[number] for number in rng.permutation(len(pieces))])
    return order


def blocks_of(samples: int, length: int, runs: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """(sample,) number of its block: ``length`` neighbours of one run, fewer where that gives under ten.

    Args:
        samples: how many.
        length: samples that say something of each other.
        runs: (sample,) number of the session or symbol; None: all samples are one.
    """
    size = max(1, min(length, samples // _FEWEST))
    found, first = np.zeros(samples, np.int64), 0
    for start, stop in group_runs(samples, runs):
        found[start:stop] = first + np.arange(stop - start) // size
        first = int(found[stop - 1]) + 1
    return found


def draws(blocks: int, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """(draw, block) how often each block is drawn, as many with replacement as there are."""
    return rng.multinomial(blocks, np.full(blocks, 1 / max(blocks, 1)), size=count).astype(np.float64)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of draws, those without a value left out; NaN where none has one."""
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
