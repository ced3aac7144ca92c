"""TimeDistributed without the loop: time folded into the batch.

Keras 3's own wrapper unrolls the time axis in Python, one call of the inner layer a step: an order-book
window of 100 snapshots then takes about a minute to trace. Where the inner layer treats every sample by
itself, the same numbers come from one call on ``(batch·time, …)`` between two reshapes, all of it stock
Keras, so that the saved model needs nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

# These look across the samples of a batch, change state at each call, or draw once a batch.
_NOT_PER_SAMPLE = (
    keras.layers.BatchNormalization,
    keras.layers.SpectralNormalization,
    keras.layers.ActivityRegularization,
    keras.layers.TimeDistributed,
    keras.layers.RandomCrop,
    keras.layers.MixUp,
    keras.layers.CutMix,
)


def folded(inner: keras.layers.Layer, x: Any) -> Any | None:
    """`inner` at every time step of ``x``, or None where only the stock wrapper gives the right result.

    Args:
        inner: the wrapped layer.
        x: a symbolic tensor (batch, time, …).

    Input shape: (batch, time, …); every size but the batch must be known.
    Output shape: (batch, time, …inner's output without its batch axis).
    """
    if isinstance(x, (list, tuple, dict)) or len(x.shape) < 3:
        return None
    batch, time, *rest = x.shape
    if time is None or None in rest or getattr(x, "_keras_mask", None) is not None or not per_sample(inner):
        return None
    rows = -1 if batch is None else batch * time
    y = inner(keras.ops.reshape(x, (rows, *rest)))
    if (
        isinstance(y, (list, tuple, dict))
        or None in y.shape[1:]
        or getattr(y, "_keras_mask", None) is not None
    ):
        return None
    return keras.ops.reshape(y, (-1 if batch is None else batch, time, *y.shape[1:]))


def per_sample(layer: keras.layers.Layer) -> bool:
    """Whether every layer inside computes each sample from that sample alone, without state."""
    return all(_is_per_sample(part) for part in _parts(layer))


def _is_per_sample(layer: keras.layers.Layer) -> bool:
    if isinstance(layer, _NOT_PER_SAMPLE) or getattr(layer, "stateful", False):
        return False
    # Keras divides an activity penalty by the batch size, which folding multiplies by time
    if getattr(layer, "activity_regularizer", None) is not None:
        return False
    if (getattr(layer, "noise_shape", None) or (None,))[0] is not None:
        return False
    return layer.__module__.startswith("keras.") or bool(getattr(layer, "per_sample", False))


def _parts(layer: keras.layers.Layer) -> Iterator[keras.layers.Layer]:
    yield from layer._flatten_layers(include_self=True, recursive=True)
