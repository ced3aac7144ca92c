"""What an output of a run says of some windows, and what it loses as patches of them are covered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.errors import TrainError
from zoo.explain.names import Names
from zoo.explain.occlusion import occlusion, patches
from zoo.train.names import nearest
from zoo.train.predict import predict

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def output_named(run: Trained, output: str | None) -> str:
    """The output that is asked for; the first where none is.

    Raises:
        TrainError: ``explain.output``.
    """
    known = list(run.spec.outputs)
    if output is None or output in known:
        return output or known[0]
    raise TrainError(f"there is no output `{output}`", help=nearest(output, known), code="explain.output")


def numbers_of(run: Trained, output: str, raw: np.ndarray) -> np.ndarray:
    """(sample, number) of what a model gave for an output: chances of its classes, or its numbers."""
    task = run.tasks[output]
    if not task.classes:
        return np.asarray(task.numbers(raw), np.float64).reshape(len(raw), -1)
    # Of an output per step the last step's.
    return task.probabilities(raw).reshape(len(raw), -1, task.classes)[:, -1]


def mean_window(x: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Input → (…) the mean of its samples; of words the number 0, as padding has it."""
    return {
        name: values.mean(axis=0).astype(values.dtype)
        if values.dtype.kind == "f"
        else np.zeros(values.shape[1:], values.dtype)
        for name, values in x.items()
    }


def occluded(
    run: Trained,
    model: keras.Model,
    x: Mapping[str, np.ndarray],
    names: Names,
    output: str,
    target: np.ndarray,
    baseline: Mapping[str, np.ndarray],
    patch: tuple[int, int] | None = None,
) -> dict[str, np.ndarray]:
    """Input → (sample, …): what the output's target loses with each patch, shared by its numbers.

    Args:
        run: whose outputs they are.
        model: that is asked: the run's own, or another of its spec.
        x: input name → samples.
        names: what their numbers are called.
        output: which one.
        target: (sample,) the class or number that is explained.
        baseline: input name → (…) what covers a patch.
        patch: its steps and features; a tenth of the window's steps and one feature when None.
    """
    outputs, rows = list(run.spec.outputs), np.arange(len(target))

    def asked(given: Mapping[str, Any]) -> np.ndarray:
        raw = predict(model, given, outputs, batch_size=run.batch_size)
        return numbers_of(run, output, raw[output])[rows, target]

    steps, features = patch or (tenth(names), 1)
    return occlusion(asked, x, baseline, patches(names, steps, features))


def tenth(names: Names) -> int:
    """A tenth of the longest window's steps, at least one."""
    longest = max((len(item.lags) for item in names.values() if item.lags is not None), default=1)
    return max(1, round(longest / 10))
