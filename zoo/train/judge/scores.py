"""Scores of one output: of classes, or of numbers. Nothing here knows a model."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn import metrics

CLASS_SCORES = ("accuracy", "balanced_accuracy", "macro_f1", "mcc", "nll")
NUMBER_SCORES = ("mae", "rmse", "r2")


def class_scores(
    truth: np.ndarray, predicted: np.ndarray, classes: int, probabilities: np.ndarray | None = None
) -> dict[str, float]:
    """Accuracy, balanced accuracy, macro-F1, Matthews correlation and, given chances, mean −log p(truth).

    Macro-F1 is the plain mean over all classes, those that never occur included with F1 = 0: the number to
    compare with another's macro-F1, and never the weighted F1 that some papers print beside it.

    Args:
        truth: class numbers, ``(samples,)``.
        predicted: class numbers, ``(samples,)``.
        classes: how many there are.
        probabilities: ``(samples, class)``.
    """
    counts = Counts(classes)
    counts.add(truth, predicted, probabilities)
    return counts.scores()


class Counts:
    """What ``class_scores`` scores, sample after sample: how often a class was called another.

    Args:
        classes: how many there are.

    Attributes:
        table: counts, ``(true class, predicted class)``.
    """

    def __init__(self, classes: int) -> None:
        self.table = np.zeros((classes, classes), np.int64)
        self._surprise: float | None = None

    def add(self, truth: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray | None = None) -> None:
        """Some more samples; arguments as in ``class_scores``."""
        self.table += confusion(truth, predicted, len(self.table))
        if probabilities is not None:
            chosen = probabilities[np.arange(len(truth)), truth]
            # Keras's losses clip at the same place.
            self._surprise = (self._surprise or 0.0) - float(np.log(np.clip(chosen, 1e-7, 1.0)).sum())

    def scores(self) -> dict[str, float]:
        """What ``class_scores`` gives for all samples so far."""
        truth, predicted = np.nonzero(self.table)
        scores = _scores(truth, predicted, len(self.table), self.table[truth, predicted])
        if self._surprise is not None:
            scores["nll"] = self._surprise / max(1, int(self.table.sum()))
        return scores


def _scores(truth: np.ndarray, predicted: np.ndarray, classes: int, weights: np.ndarray) -> dict[str, float]:
    labels, told = np.arange(classes), {"sample_weight": weights}
    # A test part may lack a class, and a baseline may never say one: both are results here, nothing to warn
    # of.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = {
            "accuracy": metrics.accuracy_score(truth, predicted, **told),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted, **told),
            "macro_f1": metrics.f1_score(
                truth, predicted, labels=labels, average="macro", zero_division=0, **told
            ),
            "mcc": metrics.matthews_corrcoef(truth, predicted, **told),
        }
    return {name: float(value) for name, value in scores.items()}


def number_scores(truth: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Mean absolute and root mean square error in the target's unit, and R² against the part's own mean."""
    error = np.asarray(predicted, dtype=np.float64) - truth
    total = float(((truth - truth.mean(axis=0)) ** 2).sum())
    squared = float((error**2).sum())
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "r2": 1 - squared / total if total > 0 else float("nan"),
    }


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts, ``(true class, predicted class)``."""
    cells = np.asarray(truth, np.int64) * classes + np.asarray(predicted, np.int64)
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes)
