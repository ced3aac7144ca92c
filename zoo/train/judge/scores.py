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
    labels = np.arange(classes)
    # A test part may lack a class, and a baseline may never say one: both are results here, nothing to warn
    # of.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
            "macro_f1": metrics.f1_score(truth, predicted, labels=labels, average="macro", zero_division=0),
            "mcc": metrics.matthews_corrcoef(truth, predicted),
        }
    if probabilities is not None:
        chosen = probabilities[np.arange(len(truth)), truth]
        # Keras's losses clip at the same place.
        scores["nll"] = -np.log(np.clip(chosen, 1e-7, 1.0)).mean()
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
    table: np.ndarray = metrics.confusion_matrix(truth, predicted, labels=np.arange(classes))
    return table
