"""Graphviz's drawing as a part of a page: its nodes are links, and the page's style colours them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from zoo.build.gallery.html import el
from zoo.build.gallery.nodes import Node
from zoo.build.picture import dot, draw
from zoo.spec.spec import Spec
from zoo.spec.tools import labels

# said by the page's style instead, which knows light from dark
_PAINT = ("fill", "stroke", "stroke-dasharray", "font-family", "xmlns")


def figure(spec: Spec, nodes: Iterable[Node], hrefs: Mapping[str, str]) -> Element:
    """The drawing of a spec.

    Args:
        spec: a checked spec.
        nodes: its nodes.
        hrefs: node id → where a click on it leads.
    """
    svg = plain(draw(dot(spec, brief=True), "svg"))
    known = {node.id: node for node in nodes}
    canvas = next(iter(svg))
    for group in list(canvas):
        for title in group.findall("title"):
            group.remove(title)  # browsers would show it beside what the page shows
        kind = (group.get("class") or "").split(" ")[0]
        if group.tag == "polygon":
            canvas.remove(group)  # the white ground
        elif kind == "node":
            _into_link(group, known[group.attrib.pop("id")], hrefs)
        elif kind == "edge":
            first, second = group.attrib.pop("id").split("|")
            group.set("data-from", first)
            group.set("data-to", second)
    svg.set("role", "group")
    svg.set("aria-label", f"The graph of {spec.name}: {len(known)} nodes")
    return svg


def plain(drawn: bytes) -> Element:
    """Graphviz's SVG without namespaces, paint and fixed size."""
    svg = ElementTree.fromstring(drawn)
    for item in svg.iter():
        item.tag = item.tag.rpartition("}")[2]
        for name in list(item.attrib):
            if name in _PAINT or name.startswith("{"):
                del item.attrib[name]
    width = re.sub(r"[^0-9.]", "", svg.attrib.pop("width"))
    del svg.attrib["height"]
    # one point of Graphviz is one pixel here: text of 11 points reads as text of 11 pixels
    svg.set("style", f"--width: {float(width):.0f}px")
    canvas = next(iter(svg))
    del canvas.attrib["id"]
    return svg


def _into_link(group: Element, node: Node, hrefs: Mapping[str, str]) -> None:
    drawn = list(group)
    texts = [item for item in drawn if item.tag == "text"]
    named = bool(texts) and texts[0].text == node.name
    for number, text in enumerate(texts):
        text.set("class", "name" if number == 0 and named else "more" if number > named else "what")
    for item in drawn:
        group.remove(item)
    link = el(
        "a",
        {
            "id": node.id,
            "class": f"node {node.kind}",
            "href": hrefs.get(node.id),
            "data-group": node.group or None,
            "data-model": labels.anchor(node.model, "model") if node.model else None,
            "aria-label": spoken(node),
        },
        *drawn,
    )
    group.append(link)
    group.attrib.pop("class", None)


def spoken(node: Node) -> str:
    """A node in words."""
    turn, calls = node.turn
    parts = (
        f"{node.name}: {node.what}",
        node.arguments,
        f"takes {node.takes}" if node.takes else "",
        f"gives {node.gives}" if node.gives else "",
        f"{node.weights:,} weights" if node.weights else "",
        f"call {turn} of {calls} with the same weights" if calls > 1 else "",
    )
    return "; ".join(part for part in parts if part)
