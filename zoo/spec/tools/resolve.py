"""``zoo resolve``: one document with nothing left to look up, and where each value in it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zoo.errors import Diagnostic, Span, SpecError
from zoo.spec import catalogue, emit, params
from zoo.spec.check import Report, examine
from zoo.spec.documents import Documents
from zoo.spec.expression_values import ExpressionError
from zoo.spec.expressions import evaluate, names
from zoo.spec.lower import lower, submodels
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node, Scalar, Sequence, expression, plain
from zoo.spec.source import Source
from zoo.spec.spec import Spec
from zoo.spec.tools.layout import NOWHERE, made

GIVEN = replace(NOWHERE, file="given")


@dataclass(frozen=True, slots=True)
class Origin:
    """A value, where in the document it stands, and where it was written.

    Args:
        path: dotted path in the resolved document, as in ``graph.code[1].LSTM``.
        value: the value in use.
        file: the file it was written in; ``given`` for a value that the caller gave.
        line: the line there, 0 for one that stands nowhere.
        column: the column there.
        expression: the expression it is the value of, or an empty text.
    """

    path: str
    value: Any
    file: str
    line: int
    column: int
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolved spec. ``str()`` is its text, from which ``zoo.loads`` makes an equal spec."""

    text: str
    values: Mapping[str, Any]
    origins: tuple[Origin, ...]

    def __str__(self) -> str:
        return self.text


def resolve(spec: str | Path | Spec, **overrides: Any) -> Resolved:
    """A spec with parameters evaluated, ``extends`` merged and ``use`` written out.

    Blocks and loops keep the expressions over their own names; ``params`` stays, with the values in use.

    Args:
        spec: a catalogue name, a path, or a loaded spec.
        overrides: values for its parameters.

    Raises:
        SpecError: the spec has errors.
        ZooError: there is no such model or file.

    Example:
        >>> resolve("hrnn_lob", window=50).values["inputs"]["book"]["shape"]
        [50, 20, 1]
    """
    if isinstance(spec, Spec):
        return resolve_source(Source(spec.file, spec.text), overrides)
    source, problem = catalogue.read(catalogue.locate(spec))
    if isinstance(problem, Diagnostic):
        raise SpecError(Report((problem,), {source.file: ""}, source.file))
    return resolve_source(source, overrides)


def resolve_source(source: Source, overrides: Mapping[str, Any]) -> Resolved:
    """The same for a source that was read already."""
    spec, report = examine(source, overrides)
    if spec is None or not report.ok:
        raise SpecError(report)
    documents = Documents(_silent)
    root = documents.read(source)
    assert isinstance(root, MappingNode)
    declared = params.resolve(root.get("params"), overrides, _silent)
    env = {name: param.value for name, param in declared.items()}
    lower(root, env, documents, _silent, source.file)  # finds what `use` names
    resolver = _Resolver(documents)
    whole = resolver.document(root, declared, frozenset(overrides))
    origins = tuple(resolver.origins(whole, ""))
    values = plain(whole)
    return Resolved(emit.block(values), values, origins)


def _silent(diagnostic: Diagnostic) -> None:
    """The check before has reported everything."""


