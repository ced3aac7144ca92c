"""A model, samples and a baseline → an attribution to each number of each input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from zoo.explain.integrated import integrate
from zoo.explain.tensorflow_gradients import Gradients

METHODS = ("integrated_gradients", "gradient_x_input", "smoothgrad")
# Noisy copies of a sample, and their noise as a share of what an input spans over the samples.
_COPIES, _NOISE = 32, 0.1
_PIECE = 256


@dataclass(frozen=True)
class Baselines:
    """What samples are set against.

    Args:
        samples: (draw, …) of each input; None stands for zeros everywhere, also as the embedding of a word.
        fold: ``mean`` or ``median``: the draws are made one, words by their embeddings. None keeps them all.
    """

    samples: Sequence[np.ndarray] | None
    fold: str | None = None


@dataclass(frozen=True)
class Asked:
    """What is to be explained, and how.

    Args:
        model: in inference mode; its states begin at zero for each piece.
        inputs: (sample, …) in the model's order.
        output: place of the output among the model's.
        logits: explain the output before its last activation.
        baselines: for integrated gradients.
        batch: samples that the model takes at once, where it takes no other number.
        tolerance: of the completeness gap.
        steps: gradients on a line; None as many as the tolerance needs.
        seed: of noise.
    """

    model: keras.Model
    inputs: Sequence[np.ndarray]
    output: int
    logits: bool
    baselines: Baselines
    batch: int | None
    tolerance: float
    steps: int | None
    seed: int

    @cached_property
    def gradients(self) -> Gradients:
        """Of the output; compiled once."""
        return Gradients(self.model, self.output, logits=self.logits)

    def outputs(self) -> np.ndarray:
        """(sample, …) the output of every sample."""
        found = [self.gradients.outputs(piece)[:count] for piece, count in self._pieces(self.inputs)]
        return np.concatenate(found)

    def entries(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(sample, …) at every place where a gradient is taken."""
        found = [
            [item[:count] for item in self.gradients.entries(piece)] for piece, count in self._pieces(inputs)
        ]
        return [np.concatenate(parts) for parts in zip(*found, strict=True)]

    def _pieces(self, inputs: Sequence[np.ndarray]) -> Iterator[tuple[list[np.ndarray], int]]:
        """Some samples at a time, filled up with repeats where the model wants a number of them."""
        size = self.batch or _PIECE
        for start in range(0, len(inputs[0]), size):
            rows = np.arange(start, min(start + size, len(inputs[0])))
            count = len(rows)
            if self.batch is not None:
                rows = np.minimum(np.arange(start, start + size), len(inputs[0]) - 1)
            yield [item[rows] for item in inputs], count


@dataclass(frozen=True)
class Attributed:
    """Attributions to each input, (sample, …); ``gap``, ``change`` and ``steps`` as in ``Explanation``."""

    attributions: list[np.ndarray]
    gap: np.ndarray | None
    change: np.ndarray | None
    steps: np.ndarray


def attribute(method: str, asked: Asked, mask: np.ndarray) -> Attributed:
    """Attributions of ``Σ mask·output`` of each sample.

    ``integrated_gradients``: what of the output's change from the baseline each number brings.
    ``gradient_x_input``: the gradient times the number. ``smoothgrad``: the gradient's mean over noisy copies
    of the sample; it has no sign of a contribution, only how steep the output is there.

    Args:
        method: one of ``METHODS``.
        asked: the model and the samples.
        mask: (sample, …) in the output's shape.

    Source: for SmoothGrad, Smilkov et al., "SmoothGrad: removing noise by adding noise" (2017), equation 2.
    """
    entries = asked.entries(asked.inputs)
    gap = change = None
    if method == "integrated_gradients":
        line = integrate(
            asked.gradients,
            asked.inputs,
            entries,
            _against(asked, entries),
            mask,
            tolerance=asked.tolerance,
            steps=asked.steps,
            batch=asked.batch,
        )
        found, gap, change, steps = line.attributions, line.gap, line.change, line.steps
    else:
        copies = 1 if method == "gradient_x_input" else asked.steps or _COPIES
        slopes = _mean_slopes(asked, entries, mask, copies)
        times = entries if method == "gradient_x_input" else [np.ones_like(item) for item in entries]
        found = [slope * by for slope, by in zip(slopes, times, strict=True)]
        steps = np.full(len(mask), copies)
    return Attributed(_by_input(asked, found), gap, change, steps)


def _against(asked: Asked, entries: Sequence[np.ndarray]) -> list[np.ndarray]:
    """(draw, …) at every place."""
    given = asked.baselines
    if given.samples is None:
        return [np.zeros((1, *item.shape[1:]), np.float32) for item in entries]
    floats = [np.asarray(item, np.float32) if item.dtype.kind == "f" else item for item in given.samples]
    made = asked.entries(floats)
    if given.fold is None:
        return made
    return [np.asarray(getattr(np, given.fold)(item, axis=0, keepdims=True), np.float32) for item in made]


def _mean_slopes(
    asked: Asked, entries: Sequence[np.ndarray], mask: np.ndarray, copies: int
) -> list[np.ndarray]:
    """(sample, …) the gradient at every place, averaged over noisy copies; without noise for one copy."""
    random = np.random.default_rng(asked.seed)
    spans = [float(np.ptp(item)) if item.size else 0.0 for item in entries]
    found = [np.zeros(item.shape, np.float64) for item in entries]
    every = [*asked.inputs, mask, *entries]
    count = len(asked.inputs)
    for _ in range(copies):
        start = 0
        for piece, samples in asked._pieces(every):
            inputs, chosen, places = piece[:count], piece[count], piece[count + 1 :]
            if copies > 1:
                places = [
                    item + random.normal(scale=_NOISE * span, size=item.shape).astype(np.float32)
                    for item, span in zip(places, spans, strict=True)
                ]
            _, slopes = asked.gradients(inputs, places, chosen)
            for total, slope in zip(found, slopes, strict=True):
                total[start : start + samples] += slope[:samples] / copies
            start += samples
    return [item.astype(np.float32) for item in found]


def _by_input(asked: Asked, found: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Attributions to each input; a word has the sum over its embedding, zero where nothing leads there."""
    made = [np.zeros(item.shape, np.float32) for item in asked.inputs]
    for (place, _), values in zip(asked.gradients.places, found, strict=True):
        whole = values if values.shape == made[place].shape else values.sum(axis=-1)
        made[place] = made[place] + whole.reshape(made[place].shape)
    return made
