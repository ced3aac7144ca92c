"""A model compiled by XLA, for batches of a power of two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.errors import BuildError
from zoo.serve.batching import filled, rounded
from zoo.serve.engines import Run


def xla_run(model: keras.Model) -> Run:
    """The model in inference mode; XLA compiles each size of batch once, so a batch is filled up to one.

    Raises:
        BuildError: ``serve.xla`` when run, where XLA cannot compile the model.
    """

    @tf.function(jit_compile=True, autograph=False)
    def compiled(*inputs: Any) -> list[Any]:
        found = model(list(inputs) if len(inputs) > 1 else inputs[0], training=False)
        return list(found) if isinstance(found, (list, tuple)) else [found]

    def run(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        samples = len(inputs[0])
        size = model.inputs[0].shape[0] or rounded(samples)
        whole = [tf.constant(filled(np.asarray(item), size)) for item in inputs]
        try:
            return [item.numpy()[:samples] for item in compiled(*whole)]
        except tf.errors.OpError as error:
            raise BuildError(
                f"XLA cannot compile `{model.name}`: {str(error).strip().splitlines()[0]}",
                help="serve it with Keras: engine='keras'",
                code="serve.xla",
            ) from error

    return run
