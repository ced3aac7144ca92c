"""Shapes and look-ahead of every tensor of a graph, followed call by call without Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zoo.spec import counting
from zoo.spec.graph import Call, Declared, Graph, Layer, Operand, Ref
from zoo.spec.operands import applied, flowing, shape_named, shapes_of
from zoo.spec.shapes import Inner, Shape, ShapeProblem, Shapes, infer, parameters
from zoo.spec.shapes.dims import agree, show
from zoo.spec.sight import Sights, after, composed, of_input
from zoo.spec.types import sound


@dataclass(frozen=True, slots=True)
class Problem:
    """A call that Keras would refuse: `kind` is ``merge``, ``time``, ``rank``, ``size`` or ``shared``."""

    kind: str
    message: str
    call: Call
    layer: Layer
    first: Call | None = None


@dataclass(slots=True)
class Trace:
    """What is known of a graph's tensors.

    Args:
        shapes: the shapes of each node's outputs, batch axis first; None where nothing is known.
        sights: what each node's outputs see along the time axis of every input.
        problems: calls that cannot work.
        weights: how many weights each layer has, None where that is not known.
        owned: the same by owner, for layers and submodels share weights.
        used: the layers that some output depends on.
    """

    shapes: dict[str, Shapes | None] = field(default_factory=dict)
    sights: dict[str, tuple[Sights, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    weights: dict[str, int | None] = field(default_factory=dict)
    owned: dict[str, counting.Owned] = field(default_factory=dict)
    used: tuple[str, ...] = ()

    def shape(self, ref: Ref) -> Shape | None:
        """The shape of one tensor."""
        shapes = self.shapes.get(ref.node)
        if shapes is None or (ref.index is None and len(shapes) != 1):
            return None
        index = ref.index or 0
        return shapes[index] if index < len(shapes) else None

    def sight(self, ref: Ref) -> Sights:
        """What one tensor sees."""
        found = self.sights.get(ref.node, ())
        index = ref.index or 0
        return found[min(index, len(found) - 1)] if found else {}

    @property
    def parameters(self) -> int | None:
        """The number of weights of the whole graph, or None when some layer's is not known."""
        return counting.total(self.owned.get(name, {name: None}) for name in self.used)

    def inside(self, layer: Layer) -> counting.Owned:
        """The weights of a submodel of which this is the trace, seen from outside it."""
        return counting.through(layer, (self.owned.get(name, {name: None}) for name in self.used))


def trace(graph: Graph) -> Trace:
    """Follows a whole graph."""
    found = Trace()
    for name, spec in graph.inputs.items():
        if spec.unknown:
            continue
        shape = (spec.batch_size, *spec.shape)
        found.shapes[name] = (shape,)
        found.sights[name] = (of_input(name, shape),)
    first_calls: dict[str, Call] = {}
    inside: dict[int, Trace] = {}
    for call in graph.calls:
        _follow(graph, call, found, first_calls, inside)
    reached = graph.reached()
    found.used = tuple(dict.fromkeys(call.layer for call in graph.calls if call.id in reached))
    return found


def _follow(graph: Graph, call: Call, found: Trace, first: dict[str, Call], inside: dict[int, Trace]) -> None:
    layer = graph.layers[call.layer]
    inputs = flowing(call, found)
    if layer.family in ("layers", "ops") and not sound(layer):
        # its own mistake has been reported; what it would give is not known
        found.shapes[call.id] = None
        return
    named = {name: shape_named(operand, found) for name, operand in call.named.items()}
    known_now: Shapes | None = None
    try:
        if layer.model is not None:
            known_now = _submodel(layer, layer.model, inputs, inside)
        else:
            known_now = _apply(graph, layer, call, inputs, named)
    except ShapeProblem as problem:
        if not any(shape is None for shape in inputs):
            found.problems.append(Problem(problem.kind, problem.message, call, layer))
    found.shapes[call.id] = known_now
    sights = [found.sight(ref) for operand in call.inputs for ref in _refs(operand)]
    by_name = {name: [found.sight(ref) for ref in _refs(operand)] for name, operand in call.named.items()}
    if layer.model is not None and id(layer.model) in inside:
        found.sights[call.id] = through_model(layer, layer.model, inside[id(layer.model)], sights)
    else:
        found.sights[call.id] = after(layer, call, inputs, known_now, sights, by_name)
    if call.id in (layer.name,) or layer.name not in found.weights:
        found.weights[layer.name] = _weights(graph, layer, inputs, named, inside)
        found.owned[layer.name] = _owned(graph, layer, found.weights[layer.name], inside)
        first.setdefault(layer.name, call)
    else:
        _same_weights(graph, layer, call, inputs, named, found, first, inside)


