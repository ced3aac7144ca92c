"""Where a model comes from: the sections ``source`` and ``cite``, with every key and kind checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zoo.errors import Diagnostic
from zoo.spec.nodes import Mapping, Node, Report, Scalar, Sequence, plain
from zoo.spec.rules import s102_wrong_type, s105_missing_argument, s106_unknown_key, s107_malformed

SOURCE_KINDS = {
    "title": "str",
    "section": "str",
    "url": "str",
    "licence": "str",
    "notes": "str",
    "parameters": "int",
    "difference": "str",
}
CITE_REQUIRED = ("type", "key")
CITE_TYPES = (
    "article",
    "book",
    "incollection",
    "inproceedings",
    "manual",
    "mastersthesis",
    "misc",
    "online",
    "phdthesis",
    "techreport",
    "unpublished",
)


def source(document: Mapping, report: Report) -> dict[str, Any]:
    """The section ``source``: what a model was made after, and the number of weights published for it."""
    node = document.get("source")
    if node is None or _empty(node):
        return {}
    if not isinstance(node, Mapping):
        report(s107_malformed.wrong_shape("source", "a map {title, section, url, licence, notes}", node))
        return {}
    found: dict[str, Any] = {}
    for key, value in node:
        if key.text not in SOURCE_KINDS:
            report(s106_unknown_key.diagnose(key, SOURCE_KINDS, "`source`"))
        elif not _empty(value):
            for problem in _check(f"source.{key.text}", SOURCE_KINDS[key.text], value):
                report(problem)
            found[key.text] = plain(value)
    return found


def cite(document: Mapping, report: Report) -> tuple[dict[str, Any], ...]:
    """The section ``cite``: one map of BibTeX fields for each work, with its ``type`` and its ``key``."""
    node = document.get("cite")
    if node is None or _empty(node):
        return ()
    if not isinstance(node, Sequence):
        report(s107_malformed.wrong_shape("cite", "a list of maps", node, "write - {type: article, key: …}"))
        return ()
    for place, item in enumerate(node.items):
        for problem in _work(f"cite[{place}]", item, report):
            report(problem)
    return tuple(plain(item) for item in node.items if isinstance(item, Mapping))


def _work(path: str, item: Node, report: Report) -> Iterator[Diagnostic]:
    if not isinstance(item, Mapping):
        yield s107_malformed.wrong_shape(path, "a map of BibTeX fields", item)
        return
    missing = [name for name in CITE_REQUIRED if item.get(name) is None]
    if missing:
        yield s105_missing_argument.section(missing, f"`{path}`", item.span)
    for key, value in item:
        yield from _check(f"{path}.{key.text}", "int" if key.text == "year" else "field", value)
    kind = item.get("type")
    if isinstance(kind, Scalar) and isinstance(kind.value, str) and kind.value not in CITE_TYPES:
        yield s102_wrong_type.choice(f"{path}.type", kind.value, CITE_TYPES, kind.span)


def _check(path: str, kind: str, node: Node) -> Iterator[Diagnostic]:
    value = plain(node)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "int" and (not number or value < 0 or value != int(value)):
        yield s102_wrong_type.at_least(path, value, 0, node.span)
    elif kind == "str" and not isinstance(value, str):
        mend = f"write '{node.text}'" if isinstance(node, Scalar) and number else ""
        yield s102_wrong_type.plainly(path, "text", value, node.span, mend)
    elif kind == "field" and not (number or isinstance(value, str)):
        yield s102_wrong_type.plainly(path, "text or a number", value, node.span)


def _empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
