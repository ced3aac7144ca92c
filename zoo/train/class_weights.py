"""Weights of classes in the loss → weights of samples, for one output or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zoo.errors import TrainError
from zoo.train.names import nearest
from zoo.train.tasks import Task

_HELP = "give `balanced`, or a weight for each class such as {0: 1.0, 1: 0.5, 2: 1.0}"


def sample_weights(
    class_weight: Any, y: Mapping[str, np.ndarray], tasks: Mapping[str, Task]
) -> dict[str, np.ndarray] | None:
    """Output name → weight of each sample; None where nothing is to be weighted.

    ``balanced`` gives class c the weight n / (classes · n_c), so that every class counts alike. With several
    outputs ``balanced`` means every output that has classes, and a map goes by output name.

    Args:
        class_weight: None, ``balanced``, a map from class number to weight, or a map from output name to
            either.
        tasks: what each output is asked for.
        y: targets of the training part only, by output name.

    Raises:
        TrainError: code ``train.class_weight``.
    """
    if class_weight is None or class_weight == {}:
        return None
    wanted = _by_output(class_weight, tasks)
    return {name: _weigh(value, y[name], tasks[name], name) for name, value in wanted.items()} or None


def _by_output(class_weight: Any, tasks: Mapping[str, Task]) -> dict[str, Any]:
    classified = [name for name, task in tasks.items() if task.classes]
    if isinstance(class_weight, Mapping) and any(_class(key) is None for key in class_weight):
        for name in class_weight:
            if name not in tasks:
                raise _error(
                    f"class_weight names `{name}`, which is no output", nearest(str(name), list(tasks))
                )
            if name not in classified:
                raise _error(
                    f"class_weight names `{name}`, an output of numbers: it has no classes", "leave it out"
                )
        return dict(class_weight)
    if not classified:
        raise _error("class_weight is given, and no output has classes", "leave it out")
    if class_weight == "balanced":
        return dict.fromkeys(classified, "balanced")
    if len(tasks) > 1 and isinstance(class_weight, Mapping):
        raise _error(
            f"class_weight gives weights by class, and the model has {len(tasks)} outputs",
            f"say which output is meant: {{{classified[0]}: {{0: 1.0, ...}}}}",
        )
    return {classified[0]: class_weight}


def _weigh(value: Any, y: np.ndarray, task: Task, name: str) -> np.ndarray:
    labels = task.truth(y)
    classes = task.classes or 0
    if value == "balanced":
        counts = np.bincount(labels, minlength=classes)
        # A class that never occurs weighs nothing and would divide by zero.
        table = np.where(counts > 0, len(labels) / (classes * np.maximum(counts, 1)), 0.0)
    elif isinstance(value, Mapping):
        table = _table(value, classes, name)
    else:
        raise _error(f"class_weight for `{name}` must be `balanced` or a map, received {value!r}", _HELP)
    weights: np.ndarray = table[labels].astype(np.float32)
    # One weight a sample where labels are one a sample, one a step where they are one a step.
    steps = y.shape[: y.ndim - 1] if task.kind in ("one_hot", "binary") and y.ndim > 1 else y.shape
    return weights.reshape(steps)


def _table(value: Mapping[Any, Any], classes: int, name: str) -> np.ndarray:
    table = np.ones(classes)
    for key, weight in value.items():
        label = _class(key)
        if label is None or not 0 <= label < classes:
            raise _error(
                f"class_weight for `{name}`: no class `{key}`; classes run from 0 to {classes - 1}", _HELP
            )
        try:
            table[label] = float(weight)
        except (TypeError, ValueError):
            raise _error(
                f"class_weight for `{name}`: the weight of class {label} is no number", _HELP
            ) from None
        if not (np.isfinite(table[label]) and table[label] >= 0):
            raise _error(f"class_weight for `{name}`: the weight of class {label} must be 0 or more", _HELP)
    return table


def _class(key: Any) -> int | None:
    # R and JSON write the class numbers of a map as text.
    try:
        return int(key)
    except (TypeError, ValueError):
        return None


def _error(message: str, help_: str) -> TrainError:
    return TrainError(message, help=help_, code="train.class_weight")
