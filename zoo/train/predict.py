"""Predictions for many windows, a batch at a time, with few shapes for the backend to compile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.layers.reset_states import reset_states
from zoo.layers.states import carries_state, states_aside
from zoo.serve.batching import batch_for, filled, rounded
from zoo.serve.joining import joined

if TYPE_CHECKING:
    from zoo.data import Part

Change = Callable[[Mapping[str, Any], np.ndarray], Mapping[str, Any]]


def predict(
    model: keras.Model, x: Mapping[str, Any], names: Sequence[str], *, batch_size: int | None = None
) -> dict[str, np.ndarray]:
    """The model's outputs for every window, by output name.

    States of stateful layers begin at zero, are carried from batch to batch, and are then what they were:
    the same windows give the same numbers, whatever the model saw before.

    A short batch is filled up to a power of two and cut again, so that a backend compiles at most ten shapes
    in a process, and the numbers are the same whether windows come lazily or as an array.

    Args:
        model: of the spec.
        x: input name → array or lazy windows, in the model's order.
        names: of the outputs, in the model's order.
        batch_size: the model's own, where its inputs fix one.
    """
    samples = len(next(iter(x.values())))
    most = batch_size or batch_for(model)

    def batches() -> Iterator[Sequence[np.ndarray]]:
        for start in range(0, samples, most):
            rows = np.arange(start, min(samples, start + most))
            yield predict_batch(model, x, rows, names, batch_size or rounded(len(rows)))

    with states_aside(model):
        return joined(batches(), samples, names) if samples else _nothing(model, names)


def predict_part(
    model: keras.Model,
    part: Part,
    names: Sequence[str],
    *,
    batch_size: int | None = None,
    change: Change | None = None,
) -> dict[str, np.ndarray]:
    """The model's outputs for a part of data, by output name.

    Where layers are stateful, a state begins with every session or symbol and goes through all its windows
    up to the part's last one, also those of the parts before: they are past by then, and are only read. Every
    window is in all places of its batch, so that the numbers do not depend on the batch's size.

    Args:
        model: of the spec.
        part: of the data.
        names: of the outputs, in the model's order.
        batch_size: the model's own, where its inputs fix one.
        change: (windows by input name, place of each sample of the part among them) → what the model is given
            instead. None: as they are.
    """
    from zoo.data.history import with_history

    history = with_history(part) if carries_state(model) else None
    if history is None:
        x = part.x if change is None else change(part.x, np.arange(len(part)))
        return predict(model, x, names, batch_size=batch_size)
    x = history.x if change is None else change(history.x, history.kept)
    starts = history.starts

    def windows() -> Iterator[Sequence[np.ndarray]]:
        for row, begins in enumerate(starts):
            if begins:
                reset_states(model)
            yield predict_batch(model, x, np.array([row]), names, batch_size or 1)

    with states_aside(model):
        found = joined(windows(), len(starts), names) if len(starts) else _nothing(model, names)
    return {name: values[history.kept] for name, values in found.items()}


def predict_batch(
    model: keras.Model, x: Mapping[str, Any], rows: np.ndarray, names: Sequence[str], size: int
) -> list[np.ndarray]:
    """The outputs for some samples, in the order of ``names``, computed as one batch of ``size``."""
    batch = [filled(values[rows], size) for values in x.values()]
    raw = model.predict_on_batch(batch[0] if len(batch) == 1 else batch)
    return [np.asarray(values)[: len(rows)] for values in _in_order(raw, names)]


def _in_order(raw: Any, names: Sequence[str]) -> list[Any]:
    if isinstance(raw, Mapping):
        return [raw[name] for name in names]
    return list(raw) if isinstance(raw, (list, tuple)) else [raw]


def _nothing(model: keras.Model, names: Sequence[str]) -> dict[str, np.ndarray]:
    return {
        name: np.empty((0, *(size or 0 for size in output.shape[1:])), dtype=output.dtype)
        for name, output in zip(names, model.outputs, strict=True)
    }
