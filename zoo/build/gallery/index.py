"""The first page: every model, to search and to filter by tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element

from zoo.build.gallery import html
from zoo.build.gallery.html import el
from zoo.build.gallery.model import Model
from zoo.build.gallery.thumbnail import thumbnail
from zoo.spec.tools import labels
from zoo.spec.tools.card_text import amount

_ABOUT = "Keras models as pages of text: each with its spec, its figure and its card."


def index(models: Sequence[Model]) -> str:
    """The first page as text.

    Args:
        models: in the order in which they are shown.
    """
    body = (
        el("header", {"class": "top"}, el("a", {"class": "skip", "href": "#models"}, "Skip to the models")),
        el(
            "main",
            {"id": "models"},
            el("div", {"class": "head"}, el("h1", None, "The zoo"), el("p", {"class": "about"}, _ABOUT)),
            _search(models),
            *(_folder(name, found) for name, found in groupby(models, lambda model: model.group)),
            el("p", {"class": "none", "hidden": True}, "No model has all of these words."),
        ),
        html.footer(),
    )
    return html.page("The zoo · speczoo", _ABOUT, body)


def _search(models: Sequence[Model]) -> Element:
    counts = Counter(tag for model in models for tag in model.card.tags)
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
        el("p", {"role": "status", "class": "count"}, f"{len(models)} models"),
    )


def _folder(title: str, models: Iterable[Model]) -> Element:
    name = title.lower().replace(" ", "-")
    return el(
        "section",
        {"aria-labelledby": name, "class": "folder"},
        el("h2", {"id": name}, title),
        el("ul", {"class": "models"}, map(_item, models)),
    )


def _item(model: Model) -> Element:
    card = model.card
    heads = {layer.head for _, layer in labels.drawn(model.spec.graph)}
    names = (card.name, card.name.replace("_", " "), card.folder, card.kind)
    words = " ".join((*names, card.about, *card.tags, str(card.source.get("title") or ""), *sorted(heads)))
    size = "" if card.parameters is None else f"{card.parameters:,} parameters, "
    return el(
        "li",
        {"data-words": words.lower(), "data-tags": " ".join(card.tags)},
        el("h3", None, el("a", {"href": f"models/{model.stem}.html"}, card.name)),
        thumbnail(model.spec),
        el("p", None, card.about),
        el("p", {"class": "small"}, f"{size}{amount(card.flops)} operations a window"),
    )
