"""Which layer of one graph is which of another: by the author's names first, then by order and kind."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from zoo.spec.graph import Graph, Layer

Token = Callable[[Layer], Hashable]


@dataclass(slots=True)
class Matched:
    """Pairs of layer names, and the names that have no partner."""

    pairs: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def match(before: Graph, after: Graph, token: Token) -> Matched:
    """Pairs the layers that something is computed with.

    Names with ``__`` were made by the language and shift when a step is put in before them, so they count
    only within their pipe, in order. `token` says what makes two layers the same.
    """
    old, new = _used(before), _used(after)
    found = Matched()
    for name, layer in old.items():
        if "__" not in name and name in new and _kind(new[name]) == _kind(layer):
            found.pairs[name] = name
    for group in dict.fromkeys(map(_pipe, [*old, *new])):
        _align(
            found,
            [old[name] for name in _left(old, found.pairs, group)],
            [new[name] for name in _left(new, found.pairs.values(), group)],
            token,
        )
    # what is left may have moved to another pipe as it is
    old_left = [old[name] for name in _left(old, found.pairs)]
    new_left = [new[name] for name in _left(new, found.pairs.values())]
    _align(found, old_left, new_left, token, as_it_is=True)
    found.removed = _left(old, found.pairs)
    found.added = _left(new, found.pairs.values())
    return found


def _used(graph: Graph) -> dict[str, Layer]:
    reached = graph.reached()
    return {call.layer: graph.layers[call.layer] for call in graph.calls if call.id in reached}


def _kind(layer: Layer) -> tuple[str, str]:
    return (layer.family, "" if layer.family == "models" else layer.head)


def _pipe(name: str) -> str:
    return name.rpartition("__")[0] or name


def _left(layers: dict[str, Layer], taken: object, group: str | None = None) -> list[str]:
    known = set(taken)  # type: ignore[call-overload]
    return [name for name in layers if name not in known and (group is None or _pipe(name) == group)]


def _align(found: Matched, old: list[Layer], new: list[Layer], token: Token, as_it_is: bool = False) -> None:
    """Equal runs first; within what lies between them, layers of one class in order."""
    matcher = SequenceMatcher(
        None, [token(layer) for layer in old], [token(layer) for layer in new], autojunk=False
    )
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found.pairs |= {a.name: b.name for a, b in zip(old[i:j], new[k:m], strict=True)}
            continue
        if as_it_is:
            continue
        rest = list(new[k:m])
        for layer in old[i:j]:
            partner = next((item for item in rest if _kind(item) == _kind(layer)), None)
            if partner is not None:
                found.pairs[layer.name] = partner.name
                rest = rest[rest.index(partner) + 1 :]
