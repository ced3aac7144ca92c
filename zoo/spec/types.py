"""Whether a value, classes included, fits the argument it is given to, in the words of a message."""

from __future__ import annotations

from typing import Any

from zoo.spec import kinds, signatures
from zoo.spec.graph import Argument as Given
from zoo.spec.graph import Declared, Object
from zoo.spec.values import POISON

_HOLD_CLASSES = {*kinds.FAMILY_OF_KIND, "any", "layers", "optimizers", "list", "dict"}
_SEVERAL = ("loss", "metric", "callback")


def expected(argument: signatures.Argument, value: Any) -> tuple[str, tuple[str, ...]] | None:
    """What `argument` wants when `value` does not fit it: in words, and the choices it has; None when it fits."""
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