def _apply(
    graph: Graph, layer: Layer, call: Call, inputs: list[Shape | None], named: Mapping[str, Any]
) -> Shapes | None:
    args, inputs, tensors = applied(layer, call, inputs, named)
    return infer(layer.head, layer.family, args, inputs, named=tensors, inner=_inner(graph, layer))


def _inner(graph: Graph, layer: Layer) -> Inner | None:
    """What a shared layer or a submodel inside a wrapper gives."""
    wrapped = layer.values.get("layer")
    if not isinstance(wrapped, Declared) or wrapped.name not in graph.layers:
        return None
    held = graph.layers[wrapped.name]

    def give(shapes: Shapes) -> Shapes | None:
        if held.model is not None:
            return _submodel(held, held.model, list(shapes), {})
        return infer(held.head, held.family, held.values, shapes)

    return give


def through_model(layer: Layer, model: Graph, inner: Trace, saw: list[Sights]) -> tuple[Sights, ...]:
    """What the outputs of a submodel see: what they see of its inputs, and what those saw."""
    outer = dict(zip(model.inputs, saw, strict=False))
    return tuple(composed(layer, inner.sight(ref), outer) for ref in model.outputs.values())


def _submodel(
    layer: Layer, model: Graph, inputs: list[Shape | None], inside: dict[int, Trace]
) -> Shapes | None:
    if id(model) not in inside:
        inside[id(model)] = trace(model)
    found = inside[id(model)]
    for (name, spec), shape in zip(model.inputs.items(), inputs, strict=False):
        if shape is None:
            continue
        fits = len(shape) == len(spec.shape) + 1 and all(
            agree(a, b) for a, b in zip(shape[1:], spec.shape, strict=True)
        )
        if not fits:
            wanted = show((None, *spec.shape))
            raise ShapeProblem(
                f"the input `{name}` of the model `{layer.name}` is {wanted} and receives {show(shape)}",
                "rank",
            )
    shapes = [found.shape(ref) for ref in model.outputs.values()]
    return (
        None
        if any(shape is None for shape in shapes)
        else tuple(shape for shape in shapes if shape is not None)
    )


def _weights(
    graph: Graph, layer: Layer, inputs: list[Shape | None], named: Mapping[str, Any], inside: dict[int, Trace]
) -> int | None:
    if layer.family in ("ops", "at"):
        return 0
    if layer.model is not None:
        return inside[id(layer.model)].parameters if id(layer.model) in inside else None
    wrapped = layer.values.get("layer")
    inner = None
    if isinstance(wrapped, Declared):
        held = graph.layers.get(wrapped.name)
        if held is not None and held.model is not None:
            inner = trace(held.model).parameters
        elif held is not None and counting.wrapped(graph, layer) is not None:
            inner = _weights(graph, held, [shape and (shape[0], *shape[2:]) for shape in inputs], {}, inside)
    tensors = {name: shape for name, shape in named.items() if isinstance(shape, tuple)}
    try:
        return parameters(layer.head, layer.values, inputs, named=tensors, inner=inner)
    except ShapeProblem:
        return None


def _owned(graph: Graph, layer: Layer, count: int | None, inside: dict[int, Trace]) -> counting.Owned:
    if layer.model is not None:
        found = inside.get(id(layer.model))
        return found.inside(layer) if found is not None else counting.own(layer, None)
    held = counting.wrapped(graph, layer)
    if held is None:
        return counting.own(layer, count)
    return trace(held.model).inside(held) if held.model is not None else counting.own(held, count)


def _same_weights(
    graph: Graph,
    layer: Layer,
    call: Call,
    inputs: list[Shape | None],
    named: Mapping[str, Any],
    found: Trace,
    first: Mapping[str, Call],
    inside: dict[int, Trace],
) -> None:
    """A shared layer must find the shapes that its weights were made for."""
    before, now = found.weights.get(layer.name), _weights(graph, layer, inputs, named, inside)
    if before is None or now is None or before == now or layer.model is not None:
        return
    earlier = first[layer.name]
    shapes = [shape for operand in earlier.inputs for shape in shapes_of(operand, found)]
    received = " and ".join(show(shape) for shape in inputs if shape is not None)
    made_for = " and ".join(show(shape) for shape in shapes if shape is not None)
    message = f"the shared layer `{layer.name}` has weights for {made_for} and is called on {received}"
    found.problems.append(Problem("shared", message, call, layer, earlier))


def _refs(operand: Operand) -> list[Ref]:
    if isinstance(operand, tuple):
        return [ref for item in operand for ref in _refs(item)]
    return [operand] if isinstance(operand, Ref) else []
