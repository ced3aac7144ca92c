"""What Keras leaves out where a stateful layer is fitted: the fixed batch, and on JAX the state itself.

Keras's data adapters leave the batch axis of every tensor open, and TensorFlow's loop over time then refuses
a stateful layer, whose state has the fixed size: "enters the loop with shape (1, 32), but has shape
(None, 32)". Its recurrent layers do not count their states among a model's variables, and JAX carries no
others from batch to batch: the state is then lost without a word.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from zoo.layers.reset_states import stateful_layers


class _Carried:
    """A state in the place of a random seed, which is a variable of the model and none of its weights."""

    def __init__(self, state: Any) -> None:
        self.state = state


def with_states(model: keras.Model) -> keras.Model:
    """The same model; it is called on batches of the size that its inputs fix, and its states are carried.

    Only where a layer is stateful. The saved model knows nothing of it: graph and weights are as they were.
    """
    size = model.inputs[0].shape[0]
    stateful = stateful_layers(model)
    if size is None or not stateful:
        return model
    if keras.backend.backend() == "jax":
        for layer in stateful:
            carried = [_Carried(state) for state in keras.tree.flatten(getattr(layer, "states", None) or [])]
            layer._seed_generators.extend(carried)
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