class _Resolver:
    """Rebuilds nodes with their values; every value keeps the place it was written at."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.computed: dict[Span, str] = {}

    def document(
        self, root: MappingNode, declared: Mapping[str, params.Param], given: frozenset[str]
    ) -> MappingNode:
        """A whole document, or a submodel's."""
        env = {name: param.value for name, param in declared.items()}
        entries: list[tuple[Scalar, Node]] = []
        for key, node in root:
            if key.text == "params" and isinstance(node, MappingNode):
                entries.append((key, self._params(node, declared, given)))
            elif key.text == "models" and isinstance(node, MappingNode):
                entries.append(
                    (
                        key,
                        MappingNode(tuple((name, self._model(item, env)) for name, item in node), node.span),
                    )
                )
            elif key.text in ("blocks", "about", "name", "tags", "source", "cite", "lint", "spec"):
                entries.append((key, node))
            else:
                entries.append((key, self.node(node, env)))
        return MappingNode(tuple(entries), root.span)

    def _params(
        self, section: MappingNode, declared: Mapping[str, params.Param], given: frozenset[str]
    ) -> MappingNode:
        values = params.document(section, declared)
        entries: list[tuple[Scalar, Node]] = []
        for key, node in section:
            value = values[key.text]
            if not isinstance(value, dict):
                entries.append((key, self._placed(value, node, key.text in given)))
                continue
            written = node if isinstance(node, MappingNode) else None
            inner = []
            for name, item in value.items():
                old = written.get(name) if written is not None else node
                at = written.key(name) if written is not None else None
                fresh = name == "default" and (key.text in given or old is None)
                inner.append(
                    (at or Scalar(name, name, True, key.span), self._placed(item, old or node, fresh))
                )
            entries.append((key, MappingNode(tuple(inner), node.span)))
        return MappingNode(tuple(entries), section.span)

    def _placed(self, value: Any, node: Node, given: bool) -> Node:
        if given:
            return _at(made(value), GIVEN)
        if plain(node) == value:
            return node
        if (text := expression(node)) is not None:
            self.computed[node.span] = text
        return _at(made(value), node.span)

    def _model(self, node: Node, env: Mapping[str, Any]) -> Node:
        """A submodel with its own parameters in place; one that was used from elsewhere is written out."""
        if not isinstance(node, MappingNode) or id(node) not in self.documents.resolved:
            return node
        document, declared = self.documents.resolved[id(node)]
        used = document is not node
        given = node.get("params")
        names_given = frozenset(given.keys()) if used and isinstance(given, MappingNode) else frozenset()
        outer = {} if used else {name: params.Param(name, value, "any") for name, value in env.items()}
        kept = MappingNode(
            tuple(entry for entry in document if entry[0].text in submodels.INNER), document.span
        )
        whole = self.document(kept, {**outer, **declared}, names_given)
        entries = [
            (key, _only_from(value) if key.text == "outputs" and used else value) for key, value in whole
        ]
        for name in submodels.OPTIONS:
            if (option := node.get(name)) is not None:
                entries.append((_key_of(node, name), self.node(option, env)))
        return MappingNode(tuple(entries), node.span)

    def node(self, node: Node, env: Mapping[str, Any]) -> Node:
        """A node with every expression evaluated whose names are all known here."""
        if isinstance(node, Scalar):
            return self._value(node, env)
        if isinstance(node, Sequence):
            return Sequence(tuple(self.node(item, env) for item in node.items), node.span)
        bound = _bound(node)
        inner = {name: value for name, value in env.items() if name not in bound} if bound else env
        entries = []
        for key, value in node:
            outside = key.text in ("in", "times")
            name = self._value(key, env)
            text = name.value if isinstance(name, Scalar) and isinstance(name.value, str) else key.text
            entries.append((Scalar(text, text, True, key.span), self.node(value, env if outside else inner)))
        return MappingNode(tuple(entries), node.span)

    def _value(self, node: Scalar, env: Mapping[str, Any]) -> Node:
        text = expression(node)
        if text is None or not set(names(text)) <= set(env):
            return node
        try:
            value = evaluate(text, env)
        except ExpressionError:
            return node  # in an arm that nothing reaches
        if isinstance(value, str) and value.startswith("="):
            return node
        self.computed[node.span] = text
        return _at(made(value), node.span)

    def origins(self, node: Node, path: str) -> Iterator[Origin]:
        """Where every value stands; a collection written on one line is one row."""
        if isinstance(node, Scalar) or len({(span.file, span.line) for span in _leaf_spans(node)}) <= 1:
            spans = list(_leaf_spans(node)) or [node.span]
            text = ", ".join(
                dict.fromkeys(f"={self.computed[span]}" for span in spans if span in self.computed)
            )
            yield Origin(path, plain(node), spans[0].file, spans[0].line, spans[0].column, text)
        elif isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                yield from self.origins(item, f"{path}[{number}]")
        else:
            for key, value in node:
                yield from self.origins(value, f"{path}.{key.text}" if path else key.text)


def _leaf_spans(node: Node) -> Iterator[Span]:
    if isinstance(node, Scalar):
        yield node.span
    else:
        for item in node.items if isinstance(node, Sequence) else (value for _, value in node):
            yield from _leaf_spans(item)


def _at(node: Node, span: Span) -> Node:
    """A made node that stands at a place."""
    if isinstance(node, Scalar):
        return replace(node, span=span)
    if isinstance(node, Sequence):
        return Sequence(tuple(_at(item, span) for item in node.items), span)
    return MappingNode(tuple((replace(key, span=span), _at(value, span)) for key, value in node), span)


def _bound(node: MappingNode) -> frozenset[str]:
    """The names that a loop written in this map binds."""
    loop = node.get("for") if node.get("do") is not None else None
    written = plain(loop)
    return (
        frozenset(written if isinstance(written, list) else [written]) if written is not None else frozenset()
    )


def _only_from(outputs: Node) -> Node:
    if not isinstance(outputs, MappingNode):
        return outputs
    entries = []
    for key, value in outputs:
        origin = value.get("from") if isinstance(value, MappingNode) else None
        kept = (
            ((_key_of(value, "from"), origin),)
            if origin is not None and isinstance(value, MappingNode)
            else ()
        )
        entries.append((key, MappingNode(kept, value.span)))
    return MappingNode(tuple(entries), outputs.span)


def _key_of(node: MappingNode, name: str) -> Scalar:
    key = node.key(name)
    assert key is not None
    return key
