"""What a page says of each node of a figure: what it is, takes and gives, and where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zoo.errors import Span
from zoo.spec import emit
from zoo.spec.graph import Call, Graph, Layer
from zoo.spec.spec import Spec
from zoo.spec.tools import labels
from zoo.spec.tools.draw import submodels
from zoo.spec.trace import Trace, trace
from zoo.spec.values import plain_value


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a figure.

    Args:
        id: its id in the drawing and on the page, made of its name, which is stable.
        kind: ``input``, ``output``, ``shared``, ``model``, ``op`` or ``layer``.
        name: the layer's or the input's name.
        what: class or op.
        arguments: the arguments, as they would be written on one line.
        takes: sizes of the tensors it reads.
        gives: sizes of the tensors it makes.
        weights: how many weights it has, None where that is not known or it is an input.
        group: equal for all calls of one set of weights; empty where there is one call.
        turn: which of the calls of its group it is, from 1, and how many there are.
        model: the submodel it calls, or an empty text.
        part_of: the submodel it is drawn in, or an empty text.
        step: where it was written.
        within: the pipe, loops and blocks it was written in, and its declaration.
    """

    id: str
    kind: str
    name: str
    what: str
    arguments: str
    takes: str
    gives: str
    weights: int | None
    group: str = ""
    turn: tuple[int, int] = (1, 1)
    model: str = ""
    part_of: str = ""
    step: Span | None = None
    within: tuple[Span, ...] = ()


def nodes(spec: Spec) -> list[Node]:
    """Every node of a spec's figure, in the order of the graph; those of submodels last."""
    found = list(_nodes(spec.graph, spec.trace, "", spec))
    for name, model in submodels(spec.graph).items():
        found += _nodes(model, trace(model), name, None)
    return found


def _nodes(graph: Graph, known: Trace, part_of: str, spec: Spec | None) -> Iterator[Node]:
    prefix = f"{part_of}/" if part_of else ""
    for name, item in graph.inputs.items():
        gives = labels.sizes((None, *item.shape))
        words = f"{item.dtype}{', ' + item.doc if item.doc else ''}"
        yield Node(
            id=labels.anchor(prefix + name),
            kind="input",
            name=name,
            what="input",
            arguments=words,
            takes="",
            gives=gives,
            weights=None,
            part_of=part_of,
            step=item.span,
        )
    shared = labels.shared_calls(graph)
    outputs = _output_places(graph, spec)
    for call, layer in labels.drawn(graph):
        owner = labels.held(graph, layer)
        calls = shared.get(owner.name, [])
        declared = (owner.span,) if owner.span and (owner.shared or owner.family == "models") else ()
        yield Node(
            id=labels.anchor(prefix + call.id),
            kind=labels.kind(graph, call),
            name=layer.name,
            what=_class(layer),
            arguments=_arguments(layer),
            takes=" and ".join(
                filter(None, (labels.sizes(known.shape(ref)) for ref in labels.sources(call)))
            ),
            gives=_gives(known, call),
            weights=known.weights.get(layer.name),
            group=prefix + owner.name if calls else "",
            turn=(calls.index(call.id) + 1, len(calls)) if calls else (1, 1),
            model=owner.name if owner.model is not None else "",
            part_of=part_of,
            step=call.span,
            within=(*call.within, *declared, *outputs.get(call.id, ())),
        )


def _output_places(graph: Graph, spec: Spec | None) -> dict[str, tuple[Span, ...]]:
    """Call → where the outputs that it makes are written."""
    found: dict[str, tuple[Span, ...]] = {}
    for name, ref in graph.outputs.items():
        output = spec.outputs.get(name) if spec else None
        if output is not None and output.span is not None:
            found[ref.node] = (*found.get(ref.node, ()), output.span)
    return found


def _class(layer: Layer) -> str:
    return {"ops": f"ops.{layer.head}", "at": "at", "models": "submodel"}.get(layer.family, layer.head)


def _arguments(layer: Layer) -> str:
    if layer.family == "models":
        return ", ".join(f"{name}: {emit.flow(value)}" for name, value in layer.options.items())
    if layer.family == "at":
        return emit.flow(plain_value(layer.values.get("index")))
    return ", ".join(f"{name}: {emit.flow(plain_value(value))}" for name, value in layer.values.items())


def _gives(known: Trace, call: Call) -> str:
    shapes = known.shapes.get(call.id)
    return ", ".join(labels.sizes(shape) for shape in shapes) if shapes else ""
