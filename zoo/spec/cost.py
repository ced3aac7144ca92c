"""What a graph costs: the floating-point operations of one prediction for one window, without Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from zoo.spec.graph import Call, Declared, Graph
from zoo.spec.operands import applied, flowing, shape_named
from zoo.spec.shapes import Shape, Shapes, flops, infer
from zoo.spec.shapes.dims import ShapeProblem
from zoo.spec.shapes.flops import volume
from zoo.spec.trace import Trace, trace


@dataclass(frozen=True, slots=True)
class Cost:
    """Operations of one prediction for one window.

    Args:
        flops: a multiply-add counts 2, whatever only moves numbers 0; ``zoo/spec/shapes/flops.py`` has all.
        uncounted: the layers whose cost is not known: with any of them, `flops` is what it costs at least.
        steps: the length that inputs of any length were counted with; None where all lengths are fixed.
    """

    flops: int
    uncounted: tuple[str, ...] = ()
    steps: int | None = None


def cost(graph: Graph, steps: int = 100) -> Cost:
    """The cost of a graph, every call of a shared layer counted.

    Args:
        graph: a lowered graph.
        steps: the length of inputs that may have any.

    Example:
        >>> from zoo.spec import load
        >>> cost(load("lob_mlp").graph).flops
        2050066
    """
    open_ended = any(None in item.shape for item in graph.inputs.values())
    found = _of_graph(_fixed(graph, steps), {})
    return replace(found, steps=steps if open_ended else None)


def _fixed(graph: Graph, steps: int) -> Graph:
    """One window, so that time folded into the batch still counts, and a length where it is open."""
    inputs = {
        name: replace(item, batch_size=1, shape=tuple(steps if size is None else size for size in item.shape))
        for name, item in graph.inputs.items()
    }
    return replace(graph, inputs=inputs)


def _of_graph(graph: Graph, known: dict[int, Cost]) -> Cost:
    """`known` holds the submodels counted so far: each is counted once, however often it is called."""
    if id(graph) not in known:
        found, reached = trace(graph), graph.reached()
        every = [_of_call(graph, call, found, known) for call in graph.calls if call.id in reached]
        names = dict.fromkeys(name for one in every for name in one.uncounted)
        known[id(graph)] = Cost(sum(one.flops for one in every), tuple(names))
    return known[id(graph)]


def _of_call(graph: Graph, call: Call, found: Trace, known: dict[int, Cost]) -> Cost:
    layer, outputs = graph.layers[call.layer], found.shapes.get(call.id)
    if layer.model is not None:
        return _of_graph(layer.model, known)
    named = {name: shape_named(operand, found) for name, operand in call.named.items()}
    args, inputs, tensors = applied(layer, call, flowing(call, found), named)
    count: int | None = None
    if layer.head in _WRAPPERS and layer.family == "layers":
        inside = _of_wrapper(graph, layer.head, args, inputs[0] if inputs else None, outputs, known)
        if inside is not None:
            return replace(inside, uncounted=(layer.name,) if inside.uncounted else ())
    elif outputs is not None:
        count = flops(layer.head, layer.family, args, inputs, outputs, named=tensors)
    return Cost(0, (layer.name,)) if count is None else Cost(count)


_WRAPPERS = ("Bidirectional", "TimeDistributed")


def _of_wrapper(
    graph: Graph,
    head: str,
    args: Mapping[str, Any],
    shape: Shape | None,
    outputs: Shapes | None,
    known: dict[int, Cost],
) -> Cost | None:
    """A layer at every step, or read both ways and merged."""
    if shape is None or outputs is None or _value(args.get("backward_layer")) is not None:
        return None
    every_step = head == "TimeDistributed"
    times, merge = shape[1] if every_step else 2, _value(args.get("merge_mode", "concat"))
    inside = _of_inner(graph, _value(args["layer"]), (shape[0], *shape[2:]) if every_step else shape, known)
    if times is None or inside is None:
        return None
    merged = 0 if every_step or merge in ("concat", None) else volume(outputs[0])
    return replace(inside, flops=times * inside.flops + merged)


def _of_inner(graph: Graph, inner: Any, shape: Shape, known: dict[int, Cost]) -> Cost | None:
    """The layer inside a wrapper: written there, shared, or a submodel."""
    held = graph.layers.get(inner.name) if isinstance(inner, Declared) else inner
    if held is None or not hasattr(held, "head"):
        return None
    if (model := getattr(held, "model", None)) is not None:
        return _of_graph(model, known)
    try:
        outputs = infer(held.head, "layers", held.args, [shape])
    except ShapeProblem:
        return None
    if outputs is None:
        return None
    if held.head in _WRAPPERS:
        return _of_wrapper(graph, held.head, held.args, shape, outputs, known)
    count = flops(held.head, "layers", held.args, [shape], outputs)
    return None if count is None else Cost(count)


def _value(argument: Any) -> Any:
    return getattr(argument, "value", argument)
