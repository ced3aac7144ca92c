"""One model's page: its spec beside its figure, and its card."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import Element

from zoo.build.gallery import card, figure, html, text
from zoo.build.gallery.html import Child, el
from zoo.build.gallery.model import Model
from zoo.build.gallery.nodes import Node, nodes
from zoo.spec import catalogue
from zoo.spec.card import Card
from zoo.spec.spec import Spec
from zoo.spec.tools.card_text import amount, shape_text


def page(model: Model, before: str = "", after: str = "") -> str:
    """A model's page as text.

    Args:
        model: its spec and its card.
        before: the model before it in the gallery.
        after: the model after it.
    """
    spec = model.spec
    found = nodes(spec)
    known = text.places(found, spec.file)
    body = (
        _top(before, after),
        el(
            "main",
            {"id": "model"},
            _head(model.card),
            el("div", {"class": "beside"}, _spec(spec, known), _figure(spec, found, known)),
            el("div", {"class": "card"}, *card.sections(model.card, found)),
        ),
        html.footer(),
    )
    return html.page(f"{spec.name} · speczoo", model.card.about, body, root="../")


def _top(before: str, after: str) -> Element:
    links: list[Child] = [el("a", {"href": "../index.html"}, "All models")]
    links += [
        el("a", {"href": f"{name}.html", "rel": rel}, words)
        for name, rel, words in ((before, "prev", f"← {before}"), (after, "next", f"{after} →"))
        if name
    ]
    return el(
        "header",
        {"class": "top"},
        el("a", {"class": "skip", "href": "#model"}, "Skip to the model"),
        el("nav", {"aria-label": "Gallery"}, *links),
    )


def _head(shown: Card) -> Element:
    tags = (el("li", None, el("a", {"href": f"../index.html#tag={quote(tag)}"}, tag)) for tag in shown.tags)
    return el(
        "div",
        {"class": "head"},
        el("h1", None, shown.name),
        el("p", {"class": "about"}, shown.about),
        html.facts(
            [
                ("parameters", _size(shown)),
                ("operations a window", ("at least " if shown.uncounted else "") + amount(shown.flops)),
                ("takes", ", ".join(shape_text(item.shape) for item in shown.inputs.values())),
                ("gives", ", ".join(shape_text(item.shape) for item in shown.outputs.values())),
            ],
            "figures",
        ),
        el("ul", {"class": "tags", "aria-label": "Tags"}, *tags),
    )


def _size(shown: Card) -> str:
    here = "not known" if shown.parameters is None else f"{shown.parameters:,}"
    if shown.published is None:
        return here
    return f"{here} (published: {'equal' if shown.published == shown.parameters else f'{shown.published:,}'})"


def _spec(spec: Spec, known: text.Places) -> Element:
    return el(
        "section",
        {"class": "text", "aria-labelledby": "spec"},
        el("h2", {"id": "spec"}, "Spec"),
        *_files(spec, known),
    )


def _files(spec: Spec, known: text.Places) -> Iterator[Child]:
    for number, path in enumerate(text.files(spec, known)):
        shown = (
            os.path.relpath(path, catalogue.folder().parent)
            if path.is_relative_to(catalogue.folder())
            else path.name
        )
        if number:
            name = (
                el("a", {"href": f"{path.stem}.html"}, path.stem)
                if path.stem in catalogue.paths()
                else path.stem
            )
            yield el("p", {"class": "built-on"}, "built on ", name, ":")
        yield el("p", {"class": "file"}, Path(shown).as_posix())
        yield text.text(path, known, spec.file)


def _figure(spec: Spec, found: list[Node], known: text.Places) -> Element:
    return el(
        "section",
        {"class": "figure", "aria-labelledby": "figure"},
        el("h2", {"id": "figure"}, "Figure"),
        _legend(found),
        el("div", {"class": "inspector", "role": "status", "aria-label": "The node pointed at"}),
        el("div", {"class": "canvas"}, figure.figure(spec, found, text.hrefs(found, known))),
    )


_LEGEND = {
    "input": "input",
    "layer": "layer",
    "shared": "shared layer",
    "model": "submodel",
    "op": "operation",
    "output": "output",
}


def _legend(found: list[Node]) -> Element:
    kinds = {node.kind for node in found}
    shown = ((kind, words) for kind, words in _LEGEND.items() if kind in kinds)
    return el(
        "ul",
        {"class": "legend", "aria-label": "Colours"},
        *(el("li", None, el("span", {"class": kind}), words) for kind, words in shown),
        el(
            "li",
            None,
            el(
                "button",
                {"type": "button", "class": "whole", "aria-pressed": "false", "hidden": True},
                "Whole figure",
            ),
        ),
    )
