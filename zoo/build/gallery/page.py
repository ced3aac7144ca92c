"""One model's page: its spec beside its figure, and its card."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from zoo.build.gallery import card, figure, html, text
from zoo.build.gallery.html import Child, el
from zoo.build.gallery.nodes import Node, nodes
from zoo.spec import catalogue
from zoo.spec.spec import Spec
from zoo.spec.tools import labels


def page(spec: Spec, before: str = "", after: str = "") -> str:
    """A model's page as text.

    Args:
        spec: a checked spec, read from a file.
        before: the model before it in the gallery.
        after: the model after it.
    """
    found = nodes(spec)
    known = text.places(found, spec.file)
    body = (
        _top(before, after),
        el(
            "main",
            {"id": "model"},
            _head(spec),
            el("div", {"class": "beside"}, _spec(spec, known), _figure(spec, found, known)),
            el("div", {"class": "card"}, *card.sections(spec, found)),
        ),
        html.footer(),
    )
    return html.page(f"{spec.name} · speczoo", spec.about, body, root="../")


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


def _head(spec: Spec) -> Element:
    tags = (el("li", None, el("a", {"href": f"../index.html#tag={tag}"}, tag)) for tag in spec.tags)
    takes = ", ".join(labels.sizes((None, *item.shape)) for item in spec.inputs.values())
    gives = ", ".join(labels.sizes(spec.trace.shape(ref)) for ref in spec.graph.outputs.values())
    return el(
        "div",
        {"class": "head"},
        el("h1", None, spec.name),
        el("p", {"class": "about"}, spec.about),
        html.facts(
            [
                ("parameters", parameters(spec)),
                ("published", _published(spec)),
                ("takes", takes),
                ("gives", gives),
            ],
            "figures",
        ),
        el("ul", {"class": "tags", "aria-label": "Tags"}, *tags),
    )


def parameters(spec: Spec) -> str:
    """How many weights a model has; empty where that is not known without Keras."""
    return "" if spec.trace.parameters is None else f"{spec.trace.parameters:,}"


def _published(spec: Spec) -> str:
    number = spec.source.get("parameters")
    if not isinstance(number, int):
        return ""
    if number == spec.trace.parameters:
        return "equal"
    why = spec.source.get("difference")
    return f"{number:,}{f' ({why})' if why else ''}"


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
