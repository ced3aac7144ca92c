"""A spec's text as a part of a page, coloured as the language reads it; steps lead to the nodes they made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from zoo.build.gallery.html import Child, el
from zoo.build.gallery.nodes import Node
from zoo.errors import Span
from zoo.spec import catalogue
from zoo.spec.lower.pipes import VERBS
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node as YamlNode
from zoo.spec.nodes import Scalar, expression
from zoo.spec.source import parse
from zoo.spec.spec import Spec
from zoo.spec.values import is_class

_OF_THE_CARD = ("source", "cite", "lint")
_VERBS = {*VERBS, "each"}


@dataclass(slots=True)
class Place:
    """A word of the text that nodes were made by or through."""

    id: str
    nodes: list[str] = field(default_factory=list)


Places = dict[tuple[str, int, int], Place]


def places(nodes: Sequence[Node], own: str) -> Places:
    """Every word that made nodes, by file, line and column; `own` is the file of the spec itself."""
    found: Places = {}
    for node in nodes:
        for span in dict.fromkeys((node.step, *node.within)):
            if span is not None:
                place = found.setdefault(
                    _key(span), Place(f"at-{_prefix(span.file, own)}{span.line}-{span.column}")
                )
                place.nodes.append(node.id)
    return found


def hrefs(nodes: Sequence[Node], known: Places) -> dict[str, str]:
    """Node id → a link to the step that made it."""
    return {node.id: f"#{known[_key(node.step)].id}" for node in nodes if node.step}


def _key(span: Span) -> tuple[str, int, int]:
    return span.file, span.line, span.column


def _prefix(file: str, own: str) -> str:
    return "" if file == own else f"{Path(file).stem}-"


def files(spec: Spec, known: Places) -> list[Path]:
    """The files a spec was made of, its own first."""
    recipes = (*spec.pipeline.values(), *spec.recipe.values())
    spans = [
        item.span for items in (spec.declared.values(), spec.outputs.values(), recipes) for item in items
    ]
    others = [file for file, _, _ in known] + [span.file for span in spans if span is not None]
    return [Path(file) for file in dict.fromkeys((spec.file, *others))]


def text(path: Path, known: Places, own: str) -> Element:
    """One file of a spec.

    Args:
        path: the file.
        known: the words that made nodes.
        own: the file of the spec itself; lines of another file have its name in their ids.
    """
    source, _ = catalogue.read(path)
    root = parse(source, lambda diagnostic: None)
    lines = source.text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    words = list(_words(root, "")) if root is not None else []
    prefix = _prefix(str(path), own)
    rows = _by_line(words, lines)
    shown = [
        _line(number, line, rows.get(number, []), known, str(path), prefix)
        for number, line in enumerate(lines, start=1)
    ]
    return el("div", {"class": "spec"}, _folded(shown, _provenance(root)))


def _provenance(root: YamlNode | None) -> tuple[int, int, list[str]]:
    """First line, last line and names of the sections that the card shows better, if they are long."""
    sections = list(root) if isinstance(root, MappingNode) else []
    numbers = [number for number, (key, _) in enumerate(sections) if key.text in _OF_THE_CARD]
    if not numbers or numbers[-1] - numbers[0] != len(numbers) - 1:
        return 0, 0, []
    end = sections[numbers[-1]][1].span
    # a block of text ends where the line after it begins
    first, last = sections[numbers[0]][0].span.line, end.end_line - (end.end_column == 1)
    return (first, last, [sections[number][0].text for number in numbers]) if last - first > 3 else (0, 0, [])


def _folded(lines: Sequence[Element], provenance: tuple[int, int, list[str]]) -> Iterator[Element]:
    first, last, names = provenance
    if not names:
        yield _lines(lines)
        return
    yield _lines(lines[: first - 1])
    says = f"lines {first} to {last}: {', '.join(names)}"
    yield el("details", None, el("summary", None, says), _lines(lines[first - 1 : last]))
    yield _lines(lines[last:])


def _lines(lines: Sequence[Element]) -> Element:
    return el("pre", None, el("code", None, lines))


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    kind: str


def _words(node: YamlNode, section: str, depth: int = 0) -> Iterator[_Word]:
    """Keys and values with what they are in the language."""
    if isinstance(node, Scalar):
        yield _Word(node.span, _value(node, section))
    elif isinstance(node, MappingNode):
        for key, value in node:
            yield _Word(key.span, _key_kind(key, depth))
            yield from _words(value, section or key.text, depth + 1)
    else:
        for item in node.items:
            yield from _words(item, section, depth + 1)


def _key_kind(key: Scalar, depth: int) -> str:
    if depth == 0:
        return "section"
    if expression(key) is not None:
        return "expression"
    return _name(key.text) or "key"


def _name(text: str) -> str:
    if is_class(text) or text.startswith("ops."):
        return "class"
    return "verb" if text in _VERBS else ""


def _value(node: Scalar, section: str) -> str:
    if expression(node) is not None:
        return "expression"
    if not node.plain:
        return "string"
    if not isinstance(node.value, str):
        return "number"
    named = section in ("layers", "models", "blocks", "graph", "outputs", "training")
    return (_name(node.text) or "name") if named else "string"


def _by_line(words: Sequence[_Word], lines: Sequence[str]) -> dict[int, list[tuple[int, int, _Word]]]:
    """Line → its words with where they begin and end in it; a long text is on several lines."""
    found: dict[int, list[tuple[int, int, _Word]]] = {}
    for word in words:
        span = word.span
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(lines[number - 1])
            if end > start:
                found.setdefault(number, []).append((start, end, word))
    return found


def _line(
    number: int,
    line: str,
    words: Sequence[tuple[int, int, _Word]],
    known: Places,
    file: str,
    prefix: str,
) -> Element:
    parts: list[Child] = []
    done = 0
    for start, end, word in words:
        parts += _between(line[done:start])
        place = known.get(_key(word.span)) if number == word.span.line else None
        parts.append(_word(line[start:end], word.kind, place))
        done = end
    parts += [*_between(line[done:]), "\n"]
    indent = len(line) - len(line.lstrip(" -"))
    attributes = {
        "class": "line",
        "id": f"{prefix}L{number}",
        "data-number": number,
        "style": f"--indent: {indent}",
    }
    return el("span", attributes, *parts)


def _word(written: str, kind: str, place: Place | None) -> Element:
    if place is None:
        return el("span", {"class": kind}, written)
    attributes = {
        "class": f"place {kind}",
        "id": place.id,
        "href": f"#{place.nodes[0]}",
        "data-nodes": " ".join(dict.fromkeys(place.nodes)),
    }
    return el("a", attributes, written)


def _between(written: str) -> list[Child]:
    """Punctuation, and a comment after it."""
    punctuation, sign, comment = written.partition("#")
    return [punctuation, el("span", {"class": "comment"}, sign + comment) if sign else None]
