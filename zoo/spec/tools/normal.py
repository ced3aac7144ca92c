"""Values in one form, so that two ways to say the same compare equal: defaults in, aliases resolved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from zoo.spec import signatures
from zoo.spec.graph import Argument, Declared, Layer, Object
from zoo.spec.values import FAMILIES


def arguments(family: str, head: str, given: Mapping[str, Argument]) -> dict[str, Any]:
    """All arguments of a class or op by name; a tensor of an op is no argument here."""
    signature = signatures.lookup(family, head)
    found: dict[str, Any] = {}
    for name, wanted in signature.arguments.items() if signature else ():
        if name in given:
            found[name] = value(given[name].value, wanted.kind)
        elif not wanted.required and name != "name" and not (family == "ops" and name in signature.tensors):  # type: ignore[union-attr]
            found[name] = value(wanted.default, wanted.kind)
    return found | {name: value(item.value) for name, item in given.items() if name not in found}


def value(given: Any, kind: str = "any") -> Any:
    """One value; classes become ``{Class: {all arguments}}``, sizes lists of one length where they can be."""
    if isinstance(given, Argument):
        return value(given.value, kind)
    if isinstance(given, Object):
        head = signatures.resolve_alias(given.family, given.head) or given.head
        return {head: arguments(given.family, head, given.args)}
    if isinstance(given, Declared):
        return given.name
    if isinstance(given, Mapping):
        return {str(name): value(item) for name, item in given.items()}
    if isinstance(given, (list, tuple)):
        items = [value(item, kind) for item in given]
        # a kernel of 3 and a kernel of [3, 3] are one
        same = kind == "ints" and items and all(type(item) is int and item == items[0] for item in items)
        return items[0] if same else items
    if isinstance(given, str) and kind in FAMILIES:
        return _named(given, kind)
    if isinstance(given, float) and given.is_integer() and kind not in ("any", "str"):
        return int(given)
    return given


def _named(text: str, kind: str) -> Any:
    """A class by its name alone is the class with all its defaults."""
    family = FAMILIES[kind]
    head = signatures.resolve_alias(family, text)
    signature = signatures.lookup(family, text)
    if head is None or signature is None or not head[:1].isupper():
        return head or text
    if any(argument.required for argument in signature.arguments.values()):
        return head
    return {head: arguments(family, head, {})}


def layer(item: Layer) -> dict[str, Any]:
    """The arguments of a layer of a graph."""
    if item.family in ("layers", "ops"):
        return arguments(item.family, item.head, item.args)
    return {name: value(given.value) for name, given in item.args.items()}


def brief(normal: Any) -> Any:
    """A normal value for a reader: what is only a default left out again."""
    if isinstance(normal, list):
        return [brief(item) for item in normal]
    if not isinstance(normal, Mapping):
        return normal
    head = next(iter(normal), "")
    given = normal.get(head)
    family = next((name for name in FAMILIES.values() if signatures.lookup(name, head)), None)
    if len(normal) != 1 or not isinstance(given, Mapping) or family is None or not head[:1].isupper():
        return {name: brief(item) for name, item in normal.items()}
    usual = arguments(family, head, {})
    kept = {
        name: brief(item) for name, item in given.items() if name not in usual or not same(item, usual[name])
    }
    return {head: kept} if kept else head


def same(first: Any, second: Any) -> bool:
    """Whether two normal values are one: 64 and 64.0 are, true and 1 are not."""
    return token(first) == token(second)


def token(normal: Any) -> str:
    """A normal value as text; equal texts are equal values."""
    return json.dumps(_exact(normal), sort_keys=True, default=str)


def _exact(normal: Any) -> Any:
    if isinstance(normal, Mapping):
        return {str(name): _exact(item) for name, item in normal.items()}
    if isinstance(normal, (list, tuple)):
        return [_exact(item) for item in normal]
    if isinstance(normal, float) and normal == normal and abs(normal) < 2**53 and normal.is_integer():
        return int(normal)
    return normal


def differences(first: Any, second: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """The innermost places at which two normal values differ: path, before, after (None: nothing there)."""
    if isinstance(first, Mapping) and isinstance(second, Mapping) and _comparable(first, second):
        for name in dict.fromkeys((*first, *second)):
            inner = f"{path}.{name}" if path else str(name)
            yield from differences(first.get(name), second.get(name), inner)
    elif (
        isinstance(first, list)
        and isinstance(second, list)
        and len(first) == len(second)
        and _are_maps(first + second)
    ):
        for number, (a, b) in enumerate(zip(first, second, strict=True)):
            yield from differences(a, b, f"{path}[{number}]")
    elif not same(first, second):
        yield path, first, second


def _comparable(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Not when both name a class and it is another one: then the whole value changed."""
    one, other = next(iter(first), ""), next(iter(second), "")
    classes = len(first) == len(second) == 1 and one[:1].isupper() and other[:1].isupper()
    return not classes or one == other


def _are_maps(items: list[Any]) -> bool:
    return all(isinstance(item, Mapping) for item in items)
