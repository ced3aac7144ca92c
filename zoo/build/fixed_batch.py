"""A batch size that the inputs fix, known to stateful layers while a model is fitted.

Keras's data adapters leave the batch axis of every tensor open, and TensorFlow's loop over time then refuses
a stateful layer, whose state has the fixed size: "enters the loop with shape (1, 32), but has shape
(None, 32)".
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


def with_fixed_batch(model: keras.Model) -> keras.Model:
    """The same model; what it is called on has the batch size that its inputs fix.

    Only where a layer is stateful. The saved model knows nothing of it, since nothing is added to the graph.
    """
    size = model.inputs[0].shape[0]
    layers = model._flatten_layers(include_self=False, recursive=True)
    if size is None or not any(getattr(layer, "stateful", False) for layer in layers):
        return model
    inner = model.call

    def call(inputs: Any, *args: Any, **kwargs: Any) -> Any:
        return inner(keras.tree.map_structure(lambda tensor: _sized(tensor, size), inputs), *args, **kwargs)

    model.call = call
    return model


def _sized(tensor: Any, size: int) -> Any:
    sizes = tuple(tensor.shape)
    # One open size can be worked out; with more of them the batch stays open too.
    if not sizes or sizes[0] is not None or sizes[1:].count(None) > 1:
        return tensor
    return ops.reshape(tensor, (size, *(-1 if axis is None else axis for axis in sizes[1:])))
