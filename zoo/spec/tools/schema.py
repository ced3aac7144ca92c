"""``zoo schema``: a JSON Schema of the language for editors, made from the signature table.

It is written so that a validator names the mistake: no ``anyOf`` between a step's forms, classes as closed maps, and
``if`` only to let expressions pass. What a schema cannot know (names a spec declares, shapes) `zoo validate` checks.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zoo.spec import catalogue, params, sections, signatures
from zoo.spec.kinds import WORDS
from zoo.spec.lower import declared, inputs
from zoo.spec.values import FAMILIES

FILE = "zoo.schema.json"
Schema = dict[str, Any]

_NAME = "^[a-z_][a-z0-9_]*$"
_EXPRESSION: Schema = {"type": "string", "pattern": "^="}
_NUMBER: Schema = {"type": ["number", "null"]}
_PLAIN: dict[str, Schema] = {
    "int": {"type": ["integer", "null"]},
    "float": _NUMBER,
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


def schema() -> Schema:
    """The schema of a whole spec, JSON Schema draft 7, as editors read it."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "speczoo: a Keras model as a page of text",
        "type": "object",
        "required": ["spec", "name"],
        "if": {"required": ["extends"]},
        "else": {"required": ["inputs", "graph", "outputs"]},
        "properties": _sections(),
        "additionalProperties": False,
        "definitions": _definitions(),
    }


def text() -> str:
    """The schema as the text of its file."""
    whole = schema()
    defined = whole.pop("definitions")
    lines = [
        f"  {json.dumps(name)}: {json.dumps(item, ensure_ascii=False)}" for name, item in defined.items()
    ]
    head = json.dumps(whole, indent=1, ensure_ascii=False).removesuffix("\n}")
    return head + ',\n "definitions": {\n' + ",\n".join(lines) + "\n }\n}\n"


def _ref(name: str, description: str = "") -> Schema:
    return {"$ref": f"#/definitions/{name}", **({"description": description} if description else {})}


def _or_expression(wanted: Schema) -> Schema:
    return {"if": _EXPRESSION, "else": wanted} if wanted else {}


def _closed(properties: Mapping[str, Any], **more: Any) -> Schema:
    return {
        "type": ["object", "null"],
        "properties": dict(properties),
        "patternProperties": {"^=": {}},
        "additionalProperties": False,
        **more,
    }


def _named(value: Schema, what: str, each: Schema | None = None) -> Schema:
    """A map from names of the author's own."""
    return {
        "type": ["object", "null"],
        "properties": {"each": each} if each else {},
        "patternProperties": {_NAME if not each else "^(?!each$)[a-z_][a-z0-9_]*$": value, "^=": value},
        "additionalProperties": False,
        "description": what,
    }


def _definitions() -> Schema:
    found: Schema = {kind: _or_expression(plain) for kind, plain in _PLAIN.items()}
    found["schedule"] = _by_class("schedules", {"type": ["number", "object", "null"]})
    for kind, family in FAMILIES.items():
        if kind not in ("layer", "schedule"):
            found[kind] = _kind(kind, family)
    found["layer"] = _ref("step")
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
    """A class by name or as ``Class: {args}``; losses, metrics and callbacks also as lists and maps by output."""
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
        **_or_expression(plain),
        "properties": {alias: _ref(f"{family}.{name}") for alias, name in sorted(names.items())},
        "patternProperties": {"^=": {}},
        "additionalProperties": False,  # no maxProperties: it would end yaml-language-server's completion of the one key
    }


