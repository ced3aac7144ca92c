"""The lowered graph as a picture. Graphviz lays it out; the description handed to it needs no Keras."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zoo.errors import ZooError
from zoo.files import check_file, write_atomic
from zoo.spec.graph import Graph
from zoo.spec.spec import Spec
from zoo.spec.tools import labels
from zoo.spec.tools.draw import mermaid, submodels
from zoo.spec.trace import Trace, trace

_LARGE = 150  # calls: from here on Graphviz takes minutes to place what stands on the long edges
FORMATS = ("svg", "png", "pdf", "mmd")
_COLOURS = {**labels.COLOURS, "op": "#f3f4f6", "layer": "#ffffff"}


def plot(spec: Spec, path: str | Path) -> Path:
    """Draws a spec's graph to a file.

    Args:
        spec: a spec from ``zoo.load``.
        path: where to write; the ending says what: .svg, .png, .pdf, or .mmd for Mermaid's text.

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
    check_file(target)
    drawn = mermaid(spec).encode() if kind == "mmd" else draw(dot(spec), kind)
    write_atomic(target, drawn)
    return target


def draw(text: str, kind: str) -> bytes:
    """A description in Graphviz's language, laid out and drawn as `kind` (``svg``, ``png``, ``pdf``)."""
    program = shutil.which("dot")
    if program is None:
        raise ZooError(
            "Graphviz is not installed, and it lays the picture out",
            help="apt-get install graphviz, or brew install graphviz",
            code="plot.graphviz",
        )
    # Graphviz's SVG with a resolution of its own shows a corner of the drawing only
    options = [f"-T{kind}", *(["-Gdpi=120"] if kind == "png" else [])]
    done = subprocess.run([program, *options], input=text.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        raise ZooError(
            f"Graphviz could not draw the graph: {done.stderr.decode(errors='replace')[:200]}",
            code="plot.graphviz",
        )
    return done.stdout


def dot(spec: Spec, brief: bool = False) -> str:
    """The graph in Graphviz's language; each node has its kind as its class.

    The sizes of tensors stand on the edges, unless the graph is large.

    Args:
        spec: a spec from ``zoo.load``.
        brief: as in a paper: no title, and only the names that the author gave.
    """
    return "\n".join(_lines(spec, brief)) + "\n"


def _is_large(spec: Spec) -> bool:
    return len(spec.graph.calls) > _LARGE


def effort(spec: Spec) -> str:
    """How hard Graphviz tries to make a good drawing better: less, where the graph is large."""
    return "nslimit=1, mclimit=0.3" if _is_large(spec) else ""


@dataclass(frozen=True, slots=True)
class _Look:
    """Whether generated names are left out, and whether sizes stand on the edges."""

    brief: bool
    sizes: bool


def _lines(spec: Spec, brief: bool) -> Iterator[str]:
    yield f"digraph {_quote(spec.name)} {{"
    yield '  graph [rankdir=TB, nodesep=0.3, ranksep=0.35, fontname="Helvetica", labelloc=t, bgcolor=white];'
    if not brief:
        yield f"  graph [label={_quote(spec.name)}];"
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11, margin="0.12,0.06"];'
    yield '  node [color="#374151"];'
    yield '  edge [fontname="Helvetica", fontsize=9, color="#6b7280", fontcolor="#6b7280", arrowsize=0.7];'
    yield f"  graph [{effort(spec)}];"
    look = _Look(brief, sizes=not _is_large(spec))
    yield from _graph(spec.graph, spec.trace, "", look)
    for number, (name, model) in enumerate(submodels(spec.graph).items()):
        yield f"  subgraph cluster_{number} {{"
        yield f'    id="{labels.anchor(name, "model")}";'
        yield f'    graph [label={_quote(f"model {name}")}, style="rounded", color="#9ca3af", fontsize=11];'
        yield from _graph(model, trace(model), f"{name}/", look)
        yield "  }"
    yield "}"


def _graph(graph: Graph, known: Trace, prefix: str, look: _Look) -> Iterator[str]:
    """Nodes and edges of one graph; `prefix` keeps a submodel's apart."""
    for name, item in graph.inputs.items():
        words = [name, labels.input_text(item), *labels.given_as(graph, name, name)]
        yield _node(prefix + name, "\n".join(words), "input")
    shared = labels.shared_calls(graph)
    for call, layer in labels.drawn(graph):
        again = labels.held(graph, layer).name in shared or layer.shared and layer.family != "models"
        mark = "  (shared)" if again else ""
        words = labels.caption(layer) if look.brief else [f"{layer.name}{mark}", labels.what(layer)]
        label = "\n".join([*words, *labels.given_as(graph, call.id, layer.name)])
        yield _node(prefix + call.id, label, labels.kind(graph, call))
        for ref in labels.sources(call):
            flows = labels.edge(known, ref) if look.sizes else ""
            yield _edge(prefix + ref.node, prefix + call.id, f"label={_quote(' ' + flows)}" if flows else "")
    same = 'dir=none, style=dashed, constraint=false, label=" same weights", class=same'
    for name, calls in shared.items():
        if known.weights.get(name) == 0:
            continue  # a shared Reshape or Add has nothing to share
        for first, second in zip(calls, calls[1:], strict=False):
            yield _edge(prefix + first, prefix + second, same)


def _edge(first: str, second: str, looks: str) -> str:
    ends = f"{labels.anchor(first)}|{labels.anchor(second)}"
    return f'  {_quote(first)} -> {_quote(second)} [{looks}{", " if looks else ""}id="{ends}"];'


def _node(name: str, label: str, kind: str) -> str:
    looks = f'label={_quote(label)}, fillcolor="{_COLOURS[kind]}", class="{kind}"'
    return f'  {_quote(name)} [id="{labels.anchor(name)}", {looks}];'


def _quote(text: str) -> str:
    # Graphviz reads entities in its texts
    text = text.replace("&", "&amp;")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
