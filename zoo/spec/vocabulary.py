"""How many different numbers an input of words may hold: as many as the Embedding that reads it knows."""

from __future__ import annotations

from zoo.spec.graph import Declared, Graph, Layer, Object, refs


def vocabularies(graph: Graph) -> dict[str, int]:
    """Input → words that every Embedding on the way knows, also inside submodels and TimeDistributed."""
    found: dict[str, int] = {}
    for call in graph.calls:
        layer = graph.layers[call.layer]
        for position, ref in enumerate(refs(call)):
            size = _words(graph, layer, position) if ref.node in graph.inputs else None
            if size is not None:
                found[ref.node] = min(size, found.get(ref.node, size))
    return found


def _words(graph: Graph, layer: Layer, position: int) -> int | None:
    """What a layer knows of the numbers at one of the places it reads."""
    if layer.model is not None:
        names = list(layer.model.inputs)
        inner = vocabularies(layer.model)
        return inner.get(names[position]) if position < len(names) else None
    inside = layer.values.get("layer") if layer.head == "TimeDistributed" else None
    if isinstance(inside, Declared):
        return _words(graph, graph.layers[inside.name], position)
    if isinstance(inside, Object) and inside.head == "Embedding":
        argument = inside.args.get("input_dim")
        return _size(argument.value if argument else None)
    return _size(layer.values.get("input_dim")) if layer.head == "Embedding" else None


def _size(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None
