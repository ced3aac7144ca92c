"""Predictions for many windows, a batch at a time, with few shapes for the backend to compile."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.layers.reset_states import reset_states

# Numbers in a batch: recurrent layers hold a hundred times as much, and larger batches are no faster.
_NUMBERS = 2**18
_LARGEST = 1024


def predict(
    model: keras.Model, x: Mapping[str, Any], names: Sequence[str], *, batch_size: int | None = None
) -> dict[str, np.ndarray]:
    """The model's outputs for every window, by output name.

    States of stateful layers begin at zero and are carried from batch to batch: the same windows give the
    same numbers, whatever the model saw before.

    A short batch is filled up to a power of two and cut again, so that a backend compiles at most ten shapes
    in a process, and the numbers are the same whether windows come lazily or as an array.

    Args:
        model: of the spec.
        x: input name → array or lazy windows, in the model's order.
        names: of the outputs, in the model's order.
        batch_size: the model's own, where its inputs fix one.
    """
    reset_states(model)
    inputs = list(x.values())
    samples = len(inputs[0])
    most = batch_size or _batch_for(model)
    parts: list[list[np.ndarray]] = [[] for _ in names]
    for start in range(0, samples, most):
        rows = np.arange(start, min(samples, start + most))
        size = batch_size or _rounded(len(rows))
        batch = [_filled(values[rows], size) for values in inputs]
        raw = model.predict_on_batch(batch[0] if len(batch) == 1 else batch)
        for part, values in zip(parts, _in_order(raw, names), strict=True):
            part.append(np.asarray(values)[: len(rows)])
    return {name: _joined(part, model, i) for i, (name, part) in enumerate(zip(names, parts, strict=True))}


def _batch_for(model: keras.Model) -> int:
    numbers = sum(math.prod(size or 1 for size in item.shape[1:]) for item in model.inputs)
    fitting = max(1, _NUMBERS // max(1, numbers))
    return min(_LARGEST, max(32, 1 << (fitting.bit_length() - 1)))


def _rounded(size: int) -> int:
    return 1 << (size - 1).bit_length()


def _filled(batch: np.ndarray, size: int) -> np.ndarray:
    missing = size - len(batch)
    # Repeats of a real sample, not zeros: they can neither overflow nor divide by zero where the sample does
    # not.
    return np.concatenate([batch, np.repeat(batch[-1:], missing, axis=0)]) if missing else batch


def _in_order(raw: Any, names: Sequence[str]) -> list[Any]:
    if isinstance(raw, Mapping):
        return [raw[name] for name in names]
    return list(raw) if isinstance(raw, (list, tuple)) else [raw]


def _joined(part: list[np.ndarray], model: keras.Model, i: int) -> np.ndarray:
    if part:
        return np.concatenate(part)
    output = model.outputs[i]
    return np.empty((0, *(size or 0 for size in output.shape[1:])), dtype=output.dtype)
