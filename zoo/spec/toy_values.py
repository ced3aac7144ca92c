"""The toy of a ``data`` section: its name and options told at their line."""

from __future__ import annotations

from collections.abc import Iterator

from zoo.errors import Diagnostic
from zoo.spec import toys
from zoo.spec.nodes import Mapping, Node, Scalar, expression
from zoo.spec.rules import s102_wrong_type, s106_unknown_key
from zoo.spec.suggest import did_you_mean, listed


def find(data: Mapping) -> Iterator[Diagnostic]:
    """What is wrong with ``source: {toy: NAME, …}`` or ``toy: {name: NAME, …}``."""
    kind = data.get("kind")
    of_kind = toys.TOYS.get(kind.text) if isinstance(kind, Scalar) else None
    for section, key in (("source", "toy"), ("toy", "name")):
        node = data.get(section)
        if of_kind is None or not isinstance(node, Mapping) or node.get(key) is None:
            continue
        name = node.get(key)
        # An expression has its value only with the parameters, and preparation checks it then.
        if name is None or expression(name) is not None:
            continue
        problem = _name(f"{section}.{key}", name, kind, tuple(of_kind))
        if problem is not None:
            yield problem
            continue
        known = (key, *toys.options_of(name.text if isinstance(name, Scalar) else ""))
        for inner, _ in node:
            if inner.text not in known:
                yield s106_unknown_key.diagnose(inner, known, f"`data.{section}`")


def _name(path: str, name: Node, kind: Node | None, names: tuple[str, ...]) -> Diagnostic | None:
    said = name.text if isinstance(name, Scalar) else None
    if said in names:
        return None
    other = toys.kind_of(said) if said is not None else None
    if other is not None:
        wanted = kind.text if isinstance(kind, Scalar) else ""
        message = f"`{said}` is a toy of kind `{other}`, and `kind` is `{wanted}`"
        return s102_wrong_type.RULE(message, name.span, f"write kind: {other}")
    every = tuple(toy for found in toys.TOYS.values() for toy in found)
    mend = did_you_mean(said or "", every) or f"choose one of {listed(names, 20)}"
    return s102_wrong_type.RULE(f"`{path}` names no toy: `{said}`", name.span, mend)
