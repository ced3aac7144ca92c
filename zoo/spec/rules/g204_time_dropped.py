"""# G204: a layer over time where there is no time axis any more

What it does: finds recurrent and other layers over time that receive (batch, features), because the layer
before them gave only its last step.

Why it is bad: Keras stops with a message about `ndim`.

Example:

    code: [book, LSTM: 64, LSTM: 32]

Instead: the first one keeps its steps: `LSTM: {units: 64, return_sequences: true}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec.graph import Call, Object, Ref
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.graph import Graph
    from zoo.spec.spec import Spec

RULE = Rule("G204", "error")
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every layer over time that receives rank 2."""
    from zoo.spec.spec import graphs_and_traces

    for graph, found in graphs_and_traces(spec):
        for problem in (item for item in found.problems if item.kind == "time"):
            dropped = _dropped(graph, problem.call)
            if dropped is None:
                yield RULE(
                    problem.message,
                    problem.call.span,
                    "give it (batch, time, feature); RepeatVector makes a time axis",
                )
            else:
                head, span = dropped
                related = ((span, "time was dropped here"),) if span else ()
                yield RULE(
                    problem.message, problem.call.span, f"give {head} `return_sequences: true`", related
                )


def _dropped(graph: Graph, call: Call) -> tuple[str, Span | None] | None:
    """The recurrent layer before `call` that kept only its last step."""
    calls = {item.id: item for item in graph.calls}
    current: Call | None = call
    for _ in range(len(calls)):
        source = current.inputs[0] if current and current.inputs else None
        current = calls.get(source.node) if isinstance(source, Ref) else None
        if current is None:
            return None
        layer = graph.layers[current.layer]
        inner = layer.values.get("layer")
        if layer.head in _RECURRENT:
            return (inner.head if isinstance(inner, Object) else layer.head), layer.span
    return None
