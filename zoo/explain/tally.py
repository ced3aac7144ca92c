"""Scores as sums over blocks of samples: any resampling of the blocks is then a product of matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# Of these less is better.
ERRORS = ("nll", "mae", "rmse")

Sums = NDArray[np.float64]


class Tally(Protocol):
    """What the samples of one output add up to."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """The scores that it knows, the usual one first."""

    def count(self, given: NDArray[np.float64]) -> Sums:
        """(block, sum) of what a model gave for all samples."""

    def scores(self, sums: Sums) -> Mapping[str, NDArray[np.float64]]:
        """Score → (…) of sums (…, sum), those of as many blocks as were added."""


class ClassTally:
    """The scores of ``zoo.train.scores.class_scores``, from counts of hits, of guesses and of truths.

    Args:
        truth: class numbers, (sample,).
        classes: how many there are.
        block: (sample,) number of its block, from 0.
    """

    metrics = ("macro_f1", "accuracy", "balanced_accuracy", "mcc", "nll")

    def __init__(self, truth: NDArray[np.int64], classes: int, block: NDArray[np.int64]) -> None:
        self.truth = truth
        self.classes = classes
        self.block = block
        self.blocks = int(block.max(initial=-1)) + 1

    def count(self, given: NDArray[np.float64]) -> Sums:
        """(block, 3·class + 1): hits, guesses and truths of each class, and the sum of −log p(truth).

        Args:
            given: probabilities, (sample, class).
        """
        guess = given.argmax(axis=1)
        hits = self._by_class(self.truth, guess == self.truth)
        chosen = given[np.arange(len(given)), self.truth]
        surprise = np.bincount(self.block, -np.log(np.clip(chosen, 1e-7, 1.0)), minlength=self.blocks)
        return np.hstack([hits, self._by_class(guess), self._by_class(self.truth), surprise[:, None]])

    def _by_class(self, numbers: NDArray[np.int64], which: NDArray[np.bool_] | None = None) -> Sums:
        cells = self.block * self.classes + numbers
        found = np.bincount(cells if which is None else cells[which], minlength=self.blocks * self.classes)
        return found.reshape(self.blocks, self.classes).astype(np.float64)

    def scores(self, sums: Sums) -> dict[str, NDArray[np.float64]]:
        """Score → (…)."""
        hits, guessed, true = np.split(sums[..., :-1], 3, axis=-1)
        total, right = true.sum(axis=-1), hits.sum(axis=-1)
        recall = _ratio(hits, true)
        occurring = (true > 0).sum(axis=-1)
        spread = (total**2 - (guessed**2).sum(axis=-1)) * (total**2 - (true**2).sum(axis=-1))
        return {
            "accuracy": _ratio(right, total),
            "balanced_accuracy": _ratio(recall.sum(axis=-1), occurring),
            "macro_f1": _ratio(2 * hits, guessed + true).mean(axis=-1),
            "mcc": _ratio(right * total - (guessed * true).sum(axis=-1), np.sqrt(spread)),
            "nll": _ratio(sums[..., -1], total),
        }


class NumberTally:
    """The scores of ``zoo.train.scores.number_scores``, from sums of errors and of truths.

    Args:
        truth: (sample, number), in the unit in which errors are told.
        block: (sample,) number of its block, from 0.
    """

    metrics = ("mae", "rmse", "r2")

    def __init__(self, truth: NDArray[np.float64], block: NDArray[np.int64]) -> None:
        self.truth = np.asarray(truth, np.float64)
        self.block = block
        self.blocks = int(block.max(initial=-1)) + 1
        # Squares of numbers far from zero would cancel.
        self._centred = self.truth - self.truth.mean(axis=0)

    def count(self, given: NDArray[np.float64]) -> Sums:
        """(block, 3 + 2·number): samples, their absolute and squared errors, sums and squares of truths.

        Args:
            given: numbers, (sample, number), in the unit of the truth.
        """
        error = np.asarray(given, np.float64) - self.truth
        per_sample = [np.ones(len(error)), np.abs(error).sum(axis=1), (error**2).sum(axis=1)]
        columns = [*per_sample, *self._centred.T, *(self._centred**2).T]
        return np.stack(
            [np.bincount(self.block, column, minlength=self.blocks) for column in columns], axis=1
        )

    def scores(self, sums: Sums) -> dict[str, NDArray[np.float64]]:
        """Score → (…)."""
        samples, absolute, squared = sums[..., 0], sums[..., 1], sums[..., 2]
        total, squares = np.split(sums[..., 3:], 2, axis=-1)
        numbers = samples * self.truth.shape[1]
        spread = (squares - _ratio(total**2, samples[..., None])).sum(axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            r2 = np.where(spread > 0, 1 - squared / spread, np.nan)
        return {"mae": _ratio(absolute, numbers), "rmse": np.sqrt(_ratio(squared, numbers)), "r2": r2}


def loss_of_score(
    metric: str, before: NDArray[np.float64], after: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By how much a score became worse; of an error, by how much it grew."""
    return after - before if metric in ERRORS else before - after


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Their quotient, 0 where there is nothing below."""
    found = np.zeros(np.broadcast_shapes(np.shape(above), np.shape(below)))
    return np.divide(above, below, out=found, where=np.asarray(below) > 0)
