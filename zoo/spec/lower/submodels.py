"""Submodels: a graph of their own, or another spec's, used as one layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zoo.errors import Diagnostic, Span
from zoo.spec import params
from zoo.spec.graph import Graph, WeightsFile
from zoo.spec.lower import calls
from zoo.spec.lower.lowering import Declaration, Draft, Lowering
from zoo.spec.lower.scope import BROKEN, Flow
from zoo.spec.nodes import POISON, Report
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import (
    g102_cycle,
    g203_merge_mismatch,
    s105_missing_argument,
    s106_unknown_key,
    s107_malformed,
)
from zoo.spec.values import simple

INNER = ("params", "inputs", "layers", "models", "blocks", "graph", "outputs")
OPTIONS = ("weights", "trainable")
KEYS = (*INNER, "use", *OPTIONS)


def draft(low: Lowering, name: str, declaration: Declaration) -> Draft | None:
    """The layer of a submodel; None when its graph cannot be told."""
    graph = _model(low, name, declaration)
    node = declaration.node
    if graph is None or not isinstance(node, MappingNode):
        return None
    trainable = _option(low, name, node, "trainable")
    return Draft(
        name,
        "models",
        name,
        {},
        graph,
        {} if trainable is None else {"trainable": trainable},
        shared=True,
        fixed=True,
        span=declaration.key.span,
        named=declaration.key.span,
        weights=_weights(low, name, node),
        used=node.get("use") is not None,
    )


def _option(low: Lowering, name: str, node: MappingNode, key: str) -> Any:
    """The value under ``weights`` or ``trainable``; None when there is none, or a wrong one (reported)."""
    place = node.get(key)
    value = simple(place, low.env, low.report) if place is not None else None
    if place is None or value is None or value is POISON:
        return None
    kind, words = {"weights": (str, "the name of a file"), "trainable": (bool, "true or false")}[key]
    if not isinstance(value, kind):
        low.report(s107_malformed.wrong_shape(f"models.{name}.{key}", words, place))
        return None
    return value


def _weights(low: Lowering, name: str, node: MappingNode) -> WeightsFile | None:
    file, place = _option(low, name, node, "weights"), node.get("weights")
    if file is None or place is None:
        return None
    return WeightsFile(file, low.documents.weights(file, place.span), place.span)


def _model(low: Lowering, name: str, declaration: Declaration) -> Graph | None:
    from zoo.spec.lower import lower_graph
    from zoo.spec.lower.declared import collect

    if name in low.models:
        return low.models[name]
    node = declaration.node
    if not isinstance(node, MappingNode):
        low.report(
            s107_malformed.wrong_shape(f"models.{name}", "a map with inputs, graph and outputs, or use", node)
        )
        return None
    for key, _ in node:
        if key.text not in KEYS:
            low.report(s106_unknown_key.diagnose(key, KEYS, f"the model `{name}`"))
    if name in low.open_models:
        low.report(g102_cycle.contains_itself("model", name, declaration.key.span))
        return None
    document, chain = node, (*low.open_models, name)
    values: dict[str, Any] = {}
    if node.get("use") is not None:
        found = _used(low, node, chain)
        if found is None:
            return None
        document, values, chain = found
    missing = [section for section in ("inputs", "graph", "outputs") if document.get(section) is None]
    if missing:
        low.report(s105_missing_argument.section(missing, f"the model `{name}`", declaration.key.span))
        return None
    inside = params.resolve(document.get("params"), values, low.report, f"model `{name}`")
    env = {item: param.value for item, param in inside.items()}
    if document is node:
        env = {**low.env, **env}
        own = {**low.declared, **collect(document, low.report)}
        shared = dict(low.models) if len(own) > len(low.declared) else low.models
    else:
        own, shared = collect(document, low.report), {}
    errors = _Errors(low.report)
    graph = lower_graph(document, env, own, shared, low.documents, errors, chain)
    low.models[name] = None if errors.met else graph
    low.documents.resolved[id(node)] = (document, inside)
    return low.models[name]


class _Errors:
    """Passes findings on and remembers errors: what flows out of such a model is not known."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.met = False

    def __call__(self, diagnostic: Diagnostic) -> None:
        self.met = self.met or diagnostic.level == "error"
        self.report(diagnostic)


def _used(
    low: Lowering, node: MappingNode, chain: tuple[str, ...]
) -> tuple[MappingNode, dict[str, Any], tuple[str, ...]] | None:
    """The document behind ``use``, the values for its parameters, and the chain of files with it."""
    used, given = node.get("use"), node.get("params")
    assert used is not None
    for key, _ in node:
        if key.text not in ("use", "params", *OPTIONS):
            low.report(
                s107_malformed.plainly(
                    f"`{key.text}` cannot stand beside `use`", key.span, "the other spec has its own"
                )
            )
    values = simple(given, low.env, low.report) if given is not None else {}
    if not isinstance(values, dict):
        low.report(s107_malformed.wrong_shape("params", "a map of values", given or node))
        return None
    document = low.documents.named(used, chain)
    if not isinstance(document, MappingNode):
        return None
    return document, values, (*chain, str(Path(document.span.file).resolve()))


def call(low: Lowering, index: int, flow: Flow, span: Span) -> Flow:
    """The call of a submodel; its outputs are its ports."""
    draft = low.layers[index]
    assert draft.model is not None
    wanted = len(draft.model.inputs)
    if flow.broken:
        return BROKEN
    if len(flow.tensors) != wanted:
        low.report(g203_merge_mismatch.too_many(f"the model `{draft.name}`", wanted, len(flow.tensors), span))
        return BROKEN
    node = low.add_call(index, flow.tensors, {}, span, (span,))
    return calls.result(node, tuple(draft.model.outputs), None)
