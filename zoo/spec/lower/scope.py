"""What names mean while a graph is lowered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zoo.spec.graph import Ref
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Flow:
    """What flows through a pipe: some tensors, and the outputs that can be picked by port.

    Args:
        tensors: what the next step receives.
        ports: outputs by name.
        maker: the index of the layer draft that made it, when it is that layer's whole output.
        broken: a mistake on the way was reported; nothing more is said about what follows.
    """

    tensors: tuple[Ref, ...] = ()
    ports: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    maker: int | None = None
    broken: bool = False


BROKEN = Flow(broken=True)


class Needs(Exception):
    """A name is declared but not lowered yet; the loop that owns `scope` does it first and tries again."""

    def __init__(self, scope: Scope, name: str) -> None:
        super().__init__(name)
        self.scope = scope
        self.name = name


@dataclass(frozen=True, slots=True)
class Entry:
    """One named pipe that waits for its turn."""

    name: str
    key: Scalar
    node: Node
    env: Mapping[str, Any]


class Scope:
    """The names visible at one place: tensors by name, values for expressions, and the parent's names."""

    def __init__(self, env: Mapping[str, Any], parent: Scope | None = None) -> None:
        self.env = env
        self.parent = parent
        self.flows: dict[str, Flow] = {}
        self.entries: dict[str, Entry] = {}
        self.inner: dict[str, str] = {}  # a name given by `as` → the entry whose pipe gives it
        self.keys: dict[str, Scalar] = {}
        self.used: set[str] = set()

    def child(self, env: Mapping[str, Any] | None = None) -> Scope:
        """A scope inside this one, with further values."""
        return Scope({**self.env, **env} if env else self.env, self)

    def find(self, name: str) -> Flow | None:
        """The flow called `name`; None when nobody is called so.

        Raises:
            Needs: it is declared and has to be lowered first.
        """
        scope: Scope | None = self
        while scope is not None:
            if name in scope.flows:
                scope.used.add(name)
                return scope.flows[name]
            if name in scope.entries or name in scope.inner:
                raise Needs(scope, scope.inner.get(name, name))
            scope = scope.parent
        return None

    def visible(self) -> Iterator[str]:
        """Every tensor name that can be used here, the nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.flows
            yield from (name for name in scope.entries if name not in scope.flows)
            yield from (name for name in scope.inner if name not in scope.flows)
            scope = scope.parent

    def place_of(self, name: str) -> Scalar | None:
        """Where `name` was declared."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.keys:
                return scope.keys[name]
            scope = scope.parent
        return None


def given_names(pipe: Node) -> Iterator[Scalar]:
    """The names that ``as`` gives inside a pipe, nested steps included, loops and blocks left out."""
    waiting: list[Node] = [pipe]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend(node.items)
        elif isinstance(node, MappingNode):
            for key, value in node:
                if key.text == "as" and isinstance(value, Scalar):
                    yield value
                elif key.text in ("branch", "residual", "when", "do", "else", "shortcut"):
                    waiting.append(value)


class Namer:
    """Names layers by the path of their pipe: ``key__lstm_1``, ``next__3__back``."""

    def __init__(self, path: str, counts: dict[str, int] | None = None) -> None:
        self.path = path
        self._counts = counts if counts is not None else {}

    def child(self, part: str | int) -> Namer:
        """The same pipe, one loop or block further in; counting goes on."""
        return Namer(f"{self.path}__{part}" if self.path else str(part), self._counts)

    def inner(self, head: str) -> str:
        """The name of the next inner layer of class `head`."""
        base = f"{self.path}__{snake(head)}" if self.path else snake(head)
        self._counts[base] = self._counts.get(base, 0) + 1
        return f"{base}_{self._counts[base]}"


def snake(head: str) -> str:
    """``LayerNormalization`` → ``layer_normalization``, ``Conv2D`` → ``conv2d``, as in Keras."""
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "_", head))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()
