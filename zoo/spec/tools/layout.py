"""Nodes → text in the house layout, with the comments of the text they were read from.

Block style stays block style. A flow collection stays on one line while it fits and holds no comment, and is
opened to block style otherwise. Nodes that a tool made itself have a span of line 0: they carry no comments.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from zoo.errors import Span
from zoo.spec import emit
from zoo.spec.nodes import Mapping, Node, Scalar, Sequence
from zoo.spec.tools import comments
from zoo.spec.tools.comments import Comment

WIDTH = emit.WIDTH
NOWHERE = Span("", 0, 0, 0, 0)
_END = (10**9, 1)

Place = tuple[int, int]


@dataclass(slots=True)
class _Line:
    text: str
    comment: str = ""
    column: int = 0  # of the comment, where it was written
    source: int = 0  # the line of the comment, where it was written


def layout(root: Mapping, text: str) -> str:
    """The whole document; `text` is what `root` was read from."""
    page = _Page(text, root)
    page.mapping(root, 0, _END)
    page.foot(0, _END, 0)
    return page.text()


class _Page:
    """Lines growing, and the comments that still wait for theirs."""

    def __init__(self, text: str, root: Node) -> None:
        self.source = comments.BREAK.split(text)
        self.waiting = deque(comments.find(self.source, root))
        self.lines: list[_Line] = []
        self.opened = True  # nothing yet in this block: no blank line goes before it

    def text(self) -> str:
        """The finished text, remarks that stood under each other still doing so."""
        for run in self._runs():
            widest = max(len(line.text) for line in run)
            for line in run:
                line.text = f"{line.text.ljust(widest)}  {line.comment}"
        return "".join(f"{line.text}\n" for line in self.lines)

    def _runs(self) -> list[list[_Line]]:
        runs: list[list[_Line]] = []
        last: _Line | None = None
        for line in self.lines:
            if line.comment and last is not None and last.comment and last.column == line.column:
                runs[-1].append(line)
            elif line.comment:
                runs.append([line])
            last = line
        return runs

    def mapping(self, node: Mapping, indent: int, limit: Place, first: str = "") -> None:
        """A map in block style; `first` is the dash that its first line begins with."""
        widths = self._widths(node, indent)
        for number, (key, value) in enumerate(node):
            following = _start(node.entries[number + 1][0]) if number + 1 < len(node) else None
            before = value if isinstance(value, Scalar) and value.text and _start(value) else key
            self.lead(_start(before), indent - len(first), _start(key))
            pad = f"{' ' * (indent - len(first))}{first}"
            first = ""
            self._entry(pad + self._key(key), key, value, indent, widths[number], following or limit)
        if not _is_flow(node, self.source):
            self.foot(_start(node), limit, indent)

    def sequence(self, node: Sequence, indent: int, limit: Place, first: str = "") -> None:
        """A list in block style."""
        for number, item in enumerate(node.items):
            following = (_start(node.items[number + 1]) if number + 1 < len(node.items) else None) or limit
            self.lead(_start(item), indent - len(first), _start(item))
            pad = f"{' ' * (indent - len(first))}{first}- "
            first = ""
            if isinstance(item, Scalar):
                self._scalar(pad, item, indent)
                self._trail(item, following)
            elif self._on_one_line(item, len(pad)) and not (isinstance(item, Mapping) and len(item) == 1):
                self._write(pad + self.flow(item))
                self._trail(item, following)
            elif isinstance(item, Mapping):
                self.mapping(item, indent + 2, following, pad.lstrip(" "))
                self._close(item, indent + 2, following)
            else:
                self.sequence(item, indent + 2, following, pad.lstrip(" "))
                self._close(item, indent + 2, following)
        if not _is_flow(node, self.source):
            self.foot(_start(node), limit, indent)

    def _entry(self, head: str, key: Scalar, value: Node, indent: int, width: int, limit: Place) -> None:
        if isinstance(value, Scalar):
            gap = " " * (width - len(self._key(key)) + 1) if value.text or not value.plain else ""
            self._scalar(head + gap, value, indent)
            self._trail(value if gap else key, limit)
        elif self._on_one_line(value, indent + width + 1, key):
            self._write(head + " " * (width - len(self._key(key)) + 1) + self.flow(value))
            self._trail(value, limit)
        else:
            self._write(head)
            first = value.entries[0][0] if isinstance(value, Mapping) else value.items[0]
            self._trail(key, _start(first) or limit)
            self.opened = True
            if isinstance(value, Mapping):
                self.mapping(value, indent + 2, limit)
            else:
                self.sequence(value, indent + 2, limit)
            self._close(value, indent + 2, limit)

    def _close(self, node: Node, indent: int, limit: Place) -> None:
        """What was said between the last item of an opened flow collection and the line of its bracket."""
        if _is_flow(node, self.source):
            end = (node.span.end_line, node.span.end_column)
            self.foot(0, min(end, limit), indent)
            self._trail(node, limit)

    def _widths(self, node: Mapping, indent: int) -> list[int]:
        """How wide each key's column is: values that stood under each other still do."""
        widths = [len(self._key(key)) for key, _ in node]
        columns = [self._value_column(key, value) for key, value in node]
        number = 0
        while number < len(columns):
            end = self._run(node, columns, number)
            self._align(node, list(range(number, end)), columns[number] or 0, widths, indent)
            number = end
        return widths

    def _run(self, node: Mapping, columns: list[int | None], start: int) -> int:
        """The end of the run from `start` whose values stand under each other; keys too long stick out."""
        column, end = columns[start], start + 1
        if column is None:
            return end
        for number in range(start + 1, len(columns)):
            key, at = node.entries[number][0], columns[number]
            if at is None or key.span.line != node.entries[number - 1][0].span.line + 1:
                break
            if at == column:
                end = number + 1
            elif not at == key.span.end_column + 2 > column:
                break
        return end

    def _align(self, node: Mapping, run: list[int], column: int, widths: list[int], indent: int) -> None:
        inside = [number for number in run if node.entries[number][1].span.column == column]
        if len(inside) < 2:
            return
        widest = max(widths[number] for number in inside)
        for place, number in enumerate(run):
            key, value = node.entries[number]
            if not self._on_one_line(value, indent + max(widest, widths[number]) + 1, key):
                self._align(node, run[:place], column, widths, indent)
                self._align(node, run[place + 1 :], column, widths, indent)
                return
        for number in inside:
            widths[number] = widest

    def _value_column(self, key: Scalar, value: Node) -> int | None:
        """Where the value of a one-line entry stands; None for any other entry."""
        one_line = key.span.line == value.span.line == value.span.end_line and key.span.line > 0
        if not one_line or (isinstance(value, Scalar) and not value.text and value.plain):
            return None
        return value.span.column

    def _on_one_line(self, node: Node, column: int, key: Scalar | None = None) -> bool:
        """Whether a collection stays in flow style: it was, no comment is inside, and it fits."""
        if isinstance(node, Scalar):
            return True
        empty = not (node.entries if isinstance(node, Mapping) else node.items)
        if not _is_flow(node, self.source):
            return empty
        end = (node.span.end_line, node.span.end_column)
        if self.waiting and node.span.line and self.waiting[0].place < end:
            return False
        return empty or column + len(self.flow(node)) <= WIDTH

    def flow(self, node: Node) -> str:
        """A node on one line."""
        if isinstance(node, Scalar):
            return self._inline(node)
        if isinstance(node, Sequence):
            return f"[{', '.join(self._item(item) for item in node.items)}]"
        return "{" + ", ".join(self._pair(key, value) for key, value in node) + "}"

    def _item(self, node: Node) -> str:
        # a step reads `LSTM: 32` inside a list, without braces
        if isinstance(node, Mapping) and len(node) == 1:
            return self._pair(*node.entries[0])
        return self.flow(node)

    def _pair(self, key: Scalar, value: Node) -> str:
        return f"{self._key(key)} {self.flow(value)}"

    def _key(self, key: Scalar) -> str:
        return f"{self._inline(key)}:"

    def _inline(self, node: Scalar) -> str:
        pieces = self._written(node)
        if pieces is None:
            return emit.scalar(node.value)
        if len(pieces) == 1 and pieces[0][:1] not in ("|", ">"):
            return pieces[0]
        return node.text if node.plain and "\n" not in node.text else emit.scalar(node.text)

    def _written(self, node: Scalar) -> list[str] | None:
        """A scalar as it stands in the text, by lines; None for one that stands nowhere."""
        span = node.span
        if span.line == 0:
            return None
        if span.line == span.end_line:
            return [self.source[span.line - 1][span.column - 1 : span.end_column - 1]]
        first, *middle = self.source[span.line - 1 : span.end_line - 1]
        last = (
            self.source[span.end_line - 1][: span.end_column - 1] if span.end_line <= len(self.source) else ""
        )
        return [first[span.column - 1 :], *middle, last]

    def _scalar(self, head: str, node: Scalar, indent: int) -> None:
        pieces = self._written(node)
        if pieces is None:
            self._write(head + emit.scalar(node.value))
            return
        pad = " " * (indent + 2)
        self._write((head + pieces[0]).rstrip() if len(pieces) > 1 or not pieces[0] else head + pieces[0])
        for text in _hanging(pieces):
            self._write(pad + text if text else "")

    def lead(self, before: Place | None, indent: int, item: Place | None) -> None:
        """The comments above an item, each on its line, and the blank line that set them or it apart."""
        while before and self.waiting and self.waiting[0].place < before:
            self._comment(self.waiting.popleft(), indent)
        if item is not None and self.lines:
            self._blank(item[0])

    def foot(self, column: Place | int | None, limit: Place, indent: int) -> None:
        """The comments below the last item of a block that stand as far to the right as the block does."""
        least = column[1] if isinstance(column, tuple) else column or 0
        while self.waiting and self.waiting[0].place < limit and self.waiting[0].column >= least:
            self._comment(self.waiting.popleft(), indent)

    def _comment(self, comment: Comment, indent: int) -> None:
        if comment.own:
            self._blank(comment.line)
        self._write(" " * indent + comment.text)

    def _blank(self, line: int) -> None:
        above = self.source[line - 2] if line >= 2 else "#"
        if not above.strip() and self.lines and not self.opened and self.lines[-1].text:
            self._write("")

    def _trail(self, node: Node, limit: Place) -> None:
        """The comment behind a value, on its line."""
        span = node.span
        line = span.end_line if span.end_column > 1 else span.end_line - 1
        if not self.waiting or not span.line:
            return
        comment = self.waiting[0]
        if comment.own or comment.line != line or comment.place >= limit or self.lines[-1].comment:
            return
        self.waiting.popleft()
        self.lines[-1].comment, self.lines[-1].column, self.lines[-1].source = (
            comment.text,
            comment.column,
            comment.line,
        )

    def _write(self, text: str) -> None:
        self.lines.append(_Line(text))
        self.opened = False


