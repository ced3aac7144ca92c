"""Text → marked nodes. Reads YAML 1.2 without aliases, tags or duplicate keys, and within bounds.

libyaml's events carry positions and show anchors and tags even where a node would hide them; the nodes are
built here with an explicit stack, so that no nesting can overflow Python's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from zoo.errors import Diagnostic, Span
from zoo.spec import scalars, traps
from zoo.spec.nodes import POISON, Mapping, Node, Scalar, Sequence
from zoo.spec.rules import y101_duplicate_key, y102_two_readings, y103_not_in_the_language, y104_not_yaml

MAX_BYTES = 4 * 1024 * 1024  # the largest spec met (NASNetLarge, imported) has under 0.3 MB
MAX_DEPTH = 64
MAX_NODES = 400_000

# Pure Python takes ten times as long, so it is only the way out where PyYAML was built without libyaml.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of text and the name that messages give it."""

    file: str
    text: str
    path: Path | None = None


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    start: tuple[int, int]
    is_map: bool
    flow: bool
    items: list[Any] = field(default_factory=list)
    key: Scalar | None = None
    keys: dict[str, Scalar] = field(default_factory=dict)
    unknown: bool = False  # what it holds cannot be told, which has been reported


def too_large(size: int, file: str) -> Diagnostic:
    """A text of `size` bytes is more than a spec may have."""
    return y103_not_in_the_language.too_large(size, MAX_BYTES, Span(file, 1, 1, 1, 2))


