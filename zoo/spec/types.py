"""Whether a value fits the kind of argument it is given to, in the words of a message."""

from __future__ import annotations

from typing import Any

from zoo.spec import signatures
from zoo.spec.graph import Argument as Given
from zoo.spec.graph import Declared, Object
from zoo.spec.values import FAMILIES, POISON

_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "text",
    "dtype": "the name of a dtype",
    "ints": "a whole number or a list of them",
    "floats": "a number or a list of them",
    "shape": "a list of sizes",
    "list": "a list",
    "dict": "a map",
    "path": "a path",
    "schedule": "a number or a schedule",
    "layers": "a list of layers",
    "optimizers": "a map of optimizers",
}


def expected(argument: signatures.Argument, value: Any) -> tuple[str, tuple[str, ...]] | None:
    """What `argument` wants when `value` does not fit it: in words, and the choices it has; None when it fits."""
    if isinstance(value, Given):
        value = value.value
    if value is POISON or argument.kind in ("any", "tensor") or _escapes(value):
        return None
    if value is None:
        return None if argument.nullable or argument.default is None and not argument.required else (_words(argument), ())
    if argument.choices:
        if value in argument.choices or (argument.kind not in ("str",) and _fits(argument.kind, value)):
            return None
        return _words(argument), tuple(str(choice) for choice in argument.choices)
    if _fits(argument.kind, value):
        return None
    return _words(argument), ()


def _escapes(value: Any) -> bool:
    # POISON inside a list: already reported
    return isinstance(value, list) and any(item is POISON for item in value)


def _words(argument: signatures.Argument) -> str:
    if argument.choices and argument.kind == "str":
        return "one of its choices"
    if argument.kind in FAMILIES:
        article = "an" if argument.kind[0] in "aeiou" else "a"
        return f"{article} {argument.kind}"
    words = _WORDS.get(argument.kind, argument.kind)
    return f"{words} or null" if argument.nullable else words


def _fits(kind: str, value: Any) -> bool:
    if isinstance(value, (Object, Declared)):
        return kind in FAMILIES or kind in ("any", "schedule", "layers", "optimizers", "list", "dict")
    if isinstance(value, bool):
        return kind in ("bool", "any")
    if kind == "int":
        return _is_whole(value)
    if kind in ("float", "schedule"):
        return isinstance(value, (int, float))
    if kind == "ints":
        return _is_whole(value) or (isinstance(value, list) and all(_fits("ints", item) for item in value))
    if kind == "floats":
        return isinstance(value, (int, float)) or (isinstance(value, list) and all(_fits("floats", item) for item in value))
    if kind == "shape":
        return _is_whole(value) or (isinstance(value, list) and all(item is None or _fits("ints", item) for item in value))
    if kind in ("str", "path", "dtype"):
        return isinstance(value, str)
    if kind in ("list", "layers"):
        return isinstance(value, list)
    if kind in ("dict", "optimizers"):
        return isinstance(value, dict)
    if kind in FAMILIES:
        return isinstance(value, str) or (kind in ("loss", "metric", "callback") and isinstance(value, (list, dict)))
    return kind not in ("bool",)


def _is_whole(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
