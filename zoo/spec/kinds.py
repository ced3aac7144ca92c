"""Kinds of arguments: how a message names them, and which plain values are of them.

int float bool str dtype    a float takes whole numbers too
ints floats                 one, or a (nested) list
shape sizes                 a list of sizes, null and -1 where Keras takes them; sizes: or one size
list dict any
path                        a file or folder that a run would write
tensor                      an op's operand: text is a tensor's name, a number is a constant
activation initializer regularizer constraint loss metric layer optimizer
                            a name, or ``Class: {args}`` of that family
schedule                    a number, or ``Class: {args}`` of the family ``schedules``
layers optimizers           a list of layers; a map from a pattern of weight names to an optimizer
"""

from __future__ import annotations

from typing import Any

WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "text",
    "dtype": "the name of a number type, such as float32",
    "ints": "a whole number or a list of them",
    "floats": "a number or a list of numbers",
    "shape": "a list of sizes",
    "sizes": "a size or a list of sizes",
    "list": "a list",
    "dict": "a map",
    "path": "the name of a file",
    "schedule": "a number or a learning-rate schedule",
    "activation": "an activation",
    "initializer": "an initializer",
    "regularizer": "a regularizer",
    "constraint": "a constraint",
    "loss": "a loss",
    "metric": "a metric",
    "layer": "a layer",
    "layers": "a list of layers",
    "optimizer": "an optimizer",
    "optimizers": "a map from weight names to optimizers",
}
FAMILY_OF_KIND = {
    "activation": "activations",
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
    "loss": "losses",
    "metric": "metrics",
    "layer": "layers",
    "optimizer": "optimizers",
    "schedule": "schedules",
}


def fits(kind: str, value: Any) -> bool:
    """Whether a plain value (number, bool, text, list, map) is of a kind; class names are not looked up."""
    if kind in ("any", "tensor"):
        return True
    if kind in ("int", "ints", "float", "floats", "shape", "sizes"):
        if isinstance(value, list):
            return kind in ("ints", "floats", "shape", "sizes") and all(_entry(kind, item) for item in value)
        return kind != "shape" and _is_number(value, whole=not kind.startswith("float"))
    if kind == "schedule":
        return _is_number(value, whole=False)
    if kind == "bool":
        return isinstance(value, bool)
    if kind in ("list", "layers"):
        return isinstance(value, list)
    if kind in ("dict", "optimizers"):
        return isinstance(value, dict)
    return isinstance(value, str)


def _entry(kind: str, item: Any) -> bool:
    if kind in ("shape", "sizes"):
        return item is None or _is_number(item, whole=True)
    return fits(kind, item)


def _is_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return not whole or isinstance(value, int) or value.is_integer()
