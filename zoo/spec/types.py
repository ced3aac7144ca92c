"""Whether a value, classes included, fits the argument it is given to, in the words of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoo.spec import kinds, signatures
from zoo.spec.graph import Argument as Given
from zoo.spec.graph import Declared, Layer, Object, objects
from zoo.spec.nodes import POISON

_HOLD_CLASSES = {*kinds.FAMILY_OF_KIND, "any", "layers", "optimizers", "list", "dict"}
_SEVERAL = ("loss", "metric", "callback")


def sound(layer: Layer) -> bool:
    """Whether every argument of a layer is known and fits, and none is missing."""
    return _sound(signatures.lookup(layer.family, layer.head), layer.args, layer.family == "layers")


def _sound(signature: signatures.Signature | None, given: Mapping[str, Given], complete: bool) -> bool:
    if signature is None:
        return False
    if complete and any(item.required and name not in given for name, item in signature.arguments.items()):
        return False
    for name, argument in given.items():
        wanted = signature.arguments.get(name)
        if _unknown(argument.value) or (wanted is not None and expected(wanted, argument.value) is not None):
            return False
    inner = (item for argument in given.values() for item in objects(argument.value))
    return all(
        _sound(signatures.lookup(item.family, item.head), item.args, item.family == "layers")
        for item in inner
    )


def _unknown(value: Any) -> bool:
    if isinstance(value, (list, dict)):
        return any(_unknown(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is POISON


def expected(argument: signatures.Argument, value: Any) -> tuple[str, tuple[str, ...]] | None:
    """What `argument` wants when `value` does not fit it, in words, and its choices; None when it fits."""
    if isinstance(value, Given):
        value = value.value
    if value is POISON or (isinstance(value, list) and any(item is POISON for item in value)):
        return None
    words = kinds.WORDS.get(argument.kind, argument.kind)
    if value is None:
        optional = argument.nullable or (argument.default is None and not argument.required)
        return None if optional or argument.kind == "any" else (words, ())
    if isinstance(value, (Object, Declared)):
        return None if argument.kind in _HOLD_CLASSES else (words, ())
    if argument.choices:
        if value in argument.choices or (argument.kind != "str" and kinds.fits(argument.kind, value)):
            return None
        return "one of its choices", tuple(str(choice) for choice in argument.choices)
    if kinds.fits(argument.kind, value) or (argument.kind in _SEVERAL and isinstance(value, (list, dict))):
        return None
    return (f"{words} or null" if argument.nullable else words), ()
