"""A built model in the formats of others: ONNX and TensorFlow's SavedModel."""

from __future__ import annotations

from pathlib import Path

import keras

from zoo.errors import BuildError
from zoo.layers.states import carries_state
from zoo.serve.tensorflow_onnx import to_onnx


def onnx_bytes(model: keras.Model) -> bytes:
    """The model as an ONNX file's bytes; inputs and outputs are called as in the spec.

    Raises:
        BuildError: ``export.state``, a state is carried from batch to batch; ``serve.missing``, a package is
            not installed; ``serve.onnx``, the converter cannot write it.
    """
    _check_stateless(model)
    return to_onnx(model)


def write_saved_model(model: keras.Model, folder: Path) -> None:
    """Keras's own export, in inference mode: ``serving_default`` takes the inputs by name.

    Its outputs are called ``output_0``, ``output_1``, … in the spec's order, as Keras calls them.

    Args:
        model: its weights are taken as they are now.
        folder: to be filled.

    Raises:
        BuildError: ``export.state``; ``export.saved_model``, Keras or its backend cannot write it.
    """
    _check_stateless(model)
    try:
        model.export(str(folder), format="tf_saved_model", verbose=False)
    except (ImportError, NotImplementedError, ValueError, TypeError) as error:
        raise BuildError(
            f"`{model.name}` cannot be written as a SavedModel: {str(error).strip().splitlines()[0]}",
            help="export it as `onnx`",
            code="export.saved_model",
        ) from error


def _check_stateless(model: keras.Model) -> None:
    if carries_state(model):
        raise BuildError(
            f"`{model.name}` carries a state from batch to batch, which an exported graph does not keep",
            help="give it away as a bundle, which holds all of it; or train it with `stateful: false`",
            code="export.state",
        )
