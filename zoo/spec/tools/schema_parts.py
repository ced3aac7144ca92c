"""Pieces that the editor's schema is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

NAME = "^[a-z_][a-z0-9_]*$"
EXPRESSION: Schema = {"type": "string", "pattern": "^="}
NUMBER: Schema = {"type": ["number", "null"]}
PLAIN: dict[str, Schema] = {
    "int": {"type": ["integer", "null"]},
    "float": NUMBER,
    "bool": {"type": ["boolean", "null"]},
    "str": {"type": ["string", "null"]},
    "dtype": {"type": ["string", "null"]},
    "path": {"type": ["string", "null"]},
    "ints": {"type": ["integer", "array", "null"]},
    "floats": {"type": ["number", "array", "null"]},
    "shape": {"type": ["array", "null"]},
    "sizes": {"type": ["integer", "array", "null"]},
    "list": {"type": ["array", "null"]},
    "layers": {"type": ["array", "null"]},
    "dict": {"type": ["object", "null"]},
    "optimizers": {"type": ["object", "null"]},
    "any": {},
    "tensor": {},
}


def ref(name: str, description: str = "") -> Schema:
    """What is defined under a name; validators pass over the description beside it, editors show it."""
    return {"$ref": f"#/definitions/{name}", **({"description": description} if description else {})}


def or_expression(wanted: Schema) -> Schema:
    """What is wanted, or an expression."""
    return {"if": EXPRESSION, "else": wanted} if wanted else {}


def closed(properties: Mapping[str, Any], **more: Any) -> Schema:
    """A map with these keys and no others."""
    return {
        "type": ["object", "null"],
        "properties": dict(properties),
        "patternProperties": {"^=": {}},
        "additionalProperties": False,
        **more,
    }


def named(value: Schema, what: str, each: Schema | None = None) -> Schema:
    """A map from names of the author's own."""
    return {
        "type": ["object", "null"],
        "properties": {"each": each} if each else {},
        "patternProperties": {NAME if not each else "^(?!each$)[a-z_][a-z0-9_]*$": value, "^=": value},
        "additionalProperties": False,
        "description": what,
    }


def choice(*values: Any) -> Schema:
    """One of some values, or an expression."""
    return {**or_expression({"enum": [*values, None]}), "examples": list(values)}


def each_of(do: Schema) -> Schema:
    """``each``: siblings from a loop."""
    loop = {"for": {"type": ["string", "array"]}, "in": {}, "do": do}
    return closed(loop, required=["in", "do"])
