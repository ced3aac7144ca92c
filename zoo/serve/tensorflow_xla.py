"""A model compiled by XLA: whole, for batches of a power of two; or its recurrent loops, for large ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.errors import BuildError
from zoo.serve.batching import filled, rounded
from zoo.serve.engines import Run
from zoo.tensorflow_loops.inference import blocks_for
from zoo.tensorflow_loops.layers import compiled_loops, loops_of


def xla_run(model: keras.Model) -> Run:
    """The model in inference mode; XLA compiles each size of batch once, so a batch is filled up to one.

    Raises:
        BuildError: ``serve.xla`` when run, where XLA cannot compile the model.
    """
    compiled = tf.function(as_it_is(model), jit_compile=True, autograph=False)

    # Shapes → what was traced for them. The function itself would find them too, but warns after a few that a
    # loop may have made them, and takes longer to look.
    traced: dict[tuple[Any, ...], Any] = {}

    def run(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        samples = len(inputs[0])
        size = model.inputs[0].shape[0] or rounded(samples)
        given = [filled(np.asarray(item), size) for item in inputs]
        shapes = tuple(item.shape for item in given)
        whole = [tf.constant(item) for item in given]
        try:
            if shapes not in traced:
                traced[shapes] = compiled.get_concrete_function(*whole)
            return [item.numpy()[:samples] for item in traced[shapes](*whole)]
        except tf.errors.OpError as error:
            raise _refused(model, error) from error

    return run


def loops_run(model: keras.Model, computed: Callable[..., list[Any]], size: int) -> Run:
    """The model with its recurrent loops compiled by XLA; TensorFlow runs the rest as it is.

    Args:
        model: functional.
        computed: as ``as_it_is`` gave it.
        size: samples of a batch; one of fewer is filled up.

    Raises:
        BuildError: ``serve.xla``, no loop can be compiled; or, when run, as above.
    """
    try:
        loops = loops_of(model, size, blocks_for)
        with compiled_loops(model, loops):
            traced = tf.function(computed, autograph=False).get_concrete_function(
                *(tf.TensorSpec((size, *item.shape[1:]), item.dtype) for item in model.inputs)
            )
    except (tf.errors.OpError, ValueError) as error:
        raise _refused(model, error) from error
    if not loops:
        raise _refused(model, "no compiled loop can take its masks, or its lengths that are not known")

    def run(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        whole = [tf.constant(filled(np.asarray(item), size)) for item in inputs]
        try:
            return [item.numpy()[: len(inputs[0])] for item in traced(*whole)]
        except tf.errors.OpError as error:
            raise _refused(model, error) from error

    return run


def as_it_is(model: keras.Model) -> Callable[..., list[Any]]:
    """The model in inference mode with the weights that it has now, whatever is trained later."""
    learned, others = [
        [tf.constant(keras.ops.convert_to_numpy(item)) for item in some]
        for some in (model.trainable_variables, model.non_trainable_variables)
    ]

    def computed(*inputs: Any) -> list[Any]:
        given = list(inputs) if len(inputs) > 1 else inputs[0]
        found, _ = model.stateless_call(learned, others, given, training=False)
        return list(found) if isinstance(found, (list, tuple)) else [found]

    return computed


def _refused(model: keras.Model, reason: Any) -> BuildError:
    return BuildError(
        f"XLA cannot compile `{model.name}`: {str(reason).strip().splitlines()[0]}",
        help="serve it with Keras: engine='keras'",
        code="serve.xla",
    )
