"""A report as a person reads it: each finding at its line, with a caret under the place."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span

if TYPE_CHECKING:
    from zoo.spec.check import Report

_COLOURS = {"error": "1;31", "warning": "1;33", "note": "1;36"}
_LIMIT = 100  # a line of a spec that is longer is cut around its caret
_NARROWEST = 40


def render(report: Report, *, colour: bool = False, width: int | None = None) -> str:
    """The report as text.

    Args:
        report: what a check found.
        colour: with a terminal's colour codes.
        width: columns of the terminal, to which sentences are wrapped and lines of the spec are cut.
    """
    paint = _ansi if colour else _plain
    parts = ["\n".join(_diagnostic(item, report.sources, paint, width)) for item in report.diagnostics]
    if not parts:
        return f"{report.name}: no problems found"
    return "\n\n".join(parts) + "\n\n" + summary(report)


def summary(report: Report) -> str:
    """How many findings of each level."""
    counts = {
        level: sum(item.level == level for item in report.diagnostics)
        for level in ("error", "warning", "note")
    }
    words = [f"{count} {level}{'' if count == 1 else 's'}" for level, count in counts.items() if count]
    return f"{report.name}: {', '.join(words)}"


Paint = Callable[[str, str], str]


def _ansi(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m"


def _plain(text: str, code: str) -> str:
    return text


def _diagnostic(item: Diagnostic, sources: object, paint: Paint, width: int | None) -> Iterator[str]:
    code = _COLOURS[item.level]
    head = f"{item.level}[{item.code}]"
    first, *more = _lines(f"{head}: ", _printable(item.message), width)
    yield f"{paint(head, code)}: {paint(first.removeprefix(f'{head}: '), '1')}"
    yield from (paint(line, "1") for line in more)
    if item.span is not None:
        limit = _LIMIT if width is None else min(_LIMIT, max(width - _gutter(item) - 3, _NARROWEST))
        yield from _excerpt(item, item.span, sources, paint, code, limit)
    pad = " " * _gutter(item)
    reference = f"zoo rule {item.code}"
    if not item.help:
        yield f"{pad} = see: {reference}"
        return
    *lines, last = _lines(f"{pad} = help: ", _printable(item.help), width)
    yield from lines
    fits = width is None or len(last) + len(reference) + 10 <= width
    yield from [f"{last}        ({reference})"] if fits else [last, f"{pad} = see: {reference}"]


def _lines(head: str, text: str, width: int | None) -> list[str]:
    """A sentence after its head, wrapped where there is a width."""
    if width is None or len(head) + len(text) <= width:
        return [head + text]
    indent = " " * (len(head) - len(head.lstrip()) + 3)
    return textwrap.wrap(
        head + text,
        max(width, _NARROWEST),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _gutter(item: Diagnostic) -> int:
    """The width of the line numbers, and one blank before them."""
    spans = [span for span in (item.span, *(span for span, _ in item.related)) if span]
    return max((len(str(span.line)) for span in spans), default=1) + 1


def _excerpt(
    item: Diagnostic, span: Span, sources: object, paint: Paint, code: str, limit: int
) -> Iterator[str]:
    gutter = _gutter(item)
    yield f"{' ' * gutter}--> {span.file}:{span.line}:{span.column}"
    marks = [(span, "", "^")] + [
        (place, label, "-") for place, label in item.related if place.file == span.file
    ]
    marks.sort(key=lambda mark: (mark[0].line, mark[0].column))
    lines = _BREAK.split(str(sources.get(span.file, ""))) if isinstance(sources, dict) else []
    if not any(0 < place.line <= len(lines) and lines[place.line - 1] for place, _, _ in marks):
        return
    yield f"{' ' * gutter} |"
    shown = 0
    for place, label, sign in marks:
        if not 0 < place.line <= len(lines):
            continue
        text, start, width = _window(lines[place.line - 1], place, limit)
        if place.line != shown:
            yield f"{place.line:>{gutter}} | {text}"
            shown = place.line
        caret = sign * width + (f" {label}" if label else "")
        yield f"{' ' * gutter} | {' ' * start}{paint(caret, code if sign == '^' else '1;34')}"


# libyaml's line breaks, which are fewer than those of str.splitlines
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


def _window(line: str, place: Span, limit: int) -> tuple[str, int, int]:
    """The part of a line to show, how many columns before its mark, and how many the mark is long."""
    line = "".join(char if char.isprintable() else " " if char == "\t" else "·" for char in line)
    start = min(place.column - 1, len(line))
    end = place.end_column - 1 if place.end_line == place.line else len(line.rstrip())
    left = 0 if len(line) <= limit else max(0, start - limit // 3)
    shown = line[left : left + limit]
    if left:
        shown = "…" + shown[1:]
    before, marked = shown[: start - left], shown[start - left : max(end - left, 0)]
    return shown, _columns(before), max(1, _columns(marked))


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _printable(text: str) -> str:
    """A message without the control characters that a spec from a stranger may bring to a terminal."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
