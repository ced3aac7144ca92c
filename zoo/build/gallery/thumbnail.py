"""The shape of a graph at a glance: nodes without words, from left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from zoo.build.gallery.figure import plain
from zoo.build.picture import draw, effort
from zoo.spec.spec import Spec
from zoo.spec.tools import labels


def thumbnail(spec: Spec) -> Element:
    """A small drawing that says nothing to a screen reader."""
    svg = plain(draw("\n".join(_lines(spec)), "svg"))
    canvas = next(iter(svg))
    for group in list(canvas):
        if group.tag == "polygon":
            canvas.remove(group)
        for title in group.findall("title"):
            group.remove(title)
        group.attrib.pop("id", None)
        for line in group.iter("path"):
            # at this size a pixel is several points
            line.set(
                "d", re.sub(r"\d+\.\d+", lambda number: f"{float(number.group()):.0f}", line.get("d") or "")
            )
    svg.set("aria-hidden", "true")
    svg.set("class", "thumbnail")
    svg.set("preserveAspectRatio", "xMinYMid meet")
    return svg


def _lines(spec: Spec) -> Iterator[str]:
    numbers = {name: number for number, name in enumerate(spec.inputs)}
    yield "digraph { rankdir=LR; nodesep=0.12; ranksep=0.14; edge [arrowhead=none];"
    yield f"graph [{effort(spec)}];"
    yield 'node [shape=box, style=rounded, label="", width=0.2, height=0.2];'
    for number in numbers.values():
        yield f"{number} [class=input];"
    for call, _ in labels.drawn(spec.graph):
        number = numbers[call.id] = len(numbers)
        yield f"{number} [class={labels.kind(spec.graph, call)}];"
        yield from (f"{numbers[ref.node]} -> {number};" for ref in labels.sources(call))
    yield "}"