def _start(node: Node) -> Place | None:
    return (node.span.line, node.span.column) if node.span.line else None


def _is_flow(node: Node, source: list[str]) -> bool:
    """Whether a collection is written in flow style; those that stand nowhere are."""
    span = node.span
    if not span.line:
        return True
    if isinstance(node, Mapping) and node.entries:
        return (
            node.entries[0][0].span.line == 0 or source[span.line - 1][span.column - 1 : span.column] == "{"
        )
    if isinstance(node, Sequence) and node.items:
        return source[span.line - 1][span.column - 1 : span.column] == "["
    return True


def _hanging(pieces: list[str]) -> list[str]:
    """The lines of a scalar after its first one, without the indentation they had."""
    rest = pieces[1:]
    if pieces[0][:1] not in ("|", ">"):
        return [text.strip() if number + 1 < len(rest) else text.lstrip() for number, text in enumerate(rest)]
    if "+" not in pieces[0].partition("#")[0]:
        while rest and not rest[-1].strip():
            rest.pop()
    elif rest and not rest[-1]:
        rest.pop()  # the start of the line that follows
    depth = next((len(text) - len(text.lstrip(" ")) for text in rest if text.strip()), 0)
    return [text[depth:].rstrip("\n") if text.strip() else "" for text in rest]


def made(value: Any) -> Node:
    """Plain values as nodes that stand nowhere."""
    if isinstance(value, dict):
        return Mapping(
            tuple((Scalar(str(key), str(key), True, NOWHERE), made(item)) for key, item in value.items()),
            NOWHERE,
        )
    if isinstance(value, (list, tuple)):
        return Sequence(tuple(made(item) for item in value), NOWHERE)
    return Scalar(value, str(value), not isinstance(value, str), NOWHERE)