def _class(signature: signatures.Signature) -> Schema:
    """The arguments of one class or op: a closed map, or the one argument that may stand alone."""
    properties = {name: _argument(argument, signature) for name, argument in signature.arguments.items()}
    if signature.family == "layers":
        called = {name: {} for name in (*signature.tensors, *signature.flags)}
        properties["call"] = _closed(
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
        properties |= {name: _ref(f"layers.{name}") for name in signatures.names("layers")}
        required = []
    closed: Schema = {} if signature.open else {"additionalProperties": False}
    return {
        "properties": properties,
        "patternProperties": {"^=": {}},
        **closed,
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
            **_or_expression({"enum": [*argument.choices, None]}),
            "examples": list(argument.choices),
            "description": description,
        }
    if argument.choices:
        return {"description": f"{description}; or {', '.join(map(str, argument.choices))}"}
    return _ref(argument.kind, description)


def _heads() -> tuple[dict[str, str], dict[str, str]]:
    layers = {**{name: name for name in signatures.names("layers")}, **signatures._rows("aliases", "layers")}
    ops = {**{name: name for name in signatures.names("ops")}, **signatures._rows("aliases", "ops")}
    return layers, ops


def _step() -> Schema:
    layers, ops = _heads()
    heads = {name: _ref(f"layers.{canonical}") for name, canonical in sorted(layers.items())}
    heads |= {f"ops.{name}": _ref(f"ops.{canonical}") for name, canonical in sorted(ops.items())}
    return {
        "type": ["string", "object"],
        "if": {"type": "string", "pattern": "^([A-Z]|ops[.])"},
        "then": {"enum": list(heads)},
        "properties": {**_verbs(), **heads},
        "patternProperties": {"^=": {}, _NAME: {}},
        "additionalProperties": False,
        "maxProperties": 1,
        "description": "a layer, `ops.name`, a name declared in this spec, or a verb",
    }


def _verbs() -> Schema:
    return {
        "as": {"type": "string", "pattern": _NAME, "description": "names the tensor in mid-pipe"},
        "at": {"type": ["object", "string"], "description": "slices: {axis: position or [start, stop]}"},
        "branch": {
            "type": "array",
            "items": _arm(),
            "description": "arms side by side; the next step receives them all",
        },
        "residual": {
            "if": {"type": "object", "required": ["do"]},
            "then": _closed({"do": _ref("steps"), "shortcut": _ref("steps"), "merge": _ref("step")}),
            "else": _ref("steps"),
            "description": "adds what flows to what the steps make of it",
        },
        "when": _closed({"test": {}, "do": _ref("steps"), "else": _ref("steps")}, required=["test", "do"]),
        "repeat": _closed(
            {
                "times": _ref("int"),
                "in": {},
                "for": {"type": ["string", "array"]},
                "do": _ref("body"),
                "carry": _ref("graph"),
                "collect": {"type": ["string", "array"]},
            },
            required=["do"],
            description="the steps one after the other",
        ),
    }


def _each(do: Schema) -> Schema:
    return _closed({"for": {"type": ["string", "array"]}, "in": {}, "do": do}, required=["in", "do"])


def _arm() -> Schema:
    each = {"if": {"type": "object", "required": ["each"]}, "then": _closed({"each": _each(_ref("steps"))})}
    return {**each, "else": _ref("steps")}


def _steps() -> Schema:
    return {"if": {"type": "array"}, "then": {"items": _ref("step")}, "else": _ref("step")}


def _source() -> Schema:
    each = _closed({"each": _each({})})
    return {
        "type": ["string", "array"],
        "items": {"if": {"type": "object"}, "then": each, "else": {"type": "string"}},
    }


def _pipe() -> Schema:
    return {
        "type": ["string", "array", "null"],
        "items": [_ref("source")],
        "additionalItems": _ref("step"),
        "minItems": 1,
        "description": "a source, then steps",
    }


def _graph() -> Schema:
    return _named(_ref("pipe"), "tensor name → pipe", _each(_ref("graph")))


def _body() -> Schema:
    # a map is a graph, unless it is one step that stands without its list
    return {"if": {"type": "array"}, "then": {"items": _ref("step")}}


def _sections() -> Schema:
    word: Schema = {"type": ["string", "null"]}
    described = {
        "spec": {"const": 1, "description": "the version of the language"},
        "name": {"type": "string"},
        "about": word,
        "tags": {"type": ["array", "null"]},
        "source": {"type": ["object", "null"]},
        "cite": {"type": ["array", "null"]},
        "lint": {"type": ["object", "null"], "description": "{allow: {CODE: reason}}"},
        "extends": {"type": "string", "description": "the spec that this one builds on"},
    }
    made = {
        "params": _named(_param(), "name → default, or {type, default, min, max, choices, doc, tune}"),
        "inputs": _named(_input(), "name → {shape, dtype}", _each(_named(_input(), "name → {shape, dtype}"))),
        "layers": _named(_steps(), "shared layers: one set of weights however often called"),
        "models": _named(_model(), "submodels"),
        "blocks": _named(_block(), "fragments: fresh weights at each use"),
        "graph": _ref("graph"),
        "outputs": _outputs(),
        "loss": {"description": "Keras's own form, beside a list of outputs"},
        "loss_weights": {},
        "metrics": {},
        "data": _data(),
        "training": _training(),
    }
    both = {**described, **made}
    return {name: both[name] for name in sections.SECTIONS}


def _param() -> Schema:
    known = dict.fromkeys(params.KEYS, {})
    known["type"] = {"enum": list(params.TYPES)}
    known["doc"] = {"type": "string"}
    return {"if": {"type": "object"}, "then": _closed(known)}


def _input() -> Schema:
    known: Schema = {name: {} for name in inputs.KEYS}
    known["shape"] = _ref("shape", "sizes without the batch axis; null is an unknown size")
    known["dtype"] = _choice(*inputs.DTYPES)
    known["batch_size"] = _ref("int")
    return _closed(known)


def _model() -> Schema:
    known: Schema = {name: {} for name in declared.MODEL_KEYS}
    known |= {
        "graph": _ref("graph"),
        "inputs": _named(_input(), "name → {shape, dtype}"),
        "trainable": _ref("bool"),
    }
    return _closed(known)


def _block() -> Schema:
    known: Schema = {name: {} for name in declared.BLOCK_KEYS}
    return _closed({**known, "do": _ref("body"), "params": _named(_param(), "name → default")})


def _outputs() -> Schema:
    one = _closed(
        {"loss": _ref("loss"), "weight": _ref("float"), "metrics": _ref("metric"), "from": {"type": "string"}}
    )
    listed = {"items": {"type": ["string", "object"]}}
    return {
        **_named(one, "output name → {loss, weight, metrics}", _each({})),
        "type": ["object", "array", "string", "null"],
        **listed,
    }


def _data() -> Schema:
    known: Schema = {name: {} for name in sections.DATA_KEYS}
    known["kind"] = _choice(*sections.DATA_KINDS)
    for name, inner in sections.DATA_INNER.items():
        known[name] = {
            "if": {"type": "object"},
            "then": _closed({item: {} for item in inner} | _CHOICES.get(name, {})),
        }
    return _closed(known)


def _choice(*values: Any) -> Schema:
    return {**_or_expression({"enum": [*values, None]}), "examples": list(values)}


_CHOICES: dict[str, Schema] = {
    "features": {"prices": _choice("raw", "relative_bps", "returns"), "sizes": _choice("raw", "log")},
    "sample": {"by": _choice("event", "time", "volume")},
    "split": {"by": _choice("time", "session", "group", "random")},
    "scale": {"method": _choice("zscore", "minmax", "robust", "rolling_sessions", "none")},
}


def _training() -> Schema:
    return _closed({name: _ref(kind) for name, kind in sections.TRAINING_KINDS.items()})


def main(arguments: list[str]) -> int:
    """``python -m zoo.spec.tools.schema --write | --check``."""
    target = catalogue.folder() / FILE
    if arguments == ["--write"]:
        target.write_text(text(), encoding="utf-8")
        return 0
    if arguments != ["--check"]:
        print("usage: python -m zoo.spec.tools.schema --write | --check")
        return 2
    if target.is_file() and target.read_text(encoding="utf-8") == text():
        return 0
    print(
        f"{Path(*target.parts[-2:])} is not what the signature table gives: run python -m zoo.spec.tools.schema --write"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
