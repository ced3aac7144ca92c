"""What a page says of a model besides its spec and its figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from zoo.build.gallery.html import Child, el, facts, link
from zoo.build.gallery.nodes import Node
from zoo.spec import emit
from zoo.spec.params import Param
from zoo.spec.spec import Spec
from zoo.spec.tools import labels
from zoo.spec.values import plain_value


def sections(spec: Spec, nodes: Iterable[Node]) -> Iterator[Element]:
    """The card, section by section; those with nothing to say are left out."""
    yield _section("Inputs and outputs", _inputs(spec), _outputs(spec))
    if spec.declared:
        yield _section("Parameters", _params(spec.declared.values()))
    if spec.recipe or spec.pipeline:
        yield _section("Recipe", _recipe(spec))
    if spec.source:
        yield _section("Source", *_source(spec.source))
    if spec.cite:
        yield _section("To cite", *(_citation(entry) for entry in spec.cite))
    if spec.lint:
        rows = ((code, reason) for code, reason in spec.lint.items())
        yield _section("Warnings allowed, and why", facts(rows))
    yield _section("Layers", _layers(nodes), kind="wide")


def _section(title: str, *body: Child, kind: str | None = None) -> Element:
    name = title.lower().replace(" ", "-").replace(",", "")
    return el("section", {"aria-labelledby": name, "class": kind}, el("h2", {"id": name}, title), *body)


def table(heads: tuple[str, ...], rows: Iterable[Iterable[Child]], caption: str = "") -> Element:
    """A table whose first column names its rows; it scrolls by itself where the page is too narrow."""
    body = []
    for row in rows:
        first, *rest = row
        body.append(
            el("tr", None, el("th", {"scope": "row"}, first), *(el("td", None, item) for item in rest))
        )
    made = el(
        "table",
        None,
        el("caption", None, caption) if caption else None,
        el("thead", None, el("tr", None, *(el("th", {"scope": "col"}, head) for head in heads))),
        el("tbody", None, *body),
    )
    return el(
        "div", {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": caption or heads[0]}, made
    )


def _inputs(spec: Spec) -> Element:
    rows = (
        (name, labels.sizes((None, *item.shape)), item.dtype, item.doc) for name, item in spec.inputs.items()
    )
    return table(("input", "shape", "type", ""), rows, "Inputs")


def _outputs(spec: Spec) -> Element:
    rows = []
    for name, output in spec.outputs.items():
        shape = spec.trace.shape(spec.graph.outputs[name])
        loss, weight, metrics = (
            emit.flow(plain_value(item)) if item else ""
            for item in (output.loss, output.weight, output.metrics)
        )
        rows.append((name, labels.sizes(shape), loss, weight, metrics.strip("[]")))
    return table(("output", "shape", "loss", "weight", "metrics"), rows, "Outputs")


def _params(params: Iterable[Param]) -> Element:
    rows = ((item.name, emit.flow(item.value), _range(item), _tune(item), item.doc) for item in params)
    return table(("parameter", "value", "range", "tune", ""), rows, "Parameters")


def _range(param: Param) -> str:
    if param.choices:
        return ", ".join(emit.flow(choice) for choice in param.choices)
    if param.min is None and param.max is None:
        return ""
    if param.max is None:
        return f"from {param.min:g}"
    return f"up to {param.max:g}" if param.min is None else f"{param.min:g} to {param.max:g}"


def _tune(param: Param) -> str:
    return "" if param.tune is None else emit.flow(param.tune).strip("[]")


def _recipe(spec: Spec) -> Element:
    training = spec.training
    rows = [(name.replace("_", " "), _plainly(value)) for name, value in training.items()]
    rows += [(f"data: {name}", _plainly(value)) for name, value in spec.data.items()]
    return facts(rows)


def _plainly(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plainly, value))
    if isinstance(value, dict):
        return ", ".join(
            f"{name} ({_plainly(item)})" if isinstance(item, dict) and item else f"{name} {_plainly(item)}"
            for name, item in value.items()
        )
    return emit.flow(value) if not isinstance(value, str) else value


def _source(source: Mapping[str, Any]) -> Iterator[Child]:
    title, url = str(source.get("title", "")), str(source.get("url", ""))
    yield el("p", None, link(title or url, url) if url else title)
    rest = [(name, source.get(name)) for name in ("section", "licence")]
    yield facts((name, str(value)) for name, value in rest if value is not None)
    if source.get("notes"):
        yield el("p", None, str(source["notes"]))


def _citation(entry: Mapping[str, Any]) -> Element:
    doi, url = entry.get("doi"), entry.get("url")
    where = f"https://doi.org/{doi}" if doi else str(url or "")
    journal = next((entry[key] for key in ("journal", "booktitle", "publisher") if entry.get(key)), None)
    parts = (entry.get("author"), entry.get("title"), journal, entry.get("year"))
    words = ". ".join(str(part) for part in parts if part)
    return el("p", None, f"{words}. ", link(str(doi or url), where) if where else None)


def _layers(nodes: Iterable[Node]) -> Element:
    rows = [_layer(node) for node in nodes]
    heads = ("layer", "what", "arguments", "takes", "gives", "weights")
    return table(heads, rows, "Layers, in the order of the graph")


def _layer(node: Node) -> tuple[Child, ...]:
    turn, calls = node.turn
    same = f" (call {turn} of {calls}, same weights)" if calls > 1 else ""
    name = f"{node.part_of} / {node.name}" if node.part_of else node.name
    weights = "" if node.weights is None else f"{node.weights:,}"
    shown = el("a", {"href": f"#{node.id}", "class": "row"}, name)
    return shown, node.what + same, node.arguments, node.takes, node.gives, weights
