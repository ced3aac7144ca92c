"""Whose weights a layer brings: each counted once, however many layers, submodels and wrappers share it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeAlias

from zoo.spec.graph import Declared, Graph, Layer

# Whoever owns weights → how many, None where that is not known. A name is an owner of this graph alone; what
# is shared is told by its name and the place of its declaration, as in the builder.
Owned: TypeAlias = Mapping[Hashable, "int | None"]


def own(layer: Layer, count: int | None) -> Owned:
    """The weights that belong to a layer itself."""
    return {_place(layer) if layer.shared else layer.name: count}


def through(layer: Layer, inner: Iterable[Owned]) -> Owned:
    """The weights inside a submodel, seen from outside it."""
    return {
        owner if isinstance(owner, tuple) and not layer.used else (_place(layer), owner): count
        for owned in inner
        for owner, count in owned.items()
    }


def total(parts: Iterable[Owned]) -> int | None:
    """All weights, or None where some are not known."""
    every = {owner: count for owned in parts for owner, count in owned.items()}
    known = [count for count in every.values() if count is not None]
    return sum(known) if len(known) == len(every) else None


def wrapped(graph: Graph, layer: Layer) -> Layer | None:
    """The shared layer or submodel that a ``TimeDistributed`` calls at each step."""
    inner = layer.values.get("layer")
    if layer.head != "TimeDistributed" or not isinstance(inner, Declared):
        return None  # ``Bidirectional`` makes two copies of what it wraps
    return graph.layers.get(inner.name)


def _place(layer: Layer) -> tuple[Hashable, ...]:
    return layer.name, layer.span
