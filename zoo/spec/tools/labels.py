"""What a picture of a graph says about a layer and about a tensor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from zoo.spec import signatures
from zoo.spec.graph import Call, Declared, Graph, InputSpec, Layer, Ref, refs
from zoo.spec.trace import Trace
from zoo.spec.values import plain_value

_SHOWN = (
    "units",
    "filters",
    "kernel_size",
    "strides",
    "dilation_rate",
    "pool_size",
    "rate",
    "activation",
    "axis",
    "padding",
)
COLOURS = {"input": "#dbeafe", "output": "#dcfce7", "shared": "#fef3c7", "model": "#f3e8ff"}
_ALONE = ("units", "filters", "rate", "activation", "layer", "index")


def what(layer: Layer) -> str:
    """A layer's class and the arguments that shape it: ``LSTM 32``."""
    return f"{_head(layer)} {', '.join(_arguments(layer))}".rstrip()


def caption(layer: Layer) -> list[str]:
    """What a figure says of a layer, line by line: its name where the author gave one, class, sizes, rest.

    Arguments with their usual values are left out.
    """
    signature = signatures.lookup(layer.family, layer.head)
    usual = {name: item.default for name, item in signature.arguments.items()} if signature else {}
    unusual = {name: item for name, item in layer.args.items() if not _same(item.value, usual.get(name))}
    shown = _arguments(replace(layer, args=unusual), bare=("kernel_size", "pool_size"))
    first = ", ".join(text for text in shown if "=" not in text)
    rest = [text for text in shown if "=" in text]
    given = "" if "__" in layer.name else layer.name
    return [line for line in (given, f"{_head(layer)} {first}".rstrip(), ", ".join(rest)) if line]


def _same(value: Any, usual: Any) -> bool:
    """Whether a value is the usual one; one number stands for as many equal ones."""
    several = isinstance(usual, (list, tuple)) and not isinstance(value, (list, tuple))
    return all(item == value for item in usual) if several else value == usual


def _head(layer: Layer) -> str:
    return {"ops": f"ops.{layer.head}", "at": "at", "models": "model"}.get(layer.family, layer.head)


def _arguments(layer: Layer, bare: tuple[str, ...] = ()) -> list[str]:
    return [
        _argument(name, item.value, (*_ALONE, *bare))
        for name, item in layer.args.items()
        if _is_shown(name, layer)
    ]


def _is_shown(name: str, layer: Layer) -> bool:
    return name in (*_SHOWN, "layer", "index") or layer.family == "ops"


def _argument(name: str, value: Any, alone: tuple[str, ...]) -> str:
    shown = plain_value(value)
    if name == "layer" and isinstance(shown, dict):
        head, args = next(iter(shown.items()))
        return f"{head} {', '.join(_text(item) for key, item in args.items() if key in _SHOWN)}".strip()
    return _text(shown) if name in alone else f"{name}={_text(shown)}"


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "×".join(_text(item) for item in value)
    text = str(value)
    return text if len(text) <= 30 else text[:29] + "…"


def sizes(shape: tuple[int | None, ...] | None) -> str:
    """A tensor's sizes without the batch axis: ``100×20``; empty where nothing is known."""
    if shape is None:
        return ""
    return "×".join("?" if size is None else str(size) for size in shape[1:]) or "scalar"


def edge(trace: Trace, ref: Ref) -> str:
    """What flows along an edge."""
    port = f"{ref.index}: " if ref.index else ""
    return f"{port}{sizes(trace.shape(ref))}".removesuffix(": ")


def input_text(item: InputSpec) -> str:
    """An input's sizes and type."""
    return f"{sizes((None, *item.shape))} {item.dtype}"


def anchor(name: str, kind: str = "node") -> str:
    """The id of a node (or of a submodel's frame) in a drawing that keeps ids, whatever its name holds."""
    return f"{kind}-" + re.sub(r"[^\w-]", lambda char: f".{ord(char.group()):x}", name, flags=re.ASCII)


def drawn(graph: Graph) -> Iterator[tuple[Call, Layer]]:
    """The calls that some output needs."""
    reached = graph.reached()
    for call in graph.calls:
        if call.id in reached:
            yield call, graph.layers[call.layer]


def given_as(graph: Graph, node: str, name: str) -> list[str]:
    """The outputs that a node gives under another name than its own, as words."""
    return [
        f"output {output}" for output, ref in graph.outputs.items() if ref.node == node and output != name
    ]


def shared_calls(graph: Graph) -> dict[str, list[str]]:
    """Layer → its calls, for layers with one set of weights and several calls."""
    found: dict[str, list[str]] = {}
    for call, layer in drawn(graph):
        if layer.family in ("layers", "models"):
            found.setdefault(held(graph, layer).name, []).append(call.id)
    return {name: calls for name, calls in found.items() if len(calls) > 1}


def kind(graph: Graph, call: Call) -> str:
    """What a call is to a reader: ``output``, ``model``, ``shared``, ``op`` or ``layer``."""
    layer = graph.layers[call.layer]
    if any(ref.node == call.id for ref in graph.outputs.values()):
        return "output"
    if layer.family == "models":
        return "model"
    if layer.shared:
        return "shared"
    return "op" if layer.family in ("ops", "at") else "layer"


def held(graph: Graph, layer: Layer) -> Layer:
    """The declared layer or submodel that a wrapper calls; the layer itself when it wraps none."""
    inner = layer.values.get("layer")
    return graph.layers.get(inner.name, layer) if isinstance(inner, Declared) else layer


def submodels(graph: Graph) -> dict[str, Graph]:
    """The submodels that are called, those inside wrappers included, by name."""
    called = (held(graph, layer) for _, layer in drawn(graph))
    return {layer.name: layer.model for layer in called if layer.model is not None}


def sources(call: Call) -> list[Ref]:
    """The tensors a call reads, each once."""
    return list(dict.fromkeys(refs(call)))
