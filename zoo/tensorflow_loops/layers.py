"""Recurrent layers of a model that a compiled loop can stand in for, while a step is traced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import keras
import tensorflow as tf

from zoo.tensorflow_loops.compiled_loop import CompiledLoop
from zoo.tensorflow_loops.convolutions import products
from zoo.tensorflow_loops.inference import inference
from zoo.tensorflow_loops.loops import blocks_for, loop

Loops = Mapping[str, CompiledLoop]


def recurrent_layers(model: keras.Model) -> dict[str, keras.layers.Layer]:
    """Name → layer, of those that a compiled loop computes; wrapped and nested ones as well."""
    found = {}
    for place, layer in enumerate(model._flatten_layers(include_self=False, recursive=True)):
        if _is_plain(layer):
            found[f"{place}.{layer.name}"] = layer
    return found


def loop_steps(model: keras.Model) -> int:
    """Steps of all these layers' loops, one after the other; a length that is not known counts as none."""
    shapes = [
        node.input_tensors[0].shape
        for layer in recurrent_layers(model).values()
        for node in layer._inbound_nodes
    ]
    return sum(shape[1] or 0 for shape in shapes if len(shape) > 1)


def _is_plain(layer: Any) -> bool:
    if type(layer) not in (keras.layers.LSTM, keras.layers.GRU):
        return False
    cell = layer.cell
    return bool(
        layer.activation is keras.activations.tanh
        and layer.recurrent_activation is keras.activations.sigmoid
        and not layer.recurrent_dropout
        and not layer.unroll
        and layer.compute_dtype == "float32"
        and getattr(cell, "reset_after", True)
    )


def loops_of(
    model: keras.Model, batch: int, blocks: Callable[[int, int], int] = blocks_for
) -> dict[str, CompiledLoop]:
    """Those loops that a step of so many samples calls in a way that can be compiled.

    The model is traced once, without its numbers: a layer that gets a mask, or a length that is not known,
    keeps Keras's own loop.
    """
    rows: dict[str, list[int | None]] = {}
    layers = recurrent_layers(model)

    def watched(name: str, layer: Any) -> Callable[..., Any]:
        def inner_loop(sequences: Any, initial_state: Any, mask: Any, training: Any = False) -> Any:
            known = mask is None and None not in sequences.shape[1:]
            rows.setdefault(name, []).append(sequences.shape[0] if known else None)
            return type(layer).inner_loop(layer, sequences, initial_state, mask, training)

        return inner_loop

    signature = [tf.TensorSpec((batch, *item.shape[1:]), item.dtype) for item in model.inputs]
    with _standing_in({name: watched(name, layer) for name, layer in layers.items()}, layers):
        traced = tf.function(lambda *x: model(_in_form(model, x), training=True), autograph=False)
        traced.get_concrete_function(*signature)
    unlearned = _read_no_weights(model)
    return {
        name: CompiledLoop(
            blocks(max(size for size in seen if size), layers[name].cell.kernel.shape[1]),
            layers[name] not in unlearned,
        )
        for name, seen in rows.items()
        if all(seen)
    }


def _in_form(model: keras.Model, x: Any) -> Any:
    """Tensors in the form in which the model was made: one, a list, or a map."""
    tensors = iter(x)
    return keras.tree.map_structure(lambda _: next(tensors), model._inputs_struct)


def _read_no_weights(model: keras.Model) -> list[Any]:
    """Layers of the model itself before which nothing learns, whose input needs no gradient."""
    found = []
    for layer in model.layers:
        earlier = [node for node in layer._inbound_nodes if node.operation is layer]
        if earlier and not any(_learns(parent) for node in earlier for parent in node.parent_nodes):
            found.append(layer)
    return found


def _learns(node: Any) -> bool:
    if getattr(node.operation, "trainable_variables", None):
        return True
    return any(_learns(parent) for parent in node.parent_nodes)


@contextmanager
def compiled_loops(model: keras.Model, loops: Loops) -> Iterator[None]:
    """Within the block a step that is traced takes the compiled loops; the model's graph stays what it is."""
    layers, unlearned = recurrent_layers(model), _read_no_weights(model)
    # a layer may have been unfrozen since the plan was made: the model says whether a gradient is wanted
    known = {
        name: _compiled(layers[name], replace(how, input_gradient=layers[name] not in unlearned))
        for name, how in loops.items()
        if name in layers
    }
    with products(model), _standing_in(known, layers):
        yield


@contextmanager
def _standing_in(loops: Mapping[str, Callable[..., Any]], layers: Mapping[str, Any]) -> Iterator[None]:
    """Let these be the layers' ``inner_loop``."""
    for name, run in loops.items():
        # past Keras's own bookkeeping of what a layer is made of
        object.__setattr__(layers[name], "inner_loop", run)
    try:
        yield
    finally:
        for name in loops:
            object.__delattr__(layers[name], "inner_loop")


def _compiled(layer: Any, how: CompiledLoop) -> Callable[..., Any]:
    cell, kind = layer.cell, type(layer).__name__

    def inner_loop(sequences: Any, initial_state: Any, mask: Any, training: Any = False) -> Any:
        if mask is not None or None in sequences.shape[1:]:
            return type(layer).inner_loop(layer, sequences, initial_state, mask, training)
        if training and layer.dropout:
            # one draw for all steps, as the cell itself makes it
            sequences = sequences * cell.get_dropout_mask(sequences[:, 0, :])[:, None]
        if layer.go_backwards:
            sequences = tf.reverse(sequences, [1])
        states = [tf.convert_to_tensor(item) for item in keras.tree.flatten(initial_state)]
        given = (kind, sequences, states, _weights(cell, kind))
        blocks, wanted = how.blocks, bool(layer.return_sequences)
        if training:
            outputs, after = loop(*given, blocks=blocks, wants_x=how.input_gradient, sequences=wanted)
        else:
            outputs, after = inference(*given, blocks=blocks, sequences=wanted)
        return after[0], outputs, after

    return inner_loop


def _weights(cell: Any, kind: str) -> list[Any]:
    kernel, recurrent = tf.convert_to_tensor(cell.kernel), tf.convert_to_tensor(cell.recurrent_kernel)
    none = tf.zeros(kernel.shape[1:])
    if not cell.use_bias:
        return [kernel, recurrent, none, none]
    bias = tf.convert_to_tensor(cell.bias)
    # a GRU has one bias for the input's sums, and one for the state's
    return [kernel, recurrent, *(tf.unstack(bias) if kind == "GRU" else (bias, none))]
