"""What a page says of a model besides its spec and its figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from zoo.build.gallery.html import Child, el, facts, link, table
from zoo.build.gallery.nodes import Node
from zoo.spec.card import Card
from zoo.spec.params import Param
from zoo.spec.tools import card_text
from zoo.spec.tools.words import said


def sections(card: Card, nodes: Iterable[Node]) -> Iterator[Element]:
    """The card, section by section; those with nothing to say are left out."""
    yield _section("Inputs and outputs", _inputs(card), _outputs(card))
    if card.params:
        yield _section("Parameters", _params(card.params.values()))
    yield _section("Size and cost", *_size(card))
    if card.recipe:
        yield _section("Recipe", _items(card.recipe))
    if card.data:
        yield _section("Data", _items(card.data))
    if card.source:
        yield _section("Source", *_source(card.source))
    if card.cite:
        yield _section("To cite", *_citations(card))
    if card.lint:
        allowed = (card_text.allowed_line(code, reason) for code, reason in card.lint.items())
        yield _section("Warnings allowed, and why", _items(allowed))
    yield _section("Layers", _layers(nodes), kind="wide")


def _section(title: str, *body: Child, kind: str | None = None) -> Element:
    name = title.lower().replace(" ", "-").replace(",", "")
    return el("section", {"aria-labelledby": name, "class": kind}, el("h2", {"id": name}, title), *body)


def _items(sentences: Iterable[str]) -> Element:
    return el("ul", {"class": "items"}, *(el("li", None, sentence) for sentence in sentences))


def _inputs(card: Card) -> Element:
    rows = (
        (name, card_text.shape_text(item.shape), item.dtype, str(item.batch_size or ""), item.doc)
        for name, item in card.inputs.items()
    )
    return table(("input", "shape", "type", "batch", ""), rows, "Inputs")


def _outputs(card: Card) -> Element:
    rows = (
        (name, card_text.shape_text(item.shape), *map(_said, (item.loss, item.weight, item.metrics)))
        for name, item in card.outputs.items()
    )
    return table(("output", "shape", "loss", "weight", "metrics"), rows, "Outputs")


def _said(value: Any) -> str:
    return "" if value is None else said(value)


def _params(params: Iterable[Param]) -> Element:
    rows = (
        (item.name, said(item.value), card_text.limits_text(item), _said(item.tune), item.doc)
        for item in params
    )
    return table(("parameter", "value", "range", "tune", ""), rows, "Parameters")


def _size(card: Card) -> Iterator[Child]:
    yield el("p", None, card_text.size_line(card))
    yield el("p", None, card_text.cost_line(card))
    if card.speed:
        yield _items(card_text.speed_line(item) for item in card.speed)


def _source(source: Mapping[str, Any]) -> Iterator[Child]:
    title, url = str(source.get("title") or ""), str(source.get("url") or "")
    yield el("p", None, link(title or url, url) if url else title)
    yield facts((name, str(source.get(name) or "")) for name in ("section", "licence"))
    if source.get("notes"):
        yield el("p", None, str(source["notes"]))


def _citations(card: Card) -> Iterator[Child]:
    for entry in card.cite:
        doi, url = str(entry.get("doi") or ""), str(entry.get("url") or "")
        if doi or url:
            yield el("p", None, link(doi or url, f"https://doi.org/{doi}" if doi else url))
    yield el("pre", {"class": "bibtex"}, card.bibtex())


def _layers(nodes: Iterable[Node]) -> Element:
    heads = ("layer", "what", "arguments", "takes", "gives", "weights")
    return table(heads, map(_layer, nodes), "Layers, in the order of the graph")


def _layer(node: Node) -> tuple[Child, ...]:
    turn, calls = node.turn
    same = f" (call {turn} of {calls}, same weights)" if calls > 1 else ""
    name = f"{node.part_of} / {node.name}" if node.part_of else node.name
    weights = "" if node.weights is None else f"{node.weights:,}"
    shown = el("a", {"href": f"#{node.id}", "class": "row"}, name)
    return shown, node.what + same, node.arguments, node.takes, node.gives, weights
