"""Marked nodes: what YAML's text becomes, each piece knowing where it stands.

A node is a ``Scalar``, a ``Sequence`` or a ``Mapping``. Mappings keep their written order; their keys are
always text (``y`` and ``12`` as keys are names, as written).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from zoo.errors import Diagnostic, Span

Report = Callable[[Diagnostic], None]


class Poison:
    """A value whose mistake has been reported; whatever uses it stays silent."""

    def __repr__(self) -> str:
        return "<not known>"


POISON = Poison()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf. ``value`` is typed by YAML 1.2, ``text`` is what was written."""

    value: Any
    text: str
    plain: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """``[a, b]`` or ``- a`` lines."""

    items: tuple[Node, ...]
    span: Span

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """``{k: v}`` or ``k: v`` lines; keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, name: str) -> Scalar | None:
        """The key node itself, for its span."""
        return next((key for key, _ in self.entries if key.text == name), None)

    def keys(self) -> tuple[str, ...]:
        """All keys as text, in written order."""
        return tuple(key.text for key, _ in self.entries)

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


Node: TypeAlias = Scalar | Sequence | Mapping


def expression(node: Node | None) -> str | None:
    """The text after ``=`` when the node is an expression, else None."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.startswith("="):
        return node.value[1:]
    return None


def describe(node: Node) -> str:
    """What a node is, in the words of a message."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a map"
    if node.value is None:
        return "nothing (null)"
    if isinstance(node.value, bool):
        return f"`{node.text}`"
    if isinstance(node.value, str):
        shown = node.text if len(node.text) <= 40 else node.text[:37] + "..."
        return f"the text `{shown}`"
    return f"the number `{node.text}`"


def plain(node: Node | None) -> Any:
    """The node as plain Python values, expressions left as text."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}
