"""Elements of a page. Everything is an element or a text, and texts are escaped when the tree is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

Child: TypeAlias = "Element | str | None | Iterable[Child]"

_WEB = re.compile(r"https?://[^\s]+\Z")
# a page cannot hold them, not even escaped
_NOT_IN_PAGES = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def el(tag: str, attributes: Mapping[str, object] | None = None, *children: Child) -> Element:
    """An element; attributes that are None or False are left out, True has no value."""
    made = Element(tag)
    for name, value in (attributes or {}).items():
        if value is not None and value is not False:
            made.set(name, _clean(name if value is True else str(value)))
    for child in _flat(children):
        if isinstance(child, Element):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + _clean(child)
        else:
            made.text = (made.text or "") + _clean(child)
    return made


def _flat(children: Iterable[Child]) -> Iterator[Element | str]:
    for child in children:
        if isinstance(child, (Element, str)):
            yield child
        elif child is not None:
            yield from _flat(child)


def _clean(text: str) -> str:
    return _NOT_IN_PAGES.sub("\ufffd", text)


def link(text: str, url: str) -> Element | str:
    """A link to the web; any other scheme (``javascript:``) stays text."""
    return el("a", {"href": url, "rel": "noreferrer"}, text) if _WEB.match(url) else text


def facts(rows: Iterable[tuple[str, Child]], kind: str = "facts") -> Element:
    """A list of terms and what they are; rows without a value are left out."""
    shown = [(term, value) for term, value in rows if value not in (None, "")]
    return el(
        "dl", {"class": kind}, *(el("div", None, el("dt", None, a), el("dd", None, b)) for a, b in shown)
    )


def table(heads: tuple[str, ...], rows: Iterable[Iterable[Child]], caption: str) -> Element:
    """A table whose first column names its rows; it scrolls by itself where the page is too narrow.

    Columns that say nothing in any row are left out.
    """
    cells = [tuple(row) for row in rows]
    kept = [number for number in range(len(heads)) if any(row[number] not in ("", None) for row in cells)]
    body = (
        el(
            "tr",
            None,
            (
                el("td" if number else "th", None if number else {"scope": "row"}, row[number])
                for number in kept
            ),
        )
        for row in cells
    )
    made = el(
        "table",
        None,
        el("caption", None, caption),
        el("thead", None, el("tr", None, (el("th", {"scope": "col"}, heads[number]) for number in kept))),
        el("tbody", None, body),
    )
    return el("div", {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": caption}, made)


def page(title: str, about: str, body: Iterable[Child], root: str = "") -> str:
    """A whole document; `root` leads to the folder of the gallery."""
    head = el(
        "head",
        None,
        el("meta", {"charset": "utf-8"}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("meta", {"name": "color-scheme", "content": "light dark"}),
        el("meta", {"name": "description", "content": about}),
        el("title", None, title),
        el("link", {"rel": "icon", "href": "data:,"}),
        el("link", {"rel": "stylesheet", "href": f"{root}gallery.css"}),
        el("script", {"src": f"{root}gallery.js", "defer": True}),
    )
    whole = el("html", {"lang": "en"}, head, el("body", None, *body))
    return f"<!doctype html>\n{tostring(whole, encoding='unicode', method='html')}\n"


def footer() -> Element:
    """What ends every page."""
    return el(
        "footer", None, el("p", None, "Made by speczoo from the specs themselves. No network, no tracking.")
    )
