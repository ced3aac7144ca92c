"""A report as a person reads it: each finding at its line, with a caret under the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span

if TYPE_CHECKING:
    from zoo.spec.check import Report

_COLOURS = {"error": "1;31", "warning": "1;33", "note": "1;36"}
_LIMIT = 100  # a line of a spec that is longer is cut around its caret


def render(report: Report, *, colour: bool = False) -> str:
    """The report as text; colour codes only when asked for."""
    paint = _ansi if colour else _plain
    parts = ["\n".join(_diagnostic(item, report.sources, paint)) for item in report.diagnostics]
    if not parts:
        return f"{report.name}: no problems found"
    return "\n\n".join(parts) + "\n\n" + summary(report)


def summary(report: Report) -> str:
    """How many findings of each level."""
    counts = {level: sum(item.level == level for item in report.diagnostics) for level in ("error", "warning", "note")}
    words = [f"{count} {level}{'' if count == 1 else 's'}" for level, count in counts.items() if count]
    return f"{report.name}: {', '.join(words)}"


Paint = Callable[[str, str], str]


def _ansi(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m"


def _plain(text: str, code: str) -> str:
    return text


def _diagnostic(item: Diagnostic, sources: object, paint: Paint) -> Iterator[str]:
    code = _COLOURS[item.level]
    yield f"{paint(f'{item.level}[{item.code}]', code)}: {paint(item.message, '1')}"
    if item.span is not None:
        yield from _excerpt(item, item.span, sources, paint, code)
    pad = " " * _gutter(item)
    reference = f"zoo rule {item.code}"
    if item.help:
        yield f"{pad} = help: {item.help}        ({reference})"
    else:
        yield f"{pad} = see: {reference}"


def _gutter(item: Diagnostic) -> int:
    spans = [span for span in (item.span, *(span for span, _ in item.related)) if span]
    return max((len(str(span.line)) for span in spans), default=1) + 1


def _excerpt(item: Diagnostic, span: Span, sources: object, paint: Paint, code: str) -> Iterator[str]:
    gutter = _gutter(item)
    yield f"{' ' * gutter}--> {span.file}:{span.line}:{span.column}"
    marks = [(span, "", "^")] + [(place, label, "-") for place, label in item.related if place.file == span.file]
    marks.sort(key=lambda mark: (mark[0].line, mark[0].column))
    lines = str(sources.get(span.file, "")).splitlines() if isinstance(sources, dict) else []
    if not any(0 < place.line <= len(lines) for place, _, _ in marks):
        return
    yield f"{' ' * gutter} |"
    shown = 0
    for place, label, sign in marks:
        if not 0 < place.line <= len(lines):
            continue
        text, start, width = _window(lines[place.line - 1], place)
        if place.line != shown:
            yield f"{place.line:>{gutter - 1}}  | {text}"
            shown = place.line
        caret = sign * width + (f" {label}" if label else "")
        yield f"{' ' * gutter} | {' ' * start}{paint(caret, code if sign == '^' else '1;34')}"


def _window(line: str, place: Span) -> tuple[str, int, int]:
    """The part of a line to show, where its mark begins there, and how long the mark is."""
    line = line.replace("\t", " ")
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line.rstrip())
    width = max(1, end - start)
    if len(line) <= _LIMIT:
        return line, start, min(width, max(1, _LIMIT - start))
    left = max(0, start - _LIMIT // 3)
    text = line[left : left + _LIMIT]
    if left:
        text = "…" + text[1:]
    return text, start - left, max(1, min(width, _LIMIT - (start - left)))
