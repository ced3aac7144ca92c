"""What a model must beat, fitted on the training part alone.

For classes: the commonest one, persistence, a logistic regression on the last snapshot (on all numbers of a
sample where time has no part in it) and, on simulated data, an oracle that is told the hidden state. For
numbers: the mean and, in time order, the last value.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zoo.data.blocks import spans
from zoo.train.parts import Sample
from zoo.train.tasks import Task

TITLES = {
    "majority": "majority",
    "persistence": "persistence",
    "logistic": "logistic, snapshot",
    "oracle": "oracle, hidden state",
    "mean": "mean",
    "last_value": "last value",
}
# Logistic regression gains nothing from more rows than this, and takes minutes on a million.
_MOST_ROWS = 100_000
# A bundle carries the mean of a target; one of more numbers than these has a mean for each channel alone.
_MOST_TARGETS = 4_096
_CHUNK = 4_096  # windows in memory at once


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a baseline says of each sample: a class or a number, and chances where it has any."""

    values: np.ndarray
    probabilities: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted multinomial logistic regression: chances = softmax(x · coef + intercept).

    Args:
        coef: ``(feature, class)``.
        intercept: ``(class,)``; −inf for a class the training part never showed.
    """

    coef: np.ndarray
    intercept: np.ndarray

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """``(samples, class)``."""
        scores = x @ self.coef + self.intercept
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: np.ndarray = scores / scores.sum(axis=1, keepdims=True)
        return result


@dataclass(frozen=True, slots=True)
class Baselines:
    """The fitted baselines of one output.

    Args:
        prior: chance of each class in the training part; empty for numbers.
        mean: of the target in the training part, for numbers; of its last axis alone for a large target.
        last: the training part's last target, for numbers in time order.
        linear: ``logistic`` and ``oracle``, those of them that the data allows.
    """

    prior: np.ndarray
    mean: np.ndarray | None = None
    last: np.ndarray | None = None
    linear: Mapping[str, Linear] = field(default_factory=dict)

    def predict(
        self, part: Sample, y: np.ndarray, output: str, labels: int | None = None
    ) -> dict[str, Prediction]:
        """Baseline name → its predictions for ``part``.

        Args:
            part: the samples to judge.
            output: whose baselines these are.
            y: the part's targets, in time order: where the part has no last value of its own for an output,
                that of a sample is the target before it.
            labels: how many classes there are to be said, where each step of a sample has one.
        """
        if self.mean is not None:
            said = {"mean": Prediction(np.broadcast_to(self.mean, y.shape))}
            if (before := self._last_value(part, y, output)) is not None:
                said["last_value"] = Prediction(before)
            return said
        samples = len(part) if labels is None else labels
        found = {
            "majority": Prediction(
                np.full(samples, int(self.prior.argmax())),
                np.broadcast_to(self.prior, (samples, len(self.prior))),
            )
        }
        persistence = part.persistence_of(output)
        if persistence is not None:
            found["persistence"] = Prediction(np.ravel(persistence))
        for name, x in (("logistic", part.last), ("oracle", part.hidden)):
            if name in self.linear and x is not None:
                chances = _chances(self.linear[name], x)
                found[name] = Prediction(chances.argmax(axis=1), chances)
        return found

    def _last_value(self, part: Sample, y: np.ndarray, output: str) -> np.ndarray | None:
        if isinstance(part.persistence, Mapping) and output in part.persistence:
            known = part.persistence[output]
            return None if known is None else np.reshape(known, y.shape)
        return None if self.last is None else np.concatenate([self.last[None], y[:-1]])

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a bundle: an opened model is judged beside the same baselines."""
        return {
            "prior": self.prior.tolist(),
            "mean": None if self.mean is None else self.mean.tolist(),
            "last": None if self.last is None else self.last.tolist(),
            # JSON has no infinity.
            "linear": {
                name: {
                    "coef": line.coef.tolist(),
                    "intercept": [value if np.isfinite(value) else None for value in line.intercept.tolist()],
                }
                for name, line in self.linear.items()
            },
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> Baselines:
        """The baselines that ``to_dict`` wrote."""
        return Baselines(
            prior=np.array(values["prior"], dtype=np.float64),
            mean=None if values["mean"] is None else np.array(values["mean"], dtype=np.float64),
            last=None if values["last"] is None else np.array(values["last"], dtype=np.float64),
            linear={
                name: Linear(
                    np.array(line["coef"], dtype=np.float64),
                    np.array([-np.inf if value is None else value for value in line["intercept"]]),
                )
                for name, line in values["linear"].items()
            },
        )


def fit_baselines(
    train: Sample,
    y: Mapping[str, np.ndarray],
    tasks: Mapping[str, Task],
    weights: Mapping[str, np.ndarray] | None = None,
) -> dict[str, Baselines]:
    """Fit the baselines of every output on the training part.

    Args:
        train: the training part.
        tasks: what each output is asked for.
        y: targets by output, as the model is trained on them.
        weights: of the samples, by output: a model trained with class weights is set beside a regression
            that has them.
    """
    return {name: _fit(train, y[name], task, (weights or {}).get(name)) for name, task in tasks.items()}


def _fit(train: Sample, y: Any, task: Task, weights: np.ndarray | None) -> Baselines:
    if not task.classes:
        if not isinstance(y, np.ndarray):
            # Targets that are windows: the one before is the same but for a row, and no forecast.
            return Baselines(np.empty(0), mean=_mean_window(y))
        large = y[0].size > _MOST_TARGETS
        mean = np.asarray(y.mean(axis=tuple(range(y.ndim - 1)) if large else 0, dtype=np.float64))
        return Baselines(np.empty(0), mean=mean, last=y[-1].astype(np.float64) if train.ordered else None)
    counts = np.zeros(task.classes)
    for some in spans(len(y)):
        counts += np.bincount(task.truth(y[some]), minlength=task.classes)
    prior = counts / max(counts.sum(), 1)
    linear = {}
    # A label for each step has no one last snapshot to be judged by.
    if counts.sum() == len(train):
        for name, x in (("logistic", train.last), ("oracle", train.hidden)):
            if x is not None and np.count_nonzero(counts) > 1:
                linear[name] = _logistic(x, y, task, weights)
    return Baselines(prior, linear=linear)


def _mean_window(windows: Any) -> np.ndarray:
    """The mean of lazy windows, gathered in pieces; of each channel alone where a window is large."""
    total = np.zeros(windows.shape[1:])
    for start in range(0, len(windows), _CHUNK):
        total += windows[start : start + _CHUNK].sum(axis=0, dtype=np.float64)
    mean: np.ndarray = total / max(1, len(windows))
    return mean.mean(axis=tuple(range(mean.ndim - 1))) if mean.size > _MOST_TARGETS else mean


def _logistic(x: Any, y: np.ndarray, task: Task, weights: np.ndarray | None) -> Linear:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if len(x) > _MOST_ROWS:
        rows = np.linspace(0, len(x) - 1, _MOST_ROWS).astype(np.int64)
        x, y = x[rows], y[rows]
        weights = weights[rows] if weights is not None else None
    x, labels, classes = _flat(x), task.truth(y), task.classes or 0
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    model = LogisticRegression(max_iter=500)
    with warnings.catch_warnings():
        # The last digits of a baseline are of no interest.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit((x - mean) / spread, labels, sample_weight=weights)
    coef = np.zeros((x.shape[1], classes))
    intercept = np.full(classes, -np.inf)
    # Two classes come as one row: the scores of the second, those of the first being zero.
    rows_ = model.coef_ if len(model.classes_) > 2 else np.vstack([np.zeros_like(model.coef_), model.coef_])
    base = model.intercept_ if len(model.classes_) > 2 else np.array([0.0, model.intercept_[0]])
    coef[:, model.classes_] = rows_.T / spread[:, None]
    intercept[model.classes_] = base - (mean / spread) @ rows_.T
    return Linear(coef, intercept)


def _chances(line: Linear, x: Any) -> np.ndarray:
    """``(samples, class)``; what is mapped from a file is never all in memory."""
    starts = range(0, max(1, len(x)), _MOST_ROWS)
    return np.concatenate([line.probabilities(_flat(x[start : start + _MOST_ROWS])) for start in starts])


def _flat(x: np.ndarray) -> np.ndarray:
    return np.asarray(x, dtype=np.float64).reshape(len(x), -1)
