"""A model called again and again as if for the first time: the same noise and states, nothing learnt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import keras
import numpy as np

from zoo.layers.reset_states import reset_states

_ROUNDING = 1e-5  # of a number's own size: what single precision and another order of sums can move


@contextmanager
def as_it_was(model: keras.Model) -> Iterator[None]:
    """Whatever is done inside, the model's variables are afterwards what they were.

    Those are weights, statistics, states, and the seeds that dropout goes by.
    """
    kept = [(variable, keras.ops.convert_to_numpy(variable)) for variable in model.variables]
    kept = [(variable, np.array(value)) for variable, value in kept]
    try:
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)


def run(
    model: keras.Model, x: Mapping[str, np.ndarray], names: Sequence[str], *, training: bool
) -> list[np.ndarray]:
    """What a functional model gives for inputs by name, output by output, from states of zero."""
    with as_it_was(model):
        reset_states(model)
        arrays = iter([keras.ops.convert_to_tensor(x[name]) for name in names])
        # In the form in which the model was made: one tensor, a list, or a map.
        form = getattr(model, "_inputs_struct", list(names))
        inputs = keras.tree.map_structure(lambda _: next(arrays), form)
        made = model(inputs, training=training)
        outputs = keras.tree.flatten(made)
        return [np.asarray(keras.ops.convert_to_numpy(item)) for item in outputs]


def moved(before: np.ndarray, after: np.ndarray) -> float:
    """How far two results are apart at the most; infinite where only one of them has a number."""
    first, second = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if first.shape != second.shape:
        return float("inf")
    if not first.size:
        return 0.0
    if (np.isfinite(first) != np.isfinite(second)).any():
        return float("inf")
    with np.errstate(invalid="ignore"):
        gap = np.abs(first - second)
    return float(np.nanmax(gap)) if np.isfinite(gap).any() else 0.0


def tolerance_of(values: np.ndarray) -> float:
    """How much results may move by rounding alone."""
    numbers = np.abs(np.asarray(values, np.float64))
    finite = numbers[np.isfinite(numbers)]
    return _ROUNDING * max(float(finite.max()) if finite.size else 0.0, 1e-3)
