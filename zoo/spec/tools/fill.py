"""``zoo fill``: every default written out where it applies, in the spec's own text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo.errors import Diagnostic, Span, SpecError
from zoo.spec import catalogue, signatures
from zoo.spec.check import Report, examine
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node, Scalar, Sequence, expression
from zoo.spec.source import Source
from zoo.spec.spec import Spec
from zoo.spec.tools.fmt import read
from zoo.spec.tools.layout import layout, made
from zoo.spec.values import FAMILIES, is_class

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Addition:
    """What was written into one class or op: the defaults by name."""

    head: str
    values: Mapping[str, Any]
    span: Span


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled spec. ``str()`` is its text."""

    text: str
    added: tuple[Addition, ...]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Known:
    """What the checked spec says of a name in the text."""

    signature: signatures.Signature
    given: frozenset[str]


def fill(name_or_path: str | Path) -> Filled:
    """A spec's own text with all defaults of the signature table, its comments kept.

    What it extends or uses stays in its own file. Steps that the parameters in use do not reach (the
    other arm of a ``when``) stay as they are, and so does a step whose class is an expression.

    Raises:
        SpecError: the spec has errors.
        ZooError: there is no such model or file.

    Example:
        >>> "return_state: false" in str(fill("hrnn_lob"))
        True
    """
    source, problem = catalogue.read(catalogue.locate(name_or_path))
    if isinstance(problem, Diagnostic):
        raise SpecError(Report((problem,), {source.file: ""}, source.file))
    return fill_text(source)


def fill_text(source: Source) -> Filled:
    """The same for a source that was read already."""
    spec, report = examine(source, {})
    if spec is None or not report.ok:
        raise SpecError(report)
    root = read(source.text, source.file)
    filler = _Filler(_places(spec, source.file), extends=root.get("extends") is not None)
    whole = filler.document(root)
    return Filled(layout(whole, source.text.removeprefix("\ufeff")), tuple(filler.added))


def _places(spec: Spec, file: str) -> dict[Place, _Known]:
    """Every place of the file at which a class or op is named, where that is always the same one."""
    found: dict[Place, _Known | None] = {}
    for _, signature, arguments, span in spec.constructions():
        if signature is None or span is None or span.file != file:
            continue
        place = (span.line, span.column)
        known = found.get(place, _Known(signature, frozenset()))
        # an expression may name several classes, one a round of a loop
        same = known is not None and known.signature == signature
        found[place] = _Known(signature, known.given | set(arguments)) if known is not None and same else None
    return {place: known for place, known in found.items() if known is not None}


class _Filler:
    """Rebuilds the nodes of a document with the defaults in them."""

    def __init__(self, places: Mapping[Place, _Known], extends: bool) -> None:
        self.places = places
        self.extends = extends
        self.added: list[Addition] = []

    def document(self, root: MappingNode) -> MappingNode:
        """The whole document."""
        return MappingNode(tuple((key, self._section(key.text, value)) for key, value in root), root.span)

    def _section(self, name: str, node: Node) -> Node:
        if name == "inputs" and isinstance(node, MappingNode):
            return MappingNode(tuple((key, self._input(key, value)) for key, value in node), node.span)
        if name == "training" and isinstance(node, MappingNode):
            return MappingNode(tuple((key, self._recipe(key.text, value)) for key, value in node), node.span)
        return self.node(node)

    def node(self, node: Node) -> Node:
        """A node with everything inside it filled."""
        if isinstance(node, Sequence):
            return Sequence(tuple(self.node(item) for item in node.items), node.span)
        if isinstance(node, Scalar):
            known = self._known(node)
            return MappingNode(((node, self._arguments(node, known, None)),), node.span) if known else node
        return MappingNode(tuple(self._entry(key, value) for key, value in node), node.span)

    def _entry(self, key: Scalar, value: Node) -> tuple[Scalar, Node]:
        known = self._known(key)
        if known is None:
            return key, self.node(value)
        empty = isinstance(value, Scalar) and value.plain and not value.text
        return key, self._arguments(key, known, None if empty else value)

    def _known(self, node: Scalar) -> _Known | None:
        known = self.places.get((node.span.line, node.span.column))
        if known is None or expression(node) is not None:
            return None
        # `residual` stands for an Add, which has no arguments of its own there
        named = signatures.resolve_alias(known.signature.family, node.text.removeprefix("ops."))
        return known if named == known.signature.name else None

    def _arguments(self, key: Scalar, known: _Known, value: Node | None) -> Node:
        """The arguments of ``key: value`` as a map that has them all."""
        signature = known.signature
        missing = {
            name: argument.default
            for name, argument in signature.arguments.items()
            if name != "name"  # the pipe gives it
            and name not in known.given
            and name not in (signature.tensors if signature.family == "ops" else ())
            and not argument.required
            and argument.problem(argument.default) is None
        }
        if missing:
            head = f"ops.{signature.name}" if signature.family == "ops" else signature.name
            self.added.append(Addition(head, missing, key.span))
        new = self._made(missing)
        if value is None:
            return MappingNode(new, key.span)
        inside = self.node(value)
        if (
            isinstance(value, MappingNode)
            and isinstance(inside, MappingNode)
            and not _is_inner(value, signature)
        ):
            return MappingNode((*inside.entries, *new), value.span)
        if not new or signature.positional is None:
            return inside
        first = self._made({signature.positional: None})[0][0]
        return MappingNode(((first, inside), *new), value.span)

    def _made(self, values: Mapping[str, Any]) -> tuple[tuple[Scalar, Node], ...]:
        # under `extends`, null would delete
        written = {
            name: "=None" if value is None and self.extends else value for name, value in values.items()
        }
        node = made(written)
        assert isinstance(node, MappingNode)
        return node.entries

    def _input(self, key: Scalar, node: Node) -> Node:
        if not isinstance(node, MappingNode) or node.get("shape") is None or node.get("dtype") is not None:
            return node
        self.added.append(Addition(f"input {key.text}", {"dtype": "float32"}, key.span))
        return MappingNode((*node.entries, *self._made({"dtype": "float32"})), node.span)

    def _recipe(self, name: str, node: Node) -> Node:
        """An optimizer or callback that is only named becomes its class."""
        family = {"optimizer": "optimizers", "callbacks": "callbacks"}.get(name)
        if family is None:
            return self.node(node)
        if isinstance(node, Sequence):
            return Sequence(tuple(self._recipe(name, item) for item in node.items), node.span)
        if not isinstance(node, Scalar) or expression(node) is not None:
            return self.node(node)
        signature = signatures.lookup(family, node.text)
        if signature is None:
            return node
        arguments = self._arguments(node, _Known(signature, frozenset()), None)
        head = Scalar(signature.name, signature.name, True, Span("", 0, 0, 0, 0))
        return MappingNode(((head, arguments),), node.span)


def _is_inner(node: MappingNode, signature: signatures.Signature) -> bool:
    """Whether a map is the short form of a wrapper, ``TimeDistributed: {LSTM: 64}``."""
    if signature.positional is None or len(node) != 1 or signature.positional not in signature.arguments:
        return False
    key = node.entries[0][0].text
    inner = signature.arguments[signature.positional].kind in FAMILIES
    return inner and key not in signature.arguments and (is_class(key) or key != "call")
