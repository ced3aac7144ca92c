"""Keras's GRU as the one ONNX operator that it is; TensorFlow's loop would stay a loop."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

# A TensorFlow op that takes any list of tensors and that no model of ours contains: it carries those of a GRU
# to the converter. It is traced and never run.
CARRIER = "PyFunc"


class CarriedGRU(keras.layers.GRU):
    """A GRU whose inner loop is left to the exporter, where ONNX has the same cell."""

    def inner_loop(self, sequences: Any, initial_state: Any, mask: Any, training: bool = False) -> Any:
        """The whole sequence as one op; masked or unusual cells stay as Keras has them."""
        if mask is not None or not _is_onnx_cell(self):
            return super().inner_loop(sequences, initial_state, mask, training=training)
        state = initial_state[0] if isinstance(initial_state, (list, tuple)) else initial_state
        steps = tf.reverse(sequences, [1]) if self.go_backwards else sequences
        units = self.units
        bias = tf.reshape(self.cell.bias, (1, 6 * units)) if self.use_bias else tf.zeros((1, 6 * units))
        carried = tf.numpy_function(
            _never_run,
            [
                tf.transpose(steps, (1, 0, 2)),
                tf.expand_dims(tf.transpose(self.cell.kernel), 0),
                tf.expand_dims(tf.transpose(self.cell.recurrent_kernel), 0),
                bias,
                tf.expand_dims(state, 0),
            ],
            tf.float32,
        )
        carried.set_shape((sequences.shape[1], 1, sequences.shape[0], units))
        outputs = tf.transpose(tf.squeeze(carried, 1), (1, 0, 2))
        last = outputs[:, -1]
        return last, (outputs if self.return_sequences else tf.expand_dims(last, 1)), [last]


def _is_onnx_cell(layer: keras.layers.GRU) -> bool:
    usual = (
        layer.activation is keras.activations.tanh and layer.recurrent_activation is keras.activations.sigmoid
    )
    return usual and bool(layer.reset_after) and layer.compute_dtype == "float32"


def _never_run(*tensors: np.ndarray) -> np.ndarray:
    raise AssertionError("a carried GRU is traced for its export only")


def with_carried(model: keras.Model) -> keras.Model:
    """The model itself, or a copy in which each GRU is carried."""
    if not any(type(layer) is keras.layers.GRU for layer in model._flatten_layers()):
        return model

    def cloned(layer: keras.layers.Layer) -> keras.layers.Layer:
        made = CarriedGRU if type(layer) is keras.layers.GRU else type(layer)
        return made.from_config(layer.get_config())

    copy = keras.models.clone_model(model, clone_function=cloned, recursive=True)
    copy.set_weights(model.get_weights())
    return copy


def write_gru(graph: Any, node: Any, name: str, args: Any) -> None:
    """tf2onnx's handler of the carrier."""
    sequence, kernel, recurrent, bias, state = node.input
    # Of the carrier nobody knows the shape.
    time, batch, _ = graph.get_shape(sequence)
    units = graph.get_shape(recurrent)[-1]
    dtype = graph.get_dtype(sequence)
    graph.remove_node(node.name)
    graph.make_node(
        "GRU",
        [sequence, kernel, recurrent, bias, "", state],
        # Keras multiplies the reset gate into what the recurrent product has given, bias included.
        attr={"hidden_size": units, "linear_before_reset": 1},
        output_count=1,
        outputs=[node.output[0]],
        shapes=[[time, 1, batch, units]],
        dtypes=[dtype],
        name=name,
    )
