"""What one step of a walk predicts, beside what came and what baselines of its past say, as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.train.judge.baselines import Prediction, fit_baselines
from zoo.train.parts import Sample
from zoo.train.walk.losses import sample_losses

if TYPE_CHECKING:
    from zoo.train.tasks import Task
    from zoo.train.trained import Trained

# Numbers of a sample: of an output with more, such as a window that is rebuilt, only the loss is told.
MOST_NUMBERS = 256


def judged(run: Trained, train: Sample, test: Sample) -> dict[str, Any]:
    """Predictions of ``test`` by a model, and baselines, that were fitted on ``train``.

    Returns:
        ``rows`` of the data at which the windows end; ``loss`` of each sample, as the model minimises it; and
        by output ``loss``, ``actual`` and ``predicted`` (numbers in their units, or numbers of classes),
        ``chances`` of classes, and the ``baselines``.
    """
    raw = run.raw_outputs(test.x, test.part)
    losses, total = sample_losses(run.spec, test.y, raw)
    # A regression anew at each step would take longer than most models.
    alone = replace(train, last=None, hidden=None)
    rows = test.rows if test.rows is not None else np.arange(len(test))
    outputs = {}
    for name, task in run.tasks.items():
        if name not in losses or np.prod(test.y[name].shape[1:]) > MOST_NUMBERS:
            outputs[name] = {"loss": losses[name].tolist() if name in losses else []}
            continue
        fitted = fit_baselines(alone, {name: alone.y[name]}, {name: task})[name]
        said = {"loss": losses[name].tolist(), **_told(run, name, task, test, raw[name])}
        y = np.asarray(test.y[name])
        labels = len(task.truth(y)) if task.classes else None
        beside = fitted.predict(replace(test, last=None, hidden=None), y, name, labels)
        said["baselines"] = {key: _baseline(run, name, task, item, len(y)) for key, item in beside.items()}
        outputs[name] = said
    return {"rows": rows.tolist(), "loss": total.tolist(), "outputs": outputs}


def _told(run: Trained, output: str, task: Task, test: Sample, raw: np.ndarray) -> dict[str, Any]:
    y = np.asarray(test.y[output])
    if not task.classes:
        given = task.probabilities(raw) if task.kind == "binary" else task.numbers(raw)
        return {
            "actual": _numbers(run, output, y, len(y)),
            "predicted": _numbers(run, output, given.reshape(y.shape), len(y)),
        }
    chances = task.probabilities(raw)
    return {
        "actual": task.truth(y).reshape(len(y), -1).tolist(),
        "predicted": chances.argmax(axis=1).reshape(len(y), -1).tolist(),
        "chances": chances.reshape(len(y), -1, chances.shape[-1]).tolist(),
    }


def _baseline(run: Trained, output: str, task: Task, said: Prediction, samples: int) -> dict[str, Any]:
    if not task.classes:
        return {"predicted": _numbers(run, output, np.asarray(said.values), samples)}
    found: dict[str, Any] = {"predicted": np.asarray(said.values).reshape(samples, -1).tolist()}
    if said.probabilities is not None:
        # The same for every sample: what the training part has of each class.
        found["prior"] = np.asarray(said.probabilities)[0].tolist()
    return found


def _numbers(run: Trained, output: str, values: np.ndarray, samples: int) -> list[list[float]]:
    """(sample, number) in the unit of the data."""
    told = values if run.pipeline is None else run.pipeline.in_units(output, values)
    numbers: list[list[float]] = np.asarray(told, np.float64).reshape(samples, -1).tolist()
    return numbers
