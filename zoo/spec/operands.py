"""A call as the tables of shapes and costs take it: its arguments, what flows in, tensors by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zoo.spec.graph import Call, Const, Layer, Operand
from zoo.spec.shapes import Shape

if TYPE_CHECKING:
    from zoo.spec.trace import Trace


def applied(
    layer: Layer, call: Call, inputs: list[Shape | None], named: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Shape | None], dict[str, Any]]:
    """A call as the tables of shapes take it: arguments with call flags, what flows in, tensors by name."""
    flags = {
        name: operand.value
        for name, operand in call.named.items()
        if isinstance(operand, Const) and layer.family == "layers"
    }
    tensors = {name: shape for name, shape in named.items() if name not in flags}
    listed = [shape for shape in tensors.values() if isinstance(shape, list)]
    if listed and layer.family == "ops":
        # an op that takes a list: its tensors stand where flowing ones do
        inputs = [*inputs, *listed[0]]
    tensors = {name: shape for name, shape in tensors.items() if not isinstance(shape, list)}
    args = layer.values["index"] if layer.family == "at" else {**layer.values, **flags}
    return args, inputs, tensors


def flowing(call: Call, found: Trace) -> list[Shape | None]:
    """The shapes of the tensors that flow into a call, in order."""
    return [shape for operand in call.inputs for shape in shapes_of(operand, found)]


def shapes_of(operand: Operand, found: Trace) -> list[Shape | None]:
    """The shapes of the tensors that an operand stands for."""
    if isinstance(operand, tuple):
        return [shape for item in operand for shape in shapes_of(item, found)]
    if isinstance(operand, Const):
        return [()]
    shapes = found.shapes.get(operand.node)
    if operand.index is None and shapes is not None and len(shapes) > 1:
        return list(shapes)
    return [found.shape(operand)]


def shape_named(operand: Operand, found: Trace) -> Any:
    """The shape of a tensor given by name, or a list of them."""
    if isinstance(operand, tuple):
        return [shape for item in operand for shape in shapes_of(item, found)]
    return shapes_of(operand, found)[0]
