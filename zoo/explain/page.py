"""An explanation as one page: the pictures and numbers are in the file itself, and nothing is fetched."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, tostring

from zoo.build.gallery.html import Child, el, facts, table
from zoo.explain.grid import data_of
from zoo.explain.names import LABELS
from zoo.explain.pictures import pictures
from zoo.explain.records import records

if TYPE_CHECKING:
    from zoo.explain.explanation import Explanation

_ROWS = 40
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
img { display: block; width: 100%; max-width: 50rem; height: auto; background: #fff; border-radius: 4px; }
figure { margin: 1rem 0; }
figcaption, caption, dt { font-size: .9rem; opacity: .8; text-align: left; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .4rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child { text-align: left; font-weight: 600; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .5rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
"""


def page(found: Explanation) -> str:
    """The whole document."""
    title = f"What {found.model} looks at"
    drawn = {name: _figure(name, data) for name, data in pictures(found).items()}
    told = data_of(found)
    told_apart = {
        name: by
        for name, by in found.groupings.items()
        if name not in LABELS or name == "feature" or len(found.labels_of(name)) > 1
    }
    tables = {name: records(found.frame(by)) for name, by in told_apart.items()}
    told["tables"] = tables
    body: list[Child] = [
        el("h1", None, title),
        el("p", None, _about(found)),
        facts(_facts(found)),
        *_section("Single windows", [item for name, item in drawn.items() if name.startswith("window_")]),
        *_section("Over time", [item for name, item in drawn.items() if name == "profile"]),
        *_section("What matters", [item for name, item in drawn.items() if name.startswith("importance_")]),
        *_section("Tables", [_reading(found), *(_table(name, rows) for name, rows in tables.items())]),
        # The page's own numbers, for programs: nothing in it can end the element.
        el("script", {"type": "application/json", "id": "explanation"}, _json(told)),
    ]
    head = el(
        "head",
        None,
        el("meta", {"charset": "utf-8"}),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("title", None, title),
        el("link", {"rel": "icon", "href": "data:,"}),
        el("style", None, _STYLE),
    )
    whole = el("html", {"lang": "en"}, head, el("body", None, *body))
    return f"<!doctype html>\n{tostring(whole, encoding='unicode', method='html')}\n"


def _about(found: Explanation) -> str:
    if found.gap is None:
        return (
            "Attributions of one output to every number of its windows. They have no sum to be held against."
        )
    return (
        "Attributions of one output to every number of its windows. Of each window they add up to what the "
        "output differs by from the baseline's; the completeness gap is what they miss of that."
    )


def _reading(found: Explanation) -> Element:
    """What the columns of the tables are, a line each."""
    return el("ul", None, *(el("li", None, line) for line in found.columns))


def _facts(found: Explanation) -> Iterator[tuple[str, Child]]:
    said = found.facts
    yield "output", said["output"]
    yield "explained", said["target"].strip("`")
    yield "method", said["method"]
    yield "windows", f"{said['windows']:,}"
    yield "baseline", said["baseline"]
    if said["gap"] is not None:
        ok = "within" if said["complete"] else "above"
        yield "completeness gap", f"{said['gap']:.2g} of the change, {ok} {said['tolerance']:g}"
    yield "gradients a window", f"{said['steps']:,} at most"


def _section(title: str, items: list[Element]) -> list[Element]:
    return [el("section", None, el("h2", None, title), *items)] if items else []


def _figure(name: str, data: bytes) -> Element:
    source = "data:image/png;base64," + base64.b64encode(data).decode("ascii")
    caption = name.replace("_", " ")
    return el("figure", None, el("img", {"src": source, "alt": caption}), el("figcaption", None, caption))


def _table(label: str, rows: list[dict[str, Any]]) -> Element:
    shown = rows[:_ROWS]
    heads = tuple(shown[0])
    cells = [[_cell(name, row[name]) for name in heads] for row in shown]
    more = f", the first {len(shown)} of {len(rows)}" if len(rows) > len(shown) else ""
    return table(heads, cells, f"By {label}{more}")


def _cell(name: str, value: Any) -> str:
    if name == "share":
        return f"{value:.1%}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False).replace("<", "\\u003c")


def _plain(value: Any) -> Any:
    """What JSON has words for: NaN and infinity become null, NumPy's numbers Python's."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
