"""The first layer whose result moves though nothing moved before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.audit.probe import moved, run, tolerance_of

# How much of a layer's result, before and after, counts: (result, result) → how far they are apart.
Seen = Callable[[np.ndarray, np.ndarray], float]


def first_moving(
    model: keras.Model,
    before: Mapping[str, np.ndarray],
    after: Mapping[str, np.ndarray],
    names: Sequence[str],
    *,
    training: bool,
    seen: Seen = moved,
) -> str:
    """The layer at which results begin to move, as ``path (Class)``, also inside submodels; else empty.

    Args:
        model: functional; of any other kind, its own name is all there is to say.
        before, after: its inputs by name.
        names: of the inputs, in the model's order.
        training: the mode to call it in.
        seen: what of a result must not move; by default all of it.
    """
    nodes = _nodes(model)
    if not nodes:
        return str(model.name)
    tensors = [tensor for node in nodes for tensor in node.output_tensors]
    inner = keras.Model(model.inputs, tensors)
    first = run(inner, before, names, training=training)
    second = run(inner, after, names, training=training)
    place = 0
    for node in nodes:
        count = len(node.output_tensors)
        results = list(zip(first[place : place + count], second[place : place + count], strict=True))
        place += count
        if any(seen(one, two) > tolerance_of(one) for one, two in results):
            return _inside(node, tensors, (first, second), training, seen)
    return ""


def _nodes(model: keras.Model) -> list[Any]:
    """The calls of a functional model in the order in which they are made, inputs left out."""
    levels = getattr(model, "_nodes_by_depth", None)
    if not levels:
        return []
    ordered = [node for depth in sorted(levels, reverse=True) for node in levels[depth]]
    return [node for node in ordered if not node.is_input]


def _inside(
    node: Any,
    tensors: Sequence[Any],
    results: tuple[list[np.ndarray], list[np.ndarray]],
    training: bool,
    seen: Seen,
) -> str:
    """Where inside a submodel it begins, or the layer itself."""
    layer = node.operation
    read = [id(tensor) for tensor in node.input_tensors]
    at = {id(tensor): place for place, tensor in enumerate(tensors)}
    if not isinstance(layer, keras.Model) or not all(number in at for number in read):
        return f"{layer.name} ({type(layer).__name__})"
    names = [str(place) for place in range(len(read))]
    before, after = (
        {name: part[at[number]] for name, number in zip(names, read, strict=True)} for part in results
    )
    inner = first_moving(layer, before, after, names, training=training, seen=seen)
    return f"{layer.name}/{inner}" if inner else f"{layer.name} ({type(layer).__name__})"
