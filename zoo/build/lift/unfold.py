"""The folded TimeDistributed (``zoo.build.fold``) recognised: reshape, one inner call, reshape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zoo.build.lift.naming import Names
from zoo.spec.graph import Argument, Call, Declared, Graph, Layer, Object, Ref, refs

Shapes = Mapping[str, tuple[int | None, ...]]

# The layers that the builder does not fold; a reshape around one of them is somebody's own.
_NOT_FOLDED = frozenset(
    """BatchNormalization SpectralNormalization ActivityRegularization TimeDistributed RandomCrop MixUp CutMix
    Reshape""".split()
)


def unfolded(graph: Graph, shapes: Shapes, names: Names) -> Graph:
    """The graph with every folded layer as the TimeDistributed it stands for."""
    reads = Counter(ref.node for call in graph.calls for ref in refs(call))
    reads.update(ref.node for ref in graph.outputs.values())
    calls = {call.id: call for call in graph.calls}
    layers = dict(graph.layers)
    made: dict[str, Call] = {}
    gone: set[str] = set()
    for back in graph.calls:
        found = _fold(back, calls, graph, shapes, reads)
        if found is None:
            continue
        into, call = found
        layer = graph.layers[call.layer]
        name = layer.name if layer.model is None else names.fresh("time_distributed")
        layers[name] = Layer(name, "layers", "TimeDistributed", {"layer": Argument(_inner(layer))})
        made[back.id] = Call(back.id, name, (into,))
        gone |= {call.id, _source(call)}
    if not made:
        return graph
    kept = tuple(made.get(call.id, call) for call in graph.calls if call.id not in gone)
    used = {call.layer for call in kept}
    return replace(graph, layers={name: layer for name, layer in layers.items() if name in used}, calls=kept)


def _fold(
    back: Call, calls: Mapping[str, Call], graph: Graph, shapes: Shapes, reads: Counter[str]
) -> tuple[Ref, Call] | None:
    """What a fold around one call reads, and that call; None where `back` ends no fold."""
    end = _reshape(back, graph)
    call = calls.get(end[0].node) if end else None
    if end is None or call is None or call.named or len(call.inputs) != 1 or reads[call.id] != 1:
        return None
    layer = graph.layers[call.layer]
    start_call = calls.get(_source(call))
    start = _reshape(start_call, graph) if start_call is not None else None
    if start is None or start_call is None or reads[start_call.id] != 1 or not _folds(layer):
        return None
    x, into = shapes.get(start[0].node), start[1]
    if x is None or len(x) < 3 or None in x[1:] or list(x[2:]) != into[1:] or end[1][1:2] != [x[1]]:
        return None
    rows = -1 if x[0] is None else x[0] * (x[1] or 1)
    if into[0] not in (-1, rows) or end[1][0] not in (-1, x[0]):
        return None
    y = shapes.get(call.id)
    return (start[0], call) if y is not None and list(y[1:]) == end[1][2:] else None


def _reshape(call: Call, graph: Graph) -> tuple[Ref, list[Any]] | None:
    layer = graph.layers[call.layer]
    x = call.named.get("x")
    if layer.family != "ops" or layer.head != "reshape" or not isinstance(x, Ref):
        return None
    target = layer.values.get("newshape")
    return (x, target) if isinstance(target, list) else None


def _source(call: Call) -> str:
    first = call.inputs[0] if len(call.inputs) == 1 else None
    return first.node if isinstance(first, Ref) and first.index is None else ""


def _folds(layer: Layer) -> bool:
    if layer.model is not None:
        return all(_folds(part) or part.family == "ops" for part in layer.model.layers.values())
    plain = layer.family == "layers" and not layer.shared and layer.head not in _NOT_FOLDED
    return plain and not any(layer.values.get(name) for name in ("stateful", "activity_regularizer"))


def _inner(layer: Layer) -> Object | Declared:
    return Declared(layer.name) if layer.model is not None else Object(layer.head, "layers", layer.args)
