"""``params:`` → values. Each parameter sees the ones above it; callers may override them by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zoo.errors import Diagnostic, Span
from zoo.spec import scalars
from zoo.spec.expression_values import outgrown
from zoo.spec.expressions import names
from zoo.spec.nodes import POISON, Node, Report, Scalar, expression, plain
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import (
    p101_out_of_range,
    p103_parameter_cycle,
    p104_unknown_override,
    p105_tune_outside,
    p106_no_value,
    s102_wrong_type,
    s106_unknown_key,
    s107_malformed,
)
from zoo.spec.source import Source, parse
from zoo.spec.values import simple

KEYS = ("type", "default", "min", "max", "choices", "doc", "tune")
TYPES = ("int", "float", "bool", "str", "list", "map")


@dataclass(frozen=True, slots=True)
class Param:
    """One declared parameter and the value it got.

    ``given`` where the caller gave it, ``computed`` where it is the value of an expression.
    """

    name: str
    value: Any
    type: str
    min: float | None = None
    max: float | None = None
    choices: tuple[Any, ...] | None = None
    doc: str = ""
    tune: Any = None
    span: Span | None = field(default=None, compare=False)
    computed: bool = field(default=False, compare=False)
    given: bool = field(default=False, compare=False)


def resolve(
    section: Node | None, overrides: Mapping[str, Any], report: Report, owner: str = "spec"
) -> dict[str, Param]:
    """Every parameter with its value; a parameter whose value is unknown gets POISON.

    Args:
        section: the ``params`` node, or None.
        overrides: values given by the caller; text is read as YAML reads an unquoted scalar.
        report: takes the diagnostics.
        owner: what the parameters belong to, for messages.
    """
    if section is not None and not isinstance(section, MappingNode):
        report(s107_malformed.wrong_shape("params", "a map of names", section))
        section = None
    declared = section.keys() if section is not None else ()
    for name in overrides:
        if name not in declared:
            # the mistake stands with the caller, not in this text; whoever has the caller's place adds it
            report(p104_unknown_override.diagnose(name, declared, owner, None))
    found: dict[str, Param] = {}
    env: dict[str, Any] = {}
    for key, node in section or ():
        later = declared[declared.index(key.text) :]
        if (cycle := _looks_ahead(node, later)) is not None and key.text not in overrides:
            report(p103_parameter_cycle.diagnose(key.text, cycle, node.span))
            found[key.text] = Param(key.text, POISON, "any", span=key.span)
        else:
            found[key.text] = _param(key, node, overrides, env, report)
        env[key.text] = found[key.text].value
    return found


def _looks_ahead(node: Node, later: tuple[str, ...]) -> str | None:
    default = node.get("default") if isinstance(node, MappingNode) else node
    used = names(expression(default) or "") if default is not None else ()
    return next((name for name in used if name in later), None)


def _param(
    key: Scalar, node: Node, overrides: Mapping[str, Any], env: dict[str, Any], report: Report
) -> Param:
    name = key.text
    fields: dict[str, Any] = {}
    if isinstance(node, MappingNode):
        for field, value in node:
            if field.text in KEYS:
                fields[field.text] = simple(value, env, report)
            else:
                report(s106_unknown_key.diagnose(field, KEYS, f"the parameter `{name}`"))
    else:
        fields["default"] = simple(node, env, report)
    given = name in overrides
    chosen: Any = _read(overrides[name], fields) if given else fields.get("default", POISON)
    if not given and "default" not in fields:
        report(p104_unknown_override.no_value(name, node.span))
    kind = fields.get("type") or _type_of(fields.get("default", chosen))
    chosen = _whole(chosen, kind)
    if (grown := outgrown(chosen)) is not None:
        report(p106_no_value.RULE(f"the value of `{name}` is too large: {grown}", node.span))
        chosen = POISON
    choices = fields.get("choices")
    param = Param(
        name,
        chosen,
        kind,
        fields.get("min"),
        fields.get("max"),
        tuple(choices) if isinstance(choices, list) else None,
        str(fields.get("doc") or ""),
        fields.get("tune"),
        key.span,
        computed=not given and _is_computed(node),
        given=given,
    )
    place = node if not isinstance(node, MappingNode) else node.get("default") or node
    span = place.span
    if chosen is not POISON and not _fits(chosen, kind, typed="type" in fields):
        report(s102_wrong_type.parameter(name, kind, chosen, span))
        return Param(name, POISON, kind, span=key.span)
    if chosen is not POISON and (problem := p101_out_of_range.find(param, span, given)):
        report(problem)
        param = replace(param, value=POISON)
    if problem := p105_tune_outside.find(param, node):
        report(problem)
    return param


def _is_computed(node: Node) -> bool:
    default = node.get("default") if isinstance(node, MappingNode) else node
    return default is not None and expression(default) is not None


def _read(value: Any, fields: Mapping[str, Any]) -> Any:
    """A caller's value: text stays text where the parameter is text, else it is read as YAML would."""
    wants_text = fields.get("type") == "str" or isinstance(fields.get("default"), str)
    if not isinstance(value, str) or wants_text:
        return _plain_python(value)
    if value.strip().startswith(("[", "{")):
        return _collection(value.strip())
    return scalars.parse(value.strip()) if value.strip() else value


def _collection(text: str) -> Any:
    """A list or a map written out, as JSON or as YAML's flow style; other text stays text."""
    try:
        return json.loads(text)
    except ValueError:
        found: list[Diagnostic] = []
        node = parse(Source("a parameter", text), found.append)
        return text if any(item.level == "error" for item in found) or node is None else plain(node)


def _plain_python(value: Any) -> Any:
    """NumPy scalars, tuples and the like as the language's own values."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, list):
        return [_plain_python(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain_python(item) for key, item in value.items()}
    return value


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    for kind, name in ((int, "int"), (float, "float"), (str, "str"), (list, "list"), (dict, "map")):
        if isinstance(value, kind):
            return name
    return "any"


def _whole(value: Any, kind: str) -> Any:
    """64.0 where a whole number is wanted (R's numbers are doubles) is 64."""
    if kind == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


_PYTHON: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "list": (list,),
    "map": (dict,),
}


def _fits(value: Any, kind: str, typed: bool) -> bool:
    if value is None or kind == "any":
        return True
    if not typed and isinstance(value, (list, dict)) != (kind in ("list", "map")):
        return True  # a kernel may be 3 or [3, 1]; only a written type forbids it
    if isinstance(value, bool):
        return kind == "bool"
    wanted = _PYTHON.get(kind)
    return wanted is None or isinstance(value, wanted)


def document(section: MappingNode, params: Mapping[str, Param], *, computed: bool = False) -> dict[str, Any]:
    """The ``params`` section with the values in use as defaults, for a resolved spec.

    Args:
        section: the section as it was written.
        params: their values.
        computed: leave the expressions of those that are computed from others: who changes these others in
            the resolved spec, as a search does, then changes what follows from them.
    """
    found: dict[str, Any] = {}
    for key, node in section:
        if computed and params[key.text].computed:
            found[key.text] = plain(node)
            continue
        value = _literal(params[key.text].value)
        long = isinstance(node, MappingNode)
        found[key.text] = {**plain(node), "default": value} if long or isinstance(value, dict) else value
    return found


def _literal(value: Any) -> Any:
    """A value as it is written: a text that starts with ``=`` would be read as an expression."""
    if isinstance(value, str):
        return f"={value!r}" if value.startswith("=") else value
    if isinstance(value, list):
        return [_literal(item) for item in value]
    if isinstance(value, dict):
        return {_literal(name): _literal(item) for name, item in value.items()}
    return value
