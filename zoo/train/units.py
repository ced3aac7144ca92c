"""What a model gives → what a user is told: numbers in the unit of the data they came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from zoo.train.tasks import Task

if TYPE_CHECKING:
    from zoo.data import Pipeline


def in_units(
    raw: Mapping[str, np.ndarray], tasks: Mapping[str, Task], pipeline: Pipeline | None
) -> dict[str, np.ndarray]:
    """Every output's numbers in the unit of the data, in the shape they have; outputs of classes as they are.

    Quantiles are numbers of that unit too. Of a Student t distribution they are the location and the scale,
    beside which its degrees of freedom have no unit.

    Args:
        raw: what the model gives, by output.
        tasks: what each output is asked for.
        pipeline: what was fitted on the data; None where nothing was.
    """
    return {name: _of_output(values, name, tasks[name], pipeline) for name, values in raw.items()}


def _of_output(raw: np.ndarray, output: str, task: Task, pipeline: Pipeline | None) -> np.ndarray:
    if task.classes:
        return raw

    def told(values: np.ndarray) -> np.ndarray:
        return values if pipeline is None else pipeline.in_units(output, values)

    if task.spread != "student_t":
        return told(raw)
    location, scale, freedom = (raw[..., place : place + 1] for place in range(3))
    # A scale is a difference of two numbers: only the factor of the scaler has to do with it.
    width = np.logaddexp(0, scale)
    return np.concatenate(
        [told(location), told(width) - told(np.zeros_like(width)), 2 + np.logaddexp(0, freedom)], axis=-1
    )
