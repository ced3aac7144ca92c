"""The lowered graph as a picture. Graphviz lays it out; the description handed to it needs no Keras."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zoo.errors import ZooError
from zoo.spec.graph import Call, Graph, Layer, Ref, refs
from zoo.spec.spec import Spec
from zoo.spec.values import plain_value

FORMATS = ("svg", "png", "pdf")
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
_INPUT, _OUTPUT, _SHARED, _MODEL, _OP, _LAYER = (
    "#dbeafe",
    "#dcfce7",
    "#fef3c7",
    "#f3e8ff",
    "#f3f4f6",
    "#ffffff",
)


def plot(spec: Spec, path: str | Path) -> Path:
    """Draws a spec's graph to a file.

    Args:
        spec: a spec from ``zoo.load``.
        path: where to write; the ending (.svg, .png, .pdf) says what.

    Raises:
        ZooError: the ending is unknown, Graphviz is not installed, or the file cannot be written.
    """
    target = Path(path)
    kind = target.suffix[1:].lower()
    if kind not in FORMATS:
        raise ZooError(
            f"a picture cannot be written as `{target.name}`",
            help=f"end the name in {', '.join('.' + name for name in FORMATS)}",
            code="plot.format",
        )
    if not target.parent.is_dir():
        raise ZooError(f"there is no folder {target.parent}", help="make it first", code="plot.folder")
    drawn = _draw(dot(spec), kind)
    try:
        # beside the target, so that the rename cannot cross file systems and no half picture is left
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=target.suffix)
        with os.fdopen(handle, "wb") as stream:
            stream.write(drawn)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except OSError as error:
        raise ZooError(
            f"{target} cannot be written: {error.strerror}",
            help="check the path and its rights",
            code="plot.write",
        ) from None
    return target


def _draw(text: str, kind: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise ZooError(
            "Graphviz is not installed, and it lays the picture out",
            help="apt-get install graphviz, or brew install graphviz",
            code="plot.graphviz",
        )
    done = subprocess.run(
        [program, f"-T{kind}", "-Gdpi=120"], input=text.encode(), capture_output=True, check=False
    )
    if done.returncode != 0:
        raise ZooError(
            f"Graphviz could not draw the graph: {done.stderr.decode(errors='replace')[:200]}",
            code="plot.graphviz",
        )
    return done.stdout


def dot(spec: Spec) -> str:
    """The graph in Graphviz's language."""
    return "\n".join(_lines(spec)) + "\n"


def _lines(spec: Spec) -> Iterator[str]:
    graph = spec.graph
    yield f"digraph {_quote(spec.name)} {{"
    yield '  graph [rankdir=TB, nodesep=0.3, ranksep=0.35, fontname="Helvetica", labelloc=t, bgcolor=white];'
    yield f"  graph [label={_quote(spec.name)}];"
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11];'
    yield '  node [color="#374151", margin="0.12,0.06"];'
    yield '  edge [fontname="Helvetica", fontsize=9, color="#6b7280", fontcolor="#6b7280", arrowsize=0.7];'
    reached = graph.reached()
    for name, item in graph.inputs.items():
        sizes = ", ".join("?" if size is None else str(size) for size in item.shape)
        yield _node(name, f"{name}\n({sizes})  {item.dtype}", _INPUT)
    makers = {ref.node: name for name, ref in graph.outputs.items()}
    for call in graph.calls:
        if call.id in reached:
            layer = graph.layers[call.layer]
            yield _node(call.id, _label(call, layer), _OUTPUT if call.id in makers else _colour(layer))
            for ref in refs(call):
                yield f"  {_quote(ref.node)} -> {_quote(call.id)}{_port(graph, ref)};"
    yield "}"


def _node(name: str, label: str, colour: str) -> str:
    return f"  {_quote(name)} [label={_quote(label)}, fillcolor={_quote(colour)}];"


def _colour(layer: Layer) -> str:
    if layer.family == "models":
        return _MODEL
    if layer.shared:
        return _SHARED
    return _OP if layer.family in ("ops", "at") else _LAYER


def _label(call: Call, layer: Layer) -> str:
    head = {"ops": f"ops.{layer.head}", "at": "at", "models": "model"}.get(layer.family, layer.head)
    arguments = ", ".join(
        _argument(name, argument.value) for name, argument in layer.args.items() if _is_shown(name, layer)
    )
    shared = "  (shared)" if layer.shared else ""
    return f"{layer.name}{shared}\n{head} {arguments}".rstrip()


def _is_shown(name: str, layer: Layer) -> bool:
    return name in (*_SHOWN, "layer", "index") or layer.family == "ops"


def _argument(name: str, value: Any) -> str:
    shown = plain_value(value)
    if name == "layer" and isinstance(shown, dict):
        head, args = next(iter(shown.items()))
        return f"{head} {', '.join(_text(item) for key, item in args.items() if key in _SHOWN)}".strip()
    if name in ("units", "filters", "rate", "activation", "layer", "index"):
        return _text(shown)
    return f"{name}={_text(shown)}"


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "×".join(_text(item) for item in value)
    text = str(value)
    return text if len(text) <= 30 else text[:29] + "…"


def _port(graph: Graph, ref: Ref) -> str:
    return f' [label="{ref.index}"]' if ref.index else ""


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
