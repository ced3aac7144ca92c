"""keras.Model → ONNX, through tf2onnx."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras

from zoo.errors import BuildError
from zoo.layers.reset_states import states_of

# The newest that the converter writes.
OPSET = 18
# In the metadata of a graph that is written here: the model's name.
_MARK = "speczoo"


def to_onnx(model: keras.Model, *, batch_size: int | None = None) -> bytes:
    """The model in inference mode as an ONNX file's bytes; one graph input for each input, by its name.

    Args:
        model: functional; its weights become constants of the graph.
        batch_size: fixed; any number of samples when None, where the model's inputs leave it open.

    Raises:
        BuildError: ``serve.onnx``, the converter cannot write it; ``serve.missing``, it is not installed;
            ``serve.stateful``, a state is carried from batch to batch, for which ONNX has no place.
    """
    if states_of(model):
        raise BuildError(
            f"`{model.name}` carries a state from batch to batch, which an ONNX graph cannot keep",
            help="serve it with Keras: engine='keras'",
            code="serve.stateful",
        )
    converter = _converter()
    import tensorflow as tf

    from zoo.serve.onnx_gru import CARRIER, with_carried, write_gru

    traced = with_carried(model)
    signature = [
        tf.TensorSpec((item.shape[0] or batch_size, *item.shape[1:]), item.dtype, name=item.name)
        for item in model.inputs
    ]
    # autograph leaves files behind, and Keras has written its loops itself
    function = tf.function(
        lambda *x: _listed(traced(list(x) if len(x) > 1 else x[0], training=False)), autograph=False
    )
    try:
        with _quiet():
            proto, _ = converter.from_function(
                function,
                input_signature=signature,
                opset=OPSET,
                custom_op_handlers={CARRIER: (write_gru, []), "Erfc": (_write_erfc, [])},
            )
    except Exception as error:
        raise BuildError(
            f"`{model.name}` cannot be written as ONNX: {str(error).strip().splitlines()[0]}",
            help="serve it with XLA: engine='xla'",
            code="serve.onnx",
        ) from error
    return _with_names(proto, model)


def _listed(outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def _converter() -> Any:
    try:
        from tf2onnx import convert
    except ImportError:
        raise BuildError(
            "writing ONNX needs the packages onnx and tf2onnx, which are not installed",
            help='pip install "speczoo[serve]"',
            code="serve.missing",
        ) from None
    return convert


def _write_erfc(graph: Any, node: Any, name: str, args: Any) -> None:
    """ONNX has the error function, not its complement."""
    import numpy as np

    value = node.input[0]
    shape, dtype = graph.get_shape(node.output[0]), graph.get_dtype(node.output[0])
    graph.remove_node(node.name)
    erf = graph.make_node("Erf", [value], shapes=[shape], dtypes=[dtype])
    one = graph.make_const(f"{name}__one", np.ones((), np.float32))
    graph.make_node(
        "Sub",
        [one.output[0], erf.output[0]],
        outputs=[node.output[0]],
        shapes=[shape],
        dtypes=[dtype],
        name=name,
    )


def _with_names(proto: Any, model: keras.Model) -> bytes:
    """Inputs and outputs called as in the model, in its order."""
    names = {old.name: item.name for old, item in zip(proto.graph.input, model.inputs, strict=True)}
    names |= {old.name: new for old, new in zip(proto.graph.output, output_names(model), strict=True)}
    for node in proto.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for value in [*proto.graph.input, *proto.graph.output]:
        value.name = names[value.name]
    proto.metadata_props.add(key=_MARK, value=str(model.name))
    return bytes(proto.SerializeToString())


def is_ours(path: Path) -> bool:
    """Whether a file holds a graph that `to_onnx` made."""
    _converter()
    import onnx
    from google.protobuf.message import DecodeError

    try:
        proto = onnx.load_model_from_string(path.read_bytes())
    except DecodeError:
        return False
    return any(item.key == _MARK for item in proto.metadata_props)


def output_names(model: keras.Model) -> list[str]:
    """The outputs' names in the model's order."""
    return [str(name) for name in model.output_names]


@contextmanager
def _quiet() -> Iterator[None]:
    # The converter tells its progress through the root logger.
    before = logging.root.manager.disable
    kept = os.environ.get("TF_CPP_MIN_LOG_LEVEL")
    logging.disable(logging.WARNING)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    try:
        yield
    finally:
        logging.disable(before)
        if kept is None:
            del os.environ["TF_CPP_MIN_LOG_LEVEL"]
        else:
            os.environ["TF_CPP_MIN_LOG_LEVEL"] = kept
