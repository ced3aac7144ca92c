"""Integrated gradients: along the straight line from a baseline to the sample."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from zoo.explain.tensorflow_gradients import Gradients

FIRST_STEPS = 16
MOST_STEPS = 1_024
# Numbers of the inputs in one pass; recurrent layers hold hundreds of times as much for their gradients.
_NUMBERS = 2**18


@dataclass(frozen=True)
class Line:
    """Attributions of some samples.

    Args:
        attributions: (sample, …) at each place.
        gap: (sample,) their sum less what the output differs by from the baseline's.
        change: (sample,) that difference.
        steps: (sample,) points on the line that it took.
    """

    attributions: list[np.ndarray]
    gap: np.ndarray
    change: np.ndarray
    steps: np.ndarray


def integrate(
    gradients: Gradients,
    inputs: Sequence[np.ndarray],
    entries: Sequence[np.ndarray],
    baselines: Sequence[np.ndarray],
    mask: np.ndarray,
    *,
    tolerance: float,
    steps: int | None = None,
    batch: int | None = None,
) -> Line:
    """Integrated gradients of samples, the steps doubled for those whose gap is above the tolerance.

    ``(x − x′)·∫₀¹ ∂F(x′ + α(x − x′))/∂x dα`` by Gauss–Legendre quadrature, averaged over the baselines where
    there are several (expected gradients).

    Args:
        gradients: of the model's output.
        inputs: the model's, (sample, …) each.
        entries: (sample, …) at each place.
        baselines: (draw, …) at each place.
        mask: (sample, …) in the output's shape.
        tolerance: of a sample's gap, relative to what the output changes by, at least its mean over the
            samples.
        steps: points on the line; None begins with 16 and doubles to at most 1,024.
        batch: samples that the model takes at once, where it takes no other number.

    Source: Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks" (2017), equation 1; Erion et
    al., "Improving performance of deep learning models with axiomatic attribution priors and expected
    gradients" (2021), for several baselines.
    """
    path = _Path(gradients, inputs, entries, baselines, mask, batch)
    change = path.change()
    samples = len(change)
    found = [np.zeros(item.shape, np.float32) for item in entries]
    gap, taken = np.full(samples, np.inf), np.zeros(samples, int)
    open_ones, count = np.arange(samples), steps or FIRST_STEPS
    while len(open_ones):
        made = path.integral(open_ones, count)
        for whole, part in zip(found, made, strict=True):
            whole[open_ones] = part
        total = sum(part.reshape(len(part), -1).sum(axis=1, dtype=float) for part in made)
        gap[open_ones], taken[open_ones] = total - change[open_ones], count
        allowed = tolerance * np.maximum(np.abs(change), np.abs(change).mean())
        count *= 2
        if steps is not None or count > MOST_STEPS:
            break
        open_ones = np.flatnonzero(np.abs(gap) > np.maximum(allowed, 1e-7))
    return Line(found, gap, change, taken)


@dataclass(frozen=True)
class _Path:
    """The lines of all samples, walked in pieces of bounded size."""

    gradients: Gradients
    inputs: Sequence[np.ndarray]
    entries: Sequence[np.ndarray]
    baselines: Sequence[np.ndarray]
    mask: np.ndarray
    batch: int | None

    @property
    def _draws(self) -> int:
        return len(self.baselines[0])

    def change(self) -> np.ndarray:
        """(sample,) how far the output lies from its mean over the baselines."""
        samples, draws = len(self.mask), self._draws
        here = np.empty(samples)
        for rows in self._pieces(samples):
            here[rows] = self._values(rows, [item[rows] for item in self.entries])
        there = np.empty(samples * draws)
        for rows in self._pieces(samples * draws):
            there[rows] = self._values(rows // draws, self._far(rows % draws))
        return here - there.reshape(samples, draws).mean(axis=1)

    def integral(self, samples: np.ndarray, steps: int) -> list[np.ndarray]:
        """(sample, …) attributions of some samples at each place."""
        nodes, weights = legendre(steps)
        each = self._draws * steps
        found = [np.zeros((len(samples), math.prod(item.shape[1:]))) for item in self.entries]
        for rows in self._pieces(len(samples) * each):
            place, draw, node = rows // each, rows % each // steps, rows % steps
            near = [item[samples[place]] for item in self.entries]
            far = self._far(draw)
            share = nodes[node].astype(np.float32)
            between = [
                low + share.reshape(-1, *[1] * (low.ndim - 1)) * (high - low)
                for low, high in zip(far, near, strict=True)
            ]
            slopes = self._slopes(samples[place], between)
            # the rows of a sample lie together: each run of them is one sum
            first = np.flatnonzero(np.diff(place, prepend=-1))
            weight = weights[node][:, None] / self._draws
            for total, slope, low, high in zip(found, slopes, far, near, strict=True):
                parts = weight * (slope * (high - low)).reshape(len(rows), -1)
                total[place[first]] += np.add.reduceat(parts, first, axis=0)
        return [
            total.reshape(-1, *item.shape[1:]).astype(np.float32)
            for total, item in zip(found, self.entries, strict=True)
        ]

    def _far(self, draws: np.ndarray) -> list[np.ndarray]:
        """The baselines' draws at each place."""
        return [item[draws] for item in self.baselines]

    def _pieces(self, count: int) -> Iterator[np.ndarray]:
        numbers = sum(math.prod(item.shape[1:]) for item in self.entries)
        size = self.batch or max(16, 1 << max(0, (_NUMBERS // max(1, numbers)).bit_length() - 1))
        for start in range(0, count, size):
            yield np.arange(start, min(start + size, count))

    def _values(self, samples: np.ndarray, entries: Sequence[np.ndarray]) -> np.ndarray:
        given = self._given(samples, entries)
        return self.gradients.values(*given)[: len(samples)]

    def _slopes(self, samples: np.ndarray, entries: Sequence[np.ndarray]) -> list[np.ndarray]:
        given = self._given(samples, entries)
        return [item[: len(samples)] for item in self.gradients(*given)[1]]

    def _given(
        self, samples: np.ndarray, entries: Sequence[np.ndarray]
    ) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
        """Filled up with repeats to a size that was compiled before, or that the model wants."""
        size = self.batch or 1 << (len(samples) - 1).bit_length()
        rows = np.minimum(np.arange(size), len(samples) - 1)
        inputs = [item[samples[rows]] for item in self.inputs]
        return inputs, [item[rows] for item in entries], self.mask[samples[rows]]


@cache
def legendre(steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss–Legendre quadrature on 0 … 1."""
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    return (nodes + 1) / 2, weights / 2
