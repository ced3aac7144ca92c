"""The first page: every model, to search and to filter by tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element

from zoo.build.gallery import html
from zoo.build.gallery.html import el
from zoo.build.gallery.page import parameters
from zoo.build.gallery.thumbnail import thumbnail
from zoo.spec.spec import Spec
from zoo.spec.tools import labels

FOLDERS = {
    "functional": "The functional API",
    "recurrent": "Recurrent networks",
    "orderbook": "Limit order books",
    "timeseries": "Time series",
    "vision": "Vision",
    "text": "Text",
}
_ABOUT = "Keras models as pages of text: each with its spec, its figure and its card."


def folder(spec: Spec) -> str:
    """The folder a spec stands in."""
    return Path(spec.file).parent.name


def ordered(specs: Iterable[Spec]) -> list[Spec]:
    """As the first page shows them: by folder, then by name."""
    places = list(FOLDERS)
    return sorted(
        specs,
        key=lambda spec: (
            places.index(folder(spec)) if folder(spec) in places else len(places),
            folder(spec),
            spec.name,
        ),
    )


def index(specs: Sequence[Spec]) -> str:
    """The first page as text.

    Args:
        specs: the models, in the order of ``ordered``.
    """
    body = (
        el("header", {"class": "top"}, el("a", {"class": "skip", "href": "#models"}, "Skip to the models")),
        el(
            "main",
            {"id": "models"},
            el("div", {"class": "head"}, el("h1", None, "The zoo"), el("p", {"class": "about"}, _ABOUT)),
            _search(specs),
            *(_folder(FOLDERS.get(name, name), found) for name, found in groupby(specs, folder)),
            el("p", {"class": "none", "hidden": True}, "No model has all of these words."),
        ),
        html.footer(),
    )
    return html.page("The zoo · speczoo", _ABOUT, body)


def _search(specs: Sequence[Spec]) -> Element:
    counts = Counter(tag for spec in specs for tag in spec.tags)
    tags = (
        el(
            "li",
            None,
            el(
                "button",
                {"type": "button", "data-tag": tag, "aria-pressed": "false"},
                tag,
                el("span", None, f" {count}"),
            ),
        )
        for tag, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    return el(
        "form",
        {"role": "search", "class": "search", "hidden": True},
        el("label", {"for": "words"}, "Search names, layers, sources"),
        el("input", {"id": "words", "type": "search", "autocomplete": "off", "spellcheck": "false"}),
        el("ul", {"class": "tags", "aria-label": "Filter by tag"}, *tags),
        el("p", {"role": "status", "class": "count"}, f"{len(specs)} models"),
    )


def _folder(title: str, specs: Iterable[Spec]) -> Element:
    name = title.lower().replace(" ", "-")
    items = (_item(spec) for spec in specs)
    return el(
        "section",
        {"aria-labelledby": name, "class": "folder"},
        el("h2", {"id": name}, title),
        el("ul", {"class": "models"}, *items),
    )


def _item(spec: Spec) -> Element:
    heads = {layer.head for _, layer in labels.drawn(spec.graph)}
    source = str(spec.source.get("title", ""))
    words = " ".join((spec.name, spec.name.replace("_", " "), spec.about, *spec.tags, source, *sorted(heads)))
    count = parameters(spec)
    return el(
        "li",
        {"data-words": words.lower(), "data-tags": " ".join(spec.tags)},
        el("h3", None, el("a", {"href": f"models/{Path(spec.file).stem}.html"}, spec.name)),
        thumbnail(spec),
        el("p", None, spec.about),
        el("p", {"class": "small"}, f"{count} parameters" if count else None),
    )
