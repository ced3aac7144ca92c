"""Nodes → values: expressions evaluated, ``Class: {args}`` recognised by the kind of its argument."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zoo.errors import Span
from zoo.spec import signatures
from zoo.spec.expression_values import ExpressionError, Unknown
from zoo.spec.expressions import Environment, evaluate
from zoo.spec.graph import Argument, Declared, Object
from zoo.spec.kinds import FAMILY_OF_KIND
from zoo.spec.nodes import POISON, Node, Report, Scalar, Sequence, expression
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import p102_undefined_name, p106_no_value

FAMILIES = {**FAMILY_OF_KIND, "callback": "callbacks"}

_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_SNAKE = re.compile(r"[a-z_][a-z0-9_]*\Z")


def is_class(text: str) -> bool:
    """Whether `text` is written like a Keras class."""
    return bool(_CLASS.match(text))


def is_name(text: str) -> bool:
    """Whether `text` is written like a name of the spec's own (snake_case)."""
    return bool(_SNAKE.match(text))


def compute(text: str, span: Span, env: Environment, report: Report) -> Any:
    """The value of an expression, or POISON when it has none (reported)."""
    try:
        value = evaluate(text, env)
    except Unknown:
        return POISON
    except ExpressionError as error:
        if error.name:
            report(p102_undefined_name.diagnose(error, span))
        else:
            report(p106_no_value.diagnose(error, span))
        return POISON
    return POISON if _poisoned(value) else value


def _poisoned(value: Any) -> bool:
    if isinstance(value, (list, dict)):
        return any(_poisoned(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is POISON


def simple(node: Node, env: Environment, report: Report) -> Any:
    """A node as plain Python values, expressions evaluated; POISON where one has no value."""
    text = expression(node)
    if text is not None:
        return compute(text, node.span, env, report)
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [simple(item, env, report) for item in node.items]
    found = {}
    for key, value in node:
        name = simple(key, env, report) if expression(key) is not None else key.text
        if name is not POISON:
            found[str(name)] = simple(value, env, report)
    return found


class Reader:
    """Turns argument nodes into values. `declared` names the layers and submodels a wrapper may hold."""

    def __init__(
        self, env: Environment, report: Report, declared: Callable[[str], bool] = lambda name: False
    ) -> None:
        self.env = env
        self.report = report
        self.declared = declared

    def arguments(
        self, head: str, family: str, node: Node | None, skip: tuple[str, ...] = ()
    ) -> dict[str, Argument]:
        """The arguments of ``head: node``; a value that is no map is the one positional argument."""
        signature = signatures.lookup(family, head)
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return {}
        first = signature.positional if signature else None
        if isinstance(node, MappingNode) and not self._is_inner(node, signature):
            return self._named(node, signature, skip)
        name = first or "value"
        kind = _kind(signature, name)
        return {name: Argument(self.value(node, kind), node.span, node.span)}

    def _named(
        self, node: MappingNode, signature: signatures.Signature | None, skip: tuple[str, ...]
    ) -> dict[str, Argument]:
        found: dict[str, Argument] = {}
        for key, value in node:
            if key.text in skip:
                continue
            name: Any = key.text
            if (text := expression(key)) is not None:
                name = compute(text, key.span, self.env, self.report)
                if name is POISON:
                    continue
            found[str(name)] = Argument(self.value(value, _kind(signature, str(name))), value.span, key.span)
        return found

    def _is_inner(self, node: MappingNode, signature: signatures.Signature | None) -> bool:
        """Whether `node` is a wrapper's short form, ``TimeDistributed: {LSTM: 64}``."""
        if signature is None or signature.positional is None or len(node) != 1:
            return False
        key = node.entries[0][0].text
        wants = _kind(signature, signature.positional)
        return wants in FAMILIES and key not in signature.arguments and (is_class(key) or self.declared(key))

    def value(self, node: Node, kind: str = "any") -> Any:
        """One value; `kind` says which classes ``Class: {args}`` may name."""
        if (text := expression(node)) is not None:
            return compute(text, node.span, self.env, self.report)
        if isinstance(node, Scalar):
            if kind == "layer" and isinstance(node.value, str):
                if self.declared(node.value):
                    return Declared(node.value, node.span)
                return Object(node.value, "layers", {}, node.span)
            return node.value
        if isinstance(node, Sequence):
            return [self.value(item, kind) for item in node.items]
        if len(node) == 1 and (made := self._object(node, kind)) is not None:
            return made
        return {
            str(name): self.value(value, kind)
            for key, value in node
            if (name := simple(key, self.env, self.report) if expression(key) else key.text) is not POISON
        }

    def _object(self, node: MappingNode, kind: str) -> Object | Declared | None:
        key, args = node.entries[0]
        head = key.text
        if (text := expression(key)) is not None:
            head = compute(text, key.span, self.env, self.report)
            if not isinstance(head, str):
                return None
        if kind == "layer" and self.declared(head):
            return Declared(head, key.span)
        if kind in FAMILIES:
            if not is_class(head) and signatures.resolve_alias(FAMILIES[kind], head) is None:
                return None
        family = FAMILIES.get(kind) or _family_of(head)
        if family is None:
            return None
        head = signatures.resolve_alias(family, head) or head
        return Object(head, family, self.arguments(head, family, args), key.span)


def _family_of(head: str) -> str | None:
    if not is_class(head):
        return None
    return next((family for family in FAMILIES.values() if signatures.lookup(family, head) is not None), None)


def _kind(signature: signatures.Signature | None, name: str) -> str:
    if signature is None or name not in signature.arguments:
        return "any"
    return signature.arguments[name].kind


def plain_value(value: Any) -> Any:
    """A value with its ``Object``s as ``{Class: {args}}`` maps: what JSON and YAML can hold."""
    if isinstance(value, Argument):
        return plain_value(value.value)
    if isinstance(value, Object):
        return {value.head: {name: plain_value(argument) for name, argument in value.args.items()}}
    if isinstance(value, Declared):
        return value.name
    if isinstance(value, Mapping):
        return {name: plain_value(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(item) for item in value]
    return value