def decode(data: bytes, file: str) -> tuple[str, Diagnostic | None]:
    """Bytes → text; UTF-8 only, a byte-order mark is dropped."""
    if len(data) > MAX_BYTES:
        return "", too_large(len(data), file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        return "", y104_not_yaml.not_utf8(data, error.start, Span(file, line, column, line, column + 1))
    if "\0" in text:
        return "", y104_not_yaml.not_utf8(data, text.index("\0"), Span(file, 1, 1, 1, 2))
    return text, None


def parse(source: Source, report: Callable[[Diagnostic], None]) -> Node | None:
    """The document as nodes, or None when there is none; everything wrong goes to `report`."""
    if len(source.text) > MAX_BYTES:
        report(y103_not_in_the_language.too_large(len(source.text), MAX_BYTES, Span(source.file, 1, 1, 1, 2)))
        return None
    text = source.text.removeprefix("\ufeff")
    builder = _Builder(source.file, text, report)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not builder.take(event):
                return None
    except yaml.MarkedYAMLError as error:
        report(y104_not_yaml.syntax(error, source))
        return None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        report(y104_not_yaml.unreadable(error, source))
        return None
    return builder.root


class _Builder:
    """Turns events into nodes."""

    def __init__(self, file: str, text: str, report: Callable[[Diagnostic], None]) -> None:
        self.file = file
        self.text = text
        self.report = report
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.count = 0
        self.documents = 0

    def take(self, event: yaml.Event) -> bool:
        """Handles one event; False stops the reading."""
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.report(y103_not_in_the_language.second_document(self._span(event)))
                return False
        elif isinstance(event, yaml.AliasEvent):
            self.report(y103_not_in_the_language.alias(event.anchor or "", self._span(event)))
            return self._add(Scalar(POISON, f"*{event.anchor}", True, self._span(event)))
        elif isinstance(event, yaml.ScalarEvent):
            tagged = self._refuse_marks(event)
            return self._add(
                Scalar(POISON, event.value, True, self._span(event)) if tagged else self._scalar(event)
            )
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            return self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            return self._close(event)
        return True

    def _open(self, event: yaml.CollectionStartEvent) -> bool:
        tagged = self._refuse_marks(event)
        if len(self.stack) >= MAX_DEPTH:
            self.report(y103_not_in_the_language.too_deep(MAX_DEPTH, self._span(event)))
            return False
        mark, _ = _marks(event)
        is_map = isinstance(event, yaml.MappingStartEvent)
        flow = event.flow_style is True
        opened = _Open((mark.line + 1, mark.column + 1), is_map, flow, unknown=tagged)
        if is_map and flow and self.text[mark.index : mark.index + 1] == "?":
            self.report(y103_not_in_the_language.question_mark(self._span(event)))
            opened.unknown = True
        self.stack.append(opened)
        return True

    def _close(self, event: yaml.Event) -> bool:
        done = self.stack.pop()
        _, mark = _marks(event)
        end = (mark.line + 1, mark.column + 1)
        if not done.flow and done.items:
            # libyaml ends a block where the next thing begins; people see its last item as the end
            last = done.items[-1][1] if done.is_map else done.items[-1]
            end = (last.span.end_line, last.span.end_column)
        span = Span(self.file, *done.start, *end)
        if done.unknown:
            return self._add(Scalar(POISON, "", True, span))
        node: Node = Mapping(tuple(done.items), span) if done.is_map else Sequence(tuple(done.items), span)
        return self._add(node)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        plain = bool(event.implicit[0]) and event.style in (None, "")
        text: str = event.value
        span = self._span(event)
        if not plain:
            return Scalar(text, text, False, span)
        is_key = bool(self.stack) and self.stack[-1].is_map and self.stack[-1].key is None
        if not is_key and (why := scalars.read_differently(text)):
            self.report(y102_two_readings.diagnose(text, why, scalars.parse(text), span))
        node = Scalar(scalars.parse(text), text, True, span)
        end = _marks(event)[1].index
        return traps.comment(node, self.text[end : end + 100], self.report) if text[:1] == "=" else node

    def _add(self, node: Node) -> bool:
        self.count += 1
        if self.count > MAX_NODES:
            self.report(y103_not_in_the_language.too_many(MAX_NODES, node.span))
            return False
        if not self.stack:
            self.root = node
            return True
        top = self.stack[-1]
        if not top.is_map:
            whole = traps.rejoin(top.items[-1], node, self.report) if top.flow and top.items else None
            top.items[-1 if whole else len(top.items) :] = [whole or node]
        elif top.key is None:
            if not isinstance(node, Scalar):
                if not top.unknown:
                    self.report(y103_not_in_the_language.complex_key(node.span))
                return False
            top.key = node
        else:
            self._entry(top, top.key, node)
            top.key = None
        return True

    def _entry(self, top: _Open, key: Scalar, value: Node) -> None:
        if (
            top.flow
            and isinstance(value, Scalar)
            and value.plain
            and value.text == ""
            and value.value is None
        ):
            if top.items and (whole := traps.stray_key(top.items[-1][1], key, self.report)) is not None:
                top.items[-1] = (top.items[-1][0], whole)
                return
            key, value = traps.no_blank(key, self.report) or (key, value)
        if key.plain and key.text == "<<":
            self.report(y103_not_in_the_language.merge_key(key.span))
            top.unknown = True
        elif (first := top.keys.get(key.text)) is not None:
            self.report(y101_duplicate_key.diagnose(key, first))
        else:
            top.keys[key.text] = key
            top.items.append((key, value))

    def _refuse_marks(self, event: yaml.NodeEvent) -> bool:
        """Reports an anchor or a tag; True where a tag makes the value something else."""
        if event.anchor is not None:
            self.report(y103_not_in_the_language.anchor(event.anchor, self._mark(event, "&")))
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.report(y103_not_in_the_language.tag(tag, self._mark(event, "!")))
            return True
        return False

    def _mark(self, event: yaml.NodeEvent, sign: str) -> Span:
        """Where the anchor or tag before a value stands."""
        start, end = _marks(event)
        written = self.text[start.index : end.index].split("\n")[0]
        before, _, rest = written.partition(sign)
        column = start.column + len(before) + 1
        word = rest.split()[0] if rest.split() else ""
        return Span(self.file, start.line + 1, column, start.line + 1, column + 1 + len(word))

    def _span(self, event: yaml.Event) -> Span:
        start, end = _marks(event)
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _marks(event: yaml.Event) -> tuple[Any, Any]:
    """Where an event begins and ends; events made by reading always know."""
    assert event.start_mark is not None and event.end_mark is not None
    return event.start_mark, event.end_mark
