"""Values of a spec → the objects of Keras that they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

from zoo.spec import signatures
from zoo.spec.graph import Argument, Declared, Object
from zoo.spec.lower.scope import snake

_MODULES: dict[str, Any] = {
    "layers": keras.layers,
    "losses": keras.losses,
    "metrics": keras.metrics,
    "optimizers": keras.optimizers,
    "schedules": keras.optimizers.schedules,
    "callbacks": keras.callbacks,
    "initializers": keras.initializers,
    "regularizers": keras.regularizers,
    "constraints": keras.constraints,
    "activations": keras.activations,
}
_WHOLE = frozenset({"int", "ints", "shape"})

Inner = Callable[[Declared], keras.layers.Layer]


def find(family: str, name: str) -> Any:
    """The class or function behind a name: Keras's own, or one registered with the zoo."""
    canonical = signatures.resolve_alias(family, name) or name
    found = getattr(_MODULES[family], canonical, None)
    if found is not None:
        return found
    from zoo.layers import registered

    return registered(family, canonical)


def _no_declared(item: Declared) -> keras.layers.Layer:
    raise LookupError(item.name)


def construct(item: Object, inner: Inner = _no_declared, owner: str = "") -> Any:
    """The object that ``Class: {args}`` stands for.

    Args:
        item: the class and its arguments.
        inner: gives the layer behind a declared name.
        owner: the name of the layer around it, after which an inner layer is named.
    """
    arguments = keywords(item.family, item.head, item.args, inner, owner)
    if item.family == "layers" and "name" not in arguments and owner:
        arguments["name"] = f"{owner}__{snake(item.head)}"
    return find(item.family, item.head)(**arguments)


def keywords(
    family: str, head: str, args: Mapping[str, Argument], inner: Inner = _no_declared, owner: str = ""
) -> dict[str, Any]:
    """Constructor arguments as Keras wants them."""
    signature = signatures.lookup(family, head)
    return {
        name: value(
            argument.value,
            signature.arguments[name].kind if signature and name in signature.arguments else "any",
            inner,
            owner,
        )
        for name, argument in args.items()
    }


def value(item: Any, kind: str, inner: Inner = _no_declared, owner: str = "") -> Any:
    """One value: classes constructed, 64.0 made 64 where a whole number is wanted, sizes made tuples."""
    if isinstance(item, Argument):
        return value(item.value, kind, inner, owner)
    if isinstance(item, Object):
        return construct(item, inner, owner)
    if isinstance(item, Declared):
        return inner(item)
    if kind == "initializer" and isinstance(item, str):
        return find("initializers", item)()  # Keras cannot make a Constant from its name alone
    if isinstance(item, float) and kind in _WHOLE and item.is_integer():
        return int(item)
    if isinstance(item, list):
        parts = [value(part, kind, inner, owner) for part in item]
        return tuple(parts) if kind in ("ints", "shape") else parts
    if isinstance(item, Mapping):
        return {name: value(part, kind, inner, owner) for name, part in item.items()}
    return item
