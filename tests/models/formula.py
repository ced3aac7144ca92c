"""Weights and inputs from a formula: the same in every process, on every backend and with every Keras.

Number ``n`` of the sequence is the fractional part of n times the golden ratio, which fills the unit interval
evenly; each array takes its own stretch of it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_GOLDEN = (math.sqrt(5) - 1) / 2
OPEN = 300  # an open size: three_outputs, whose texts are of any length, needs 269 words
_STRETCH = 7919  # a prime, so that two arrays of a common size do not hold the same numbers


def between(low: float, high: float, shape: tuple[int, ...], place: int) -> np.ndarray:
    """Numbers from `low` to `high`; `place` says which array it is."""
    count = np.arange(1, math.prod(shape) + 1, dtype=np.float64) + place * _STRETCH
    return (low + (high - low) * np.mod(count * _GOLDEN, 1.0)).reshape(shape)


def fill(model: Any) -> None:
    """Gives every weight of a model its numbers; frozen ones stay, which the spec itself has set."""
    for place, weight in enumerate(model.weights):
        shape = tuple(weight.shape)
        statistics = weight.path.rpartition("/")[2] in ("moving_mean", "moving_variance")
        if not (weight.trainable or statistics) or "float" not in str(weight.dtype):
            continue
        before = np.asarray(weight, np.float64)
        if before.size and (before == before.flat[0]).all():
            # a scale stays about 1 and an offset about 0
            values = float(before.flat[0]) + between(-0.2, 0.2, shape, place)
        else:
            reach = math.sqrt(3 / max(1, math.prod(shape[:-1])))
            values = between(-reach, reach, shape, place)
        weight.assign(values.astype("float32"))


def stateful(model: Any) -> list[Any]:
    """The layers that carry a state from batch to batch."""
    return [layer for layer in model._flatten_layers() if getattr(layer, "stateful", False) is True]


def inputs(spec: Any, samples: int) -> list[np.ndarray]:
    """An array for each input of a spec: word numbers below the vocabulary, numbers from -1 to 1."""
    found = []
    for place, (name, item) in enumerate(spec.inputs.items()):
        shape = (item.batch_size or samples, *(size or OPEN for size in item.shape))
        if "int" in item.dtype:
            size = spec.vocabularies.get(name, 4)
            found.append(np.floor(between(0, size, shape, place)).astype(item.dtype))
        else:
            found.append(between(-1, 1, shape, place).astype("float32"))
    return found


def outputs(model: Any, arrays: list[np.ndarray], call: Any = None) -> list[np.ndarray]:
    """What a model makes of arrays, in the order of its outputs, from a state of zeros.

    Args:
        model: its states are reset.
        arrays: its inputs.
        call: what to call in its place, where that is faster.
    """
    for layer in stateful(model):
        layer.reset_state()
    made = (call or model)(arrays if len(arrays) > 1 else arrays[0], training=False)
    return [np.asarray(item, np.float32) for item in (made if isinstance(made, (list, tuple)) else [made])]
