"""Classes, ops, steps and pipes, in the editor's schema."""

from __future__ import annotations

import json

from zoo.spec import signatures
from zoo.spec.kinds import WORDS
from zoo.spec.tools.schema_parts import NAME, PLAIN, Schema, closed, each_of, named, or_expression, ref
from zoo.spec.values import FAMILIES


def definitions() -> Schema:
    """Everything the sections refer to."""
    found: Schema = {kind: or_expression(plain) for kind, plain in PLAIN.items()}
    found["schedule"] = _by_class("schedules", {"type": ["number", "object", "null"]})
    for kind, family in FAMILIES.items():
        if kind not in ("layer", "schedule"):
            found[kind] = _kind(kind, family)
    found["layer"] = ref("step")
    for family in signatures.FAMILIES:
        for name in signatures.names(family):
            signature = signatures.lookup(family, name)
            assert signature is not None
            found[f"{family}.{name}"] = _class(signature)
    found |= {
        "step": _step(),
        "steps": _steps(),
        "pipe": _pipe(),
        "source": _source(),
        "graph": _graph(),
        "body": _body(),
    }
    return found


def _kind(kind: str, family: str) -> Schema:
    """A class by name or as ``Class: {args}``; metrics and callbacks also as lists."""
    names = sorted({*signatures.names(family), *signatures._rows("aliases", family)})
    if kind == "metric":
        names = sorted({*names, "accuracy", "acc", "crossentropy", "ce"})
    if kind == "activation":
        found = _by_class(
            "layers", {"if": {"type": "string"}, "then": {"enum": names}}, ["string", "object", "null"]
        )
        return {**found, "examples": list(signatures.names("activations"))}
    several = kind in ("metric", "callback")
    choice: Schema = {"if": {"type": ["object", "array"]}, "else": {"enum": [*names, None]}}
    whole = _by_class(family, choice, ["string", "object", "null", *(["array"] if several else [])])
    # `enum` under `else` is not offered while the value is empty, examples are
    whole["examples"] = [name for name in names if several or not name[:1].isupper()] or names
    if several:
        whole["items"] = _by_class(family, choice, ["string", "object"])
    return whole


def _by_class(family: str, plain: Schema, types: list[str] | None = None) -> Schema:
    names = {**{name: name for name in signatures.names(family)}, **signatures._rows("aliases", family)}
    return {
        **({"type": types} if types else {}),
        **or_expression(plain),
        "properties": {alias: ref(f"{family}.{name}") for alias, name in sorted(names.items())},
        "patternProperties": {"^=": {}},
        # no maxProperties: it would end yaml-language-server's completion of the one key
        "additionalProperties": False,
    }


def _class(signature: signatures.Signature) -> Schema:
    """The arguments of one class or op: a closed map, or the one argument that may stand alone."""
    properties = {name: _argument(argument, signature) for name, argument in signature.arguments.items()}
    if signature.family == "layers":
        called: Schema = {name: {} for name in (*signature.tensors, *signature.flags)}
        properties["call"] = closed(
            called, description="arguments of the call: names of tensors, `_` is what flows"
        )
    required = [
        name
        for name, argument in signature.arguments.items()
        if argument.required and not _flows(signature, name)
    ]
    first = signature.arguments.get(signature.positional or "")
    alone = _argument(first, signature) if first is not None else {"type": "null"}
    if first is not None and first.kind == "layer":
        properties |= {name: ref(f"layers.{name}") for name in signatures.names("layers")}
        required = []
    unknown: Schema = {} if signature.open else {"additionalProperties": False}
    return {
        "properties": properties,
        "patternProperties": {"^=": {}},
        **unknown,
        "if": {"type": "object"},
        "then": {"required": required} if required else {},
        "else": alone if not alone or required or first is None else {"if": {"type": "null"}, "else": alone},
    }


def _flows(signature: signatures.Signature, name: str) -> bool:
    return signature.family == "ops" and name in signature.tensors


def _argument(argument: signatures.Argument, signature: signatures.Signature) -> Schema:
    words = WORDS.get(argument.kind, "")
    if _flows(signature, argument.name):
        return {"description": "a tensor's name, or a constant"}
    default = "required" if argument.required else f"default {json.dumps(argument.default)}"
    description = "; ".join(part for part in (words, default) if part)
    if argument.choices and argument.kind == "str":
        return {
            **or_expression({"enum": [*argument.choices, None]}),
            "examples": list(argument.choices),
            "description": description,
        }
    if argument.choices:
        return {"description": f"{description}; or {', '.join(map(str, argument.choices))}"}
    return ref(argument.kind, description)


def _heads() -> tuple[dict[str, str], dict[str, str]]:
    layers = {**{name: name for name in signatures.names("layers")}, **signatures._rows("aliases", "layers")}
    ops = {**{name: name for name in signatures.names("ops")}, **signatures._rows("aliases", "ops")}
    return layers, ops


def _step() -> Schema:
    layers, ops = _heads()
    heads = {name: ref(f"layers.{canonical}") for name, canonical in sorted(layers.items())}
    heads |= {f"ops.{name}": ref(f"ops.{canonical}") for name, canonical in sorted(ops.items())}
    return {
        "type": ["string", "object"],
        "if": {"type": "string", "pattern": "^([A-Z]|ops[.])"},
        "then": {"enum": list(heads)},
        "properties": {**_verbs(), **heads},
        "patternProperties": {"^=": {}, NAME: {}},
        "additionalProperties": False,
        "maxProperties": 1,
        "description": "a layer, `ops.name`, a name declared in this spec, or a verb",
    }


def _verbs() -> Schema:
    return {
        "as": {"type": "string", "pattern": NAME, "description": "names the tensor in mid-pipe"},
        "at": {"type": ["object", "string"], "description": "slices: {axis: position or [start, stop]}"},
        "branch": {
            "type": "array",
            "items": _arm(),
            "description": "arms side by side; the next step receives them all",
        },
        "residual": {
            "if": {"type": "object", "required": ["do"]},
            "then": closed({"do": ref("steps"), "shortcut": ref("steps"), "merge": ref("step")}),
            "else": ref("steps"),
            "description": "adds what flows to what the steps make of it",
        },
        "when": closed({"test": {}, "do": ref("steps"), "else": ref("steps")}, required=["test", "do"]),
        "repeat": closed(
            {
                "times": ref("int"),
                "in": {},
                "for": {"type": ["string", "array"]},
                "do": ref("body"),
                "carry": ref("graph"),
                "collect": {"type": ["string", "array"]},
            },
            required=["do"],
            description="the steps one after the other",
        ),
    }


def _arm() -> Schema:
    each = {"if": {"type": "object", "required": ["each"]}, "then": closed({"each": each_of(ref("steps"))})}
    return {**each, "else": ref("steps")}


def _steps() -> Schema:
    return {"if": {"type": "array"}, "then": {"items": ref("step")}, "else": ref("step")}


def _source() -> Schema:
    each = closed({"each": each_of({})})
    return {
        "type": ["string", "array"],
        "items": {"if": {"type": "object"}, "then": each, "else": {"type": "string"}},
    }


def _pipe() -> Schema:
    return {
        "type": ["string", "array", "null"],
        "items": [ref("source")],
        "additionalItems": ref("step"),
        "minItems": 1,
        "description": "a source, then steps",
    }


def _graph() -> Schema:
    return named(ref("pipe"), "tensor name → pipe", each_of(ref("graph")))


def _body() -> Schema:
    # a map is a graph, unless it is one step that stands without its list
    return {"if": {"type": "array"}, "then": {"items": ref("step")}}
