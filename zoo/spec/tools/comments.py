"""The comments of a document, which the reader of nodes passes over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from zoo.spec.nodes import Mapping, Node, Scalar

BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # libyaml's line breaks, which spans count


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `own` when it has its line for itself. Places count from 1, as those of spans do."""

    line: int
    column: int
    text: str
    own: bool

    @property
    def place(self) -> tuple[int, int]:
        """Where it begins."""
        return self.line, self.column


def scalars(root: Node) -> Iterator[Scalar]:
    """Every leaf and key under a node, in no order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Mapping):
            waiting.extend(part for entry in node for part in entry)
        else:
            waiting.extend(node.items)


def find(lines: list[str], root: Node | None) -> list[Comment]:
    """Every comment, in order: a ``#`` that stands outside of all scalars."""
    covered: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for node in scalars(root) if root is not None else ():
        span = node.span
        for line in range(span.line, span.end_line + 1):
            start = span.column if line == span.line else 1
            covered[line].append((start, span.end_column if line == span.end_line else float("inf")))
    found = []
    for number, text in enumerate(lines, 1):
        if (column := _first_hash(text, sorted(covered[number]) if number in covered else [])) is not None:
            found.append(Comment(number, column + 1, text[column:].rstrip(), not text[:column].strip()))
    return found


def _first_hash(text: str, covered: list[tuple[int, float]]) -> int | None:
    at = text.find("#")
    for start, end in covered:
        if at < 0 or at + 1 < start:
            break
        if at + 1 < end:
            if end == float("inf"):
                return None
            at = text.find("#", int(end) - 1)
    return at if at >= 0 else None
