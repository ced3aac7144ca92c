"""Labels and values a user gives for the outputs → the arrays their losses take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zoo.errors import TrainError
from zoo.train.arrays import check_finite, fits, to_array
from zoo.train.names import by_name
from zoo.train.tasks import Task


def check_targets(y: Any, tasks: Mapping[str, Task], samples: int) -> dict[str, np.ndarray]:
    """``y`` by output name: class numbers, one-hot rows or values, as each output's loss takes them.

    One-hot rows for a sparse loss become class numbers, and class numbers for a one-hot loss become rows.

    Args:
        y: an array, a list in the spec's order, or a map by output name.
        tasks: what each output is asked for.
        samples: how many samples ``x`` has.

    Raises:
        TrainError: codes ``train.output_count``, ``train.output_name``, ``train.dtype``, ``train.length``,
            ``train.shape``, ``train.labels``, ``train.not_finite``.
    """
    ranks = [len(task.target_shape) + 1 for task in tasks.values()]
    given = by_name(y, list(tasks), "output", ranks)
    return {name: check_target(value, tasks[name], name, samples) for name, value in given.items()}


def check_target(value: Any, task: Task, name: str, samples: int | None = None) -> np.ndarray:
    """The target of one output; see ``check_targets``."""
    where = f"y for output `{name}`"
    array = to_array(value, where)
    if array.ndim == 0 or (samples is not None and len(array) != samples):
        received = "a single number" if array.ndim == 0 else f"{len(array)} samples"
        raise TrainError(
            f"{where} has {received}, x has {samples}",
            help="give one row of y for each row of x, in the same order",
            code="train.length",
        )
    check_finite(array, where)
    if task.kind == "labels":
        return _labels(array, task, where)
    if task.kind == "one_hot":
        return _one_hot(array, task, where)
    values = _shaped(array, task, where)
    if task.kind == "binary":
        _check_binary(values, where)
    return values.astype(np.float32, copy=False)


def _labels(array: np.ndarray, task: Task, where: str) -> np.ndarray:
    classes = task.shape[-1]
    expected = task.target_shape
    if fits(array.shape[1:], (*expected, classes)) and array.ndim > 1 and _is_one_hot(array):
        return array.argmax(axis=-1).astype(np.int32)
    if array.ndim == len(expected) + 2 and array.shape[-1] == 1:
        array = array[..., 0]
    if not fits(array.shape[1:], expected):
        raise _shape_error(
            array, expected, where, f"class numbers from 0 to {_top(classes)}, or one-hot rows"
        )
    return _check_range(array, classes, where)


def _one_hot(array: np.ndarray, task: Task, where: str) -> np.ndarray:
    classes = task.shape[-1]
    if fits(array.shape[1:], task.shape):
        if (array < 0).any() or not np.allclose(array.sum(axis=-1), 1, atol=1e-4):
            raise TrainError(
                f"{where} has rows that are no probabilities: they must be at least 0 and sum to 1",
                help="give one-hot rows, or class numbers from 0",
                code="train.labels",
            )
        return array.astype(np.float32, copy=False)
    if array.ndim == len(task.shape) + 1 and array.shape[-1] == 1:
        array = array[..., 0]
    if classes is None or not fits(array.shape[1:], task.shape[:-1]):
        raise _shape_error(array, task.shape, where, "one-hot rows, or class numbers from 0")
    return np.eye(classes, dtype=np.float32)[_check_range(array, classes, where)]


def _check_range(array: np.ndarray, classes: int | None, where: str) -> np.ndarray:
    # What is mapped from a file may be larger than memory.
    mapped = isinstance(array.base, np.memmap) and array.dtype.kind == "i"
    labels = array if mapped else array.astype(np.int32)
    if not mapped and not np.array_equal(labels, array):
        raise TrainError(
            f"{where} must hold class numbers, received fractions",
            help="class numbers are whole and count from 0",
            code="train.labels",
        )
    if not labels.size or (labels.min() >= 0 and (classes is None or labels.max() < classes)):
        return labels
    bad = labels < 0 if classes is None else (labels < 0) | (labels >= classes)
    if bad.any():
        first = np.unravel_index(int(bad.argmax()), bad.shape)
        low, high = int(labels.min()), int(labels.max())
        shift = (
            f"; they run from {low} to {high}: subtract {low}"
            if low > 0 and high - low < (classes or 0)
            else ""
        )
        raise TrainError(
            f"{where}: {int(bad.sum())} labels lie outside 0…{_top(classes)}, "
            f"the first ({labels[first]}) at [{', '.join(str(int(i)) for i in first)}]",
            help=f"class numbers count from 0, and the model has {classes} classes{shift}",
            code="train.labels",
            data={"count": int(bad.sum()), "position": [int(i) for i in first], "classes": classes},
        )
    return labels


def _check_binary(values: np.ndarray, where: str) -> None:
    if values.size and (values.min() < 0 or values.max() > 1):
        raise TrainError(
            f"{where}: the loss takes 0 to 1, received {values.min():g} to {values.max():g}",
            help="code the two classes as 0 and 1",
            code="train.labels",
        )


def _shaped(array: np.ndarray, task: Task, where: str) -> np.ndarray:
    expected = task.target_shape
    # (n,) for one unit, and (n, 1) for a scalar, are the same numbers.
    if expected and expected[-1] == 1 and fits(array.shape[1:], expected[:-1]):
        array = array[..., None]
    elif array.ndim == len(expected) + 2 and array.shape[-1] == 1 and fits(array.shape[1:-1], expected):
        array = array[..., 0]
    if not fits(array.shape[1:], expected):
        raise _shape_error(array, expected, where, "numbers")
    return array


def _is_one_hot(array: np.ndarray) -> bool:
    return bool(((array == 0) | (array == 1)).all() and (array.sum(axis=-1) == 1).all())


def _top(classes: int | None) -> str:
    return "classes-1" if classes is None else str(classes - 1)


def _shape_error(array: np.ndarray, expected: tuple[int | None, ...], where: str, what: str) -> TrainError:
    shown = ", ".join(["batch", *("any" if size is None else str(size) for size in expected)])
    received = ", ".join(map(str, array.shape))
    shown, received = (text + "," if "," not in text else text for text in (shown, received))
    return TrainError(
        f"{where}: expected ({shown}), received ({received})",
        help=f"the loss takes {what}",
        code="train.shape",
        data={"expected": [None, *expected], "received": list(array.shape)},
    )
