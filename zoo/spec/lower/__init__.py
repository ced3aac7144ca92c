"""The ``graph`` section → ``Graph``. README.md beside this file explains how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoo.errors import Diagnostic
from zoo.spec.documents import Documents
from zoo.spec.graph import Graph, InputSpec, Ref
from zoo.spec.lower import declared as declarations
from zoo.spec.lower import inputs as input_section
from zoo.spec.lower.loops import expand_entries
from zoo.spec.lower.lowering import Declaration, Lowering, Place, TooLarge
from zoo.spec.lower.pipes import pipe
from zoo.spec.lower.scope import Flow, Namer, Scope
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Report, Scalar, Sequence
from zoo.spec.rules import g106_too_large, p102_undefined_name, s107_malformed


def lower(
    document: MappingNode, env: Mapping[str, Any], documents: Documents, report: Report, file: str
) -> Graph | None:
    """The graph of a whole spec; None when nothing of it can be read."""
    declared = declarations.collect(document, report)
    try:
        return lower_graph(document, env, declared, {}, documents, report, (file,))
    except RecursionError:
        # YAML's own depth is bounded, but blocks may call blocks, each from deep inside the other
        place = document.key("blocks") or document.key("graph")
        report(g106_too_large.depth(place.span if place else document.span))
        return None


def lower_graph(
    node: MappingNode,
    env: Mapping[str, Any],
    declared: dict[str, Declaration],
    models: dict[str, Graph | None],
    documents: Documents,
    report: Report,
    open_models: tuple[str, ...],
) -> Graph | None:
    """The graph of a spec or of a submodel: its ``inputs``, ``graph`` and ``outputs``."""
    report = _aware_of_tensors(node, report)
    low = Lowering(declared, models, documents, report, env, open_models)
    specs, keys = input_section.read(node.get("inputs"), env, report)
    section = node.get("graph")
    if not isinstance(section, MappingNode):
        if section is not None:
            report(s107_malformed.wrong_shape("graph", "a map of named pipes", section))
        return None
    scope = Scope(env)
    for name in specs:
        scope.flows[name] = Flow((Ref(name),))
        scope.keys[name] = keys[name]
    place = Place(scope, Namer(""))
    try:
        low.entries(
            scope,
            expand_entries(report, section, env, "a tensor"),
            place,
            lambda item, at: pipe(low, item, at),
        )
        outputs, names = _outputs(low, node, scope, env)
    except TooLarge:
        return None
    low.unused(scope, names, specs)
    if len(open_models) == 1:
        low.never_called()
    return low.finish(specs, outputs, scope.flows)


def _aware_of_tensors(node: MappingNode, report: Report) -> Report:
    """Tells a tensor's name in an expression from one that nobody knows."""
    sections = [
        section for section in (node.get("inputs"), node.get("graph")) if isinstance(section, MappingNode)
    ]
    names = {name for section in sections for name in section.keys()}

    def heard(diagnostic: Diagnostic) -> None:
        report(p102_undefined_name.of_tensor(diagnostic, names) if diagnostic.code == "P102" else diagnostic)

    return heard


def _outputs(
    low: Lowering, node: MappingNode, scope: Scope, env: Mapping[str, Any]
) -> tuple[dict[str, Ref], list[str]]:
    """Output name → tensor, and the tensor names that outputs use."""
    from zoo.spec.lower.pipes import tensor
    from zoo.spec.rules import g203_merge_mismatch, o101_no_such_output

    outputs: dict[str, Ref] = {}
    used: list[str] = []
    section = node.get("outputs")
    entries = input_section.output_entries(section, env, low.report)
    if not entries and isinstance(section, (MappingNode, Sequence)) and not len(section):
        low.report(
            s107_malformed.plainly("`outputs` names no tensor", section.span, "write outputs: [main, aux]")
        )
    listed: set[str] = set()
    for entry in entries:
        if entry.name in listed:
            message = f"the output `{entry.name}` comes up twice"
            low.report(s107_malformed.plainly(message, entry.key.span, "list it once"))
            continue
        listed.add(entry.name)
        origin = entry.node.get("from") if isinstance(entry.node, MappingNode) else None
        place = origin if isinstance(origin, Scalar) else Scalar(entry.name, entry.name, True, entry.key.span)
        base = str(place.text).partition(".")[0]
        used.append(base)
        if base not in scope.flows and not place.text.startswith("="):
            low.report(o101_no_such_output.not_a_tensor(base, place.span, tuple(scope.visible())))
            continue
        flow = tensor(low, place, Place(scope, Namer("")))
        if flow.broken:
            continue
        if len(flow.tensors) != 1:
            low.report(
                g203_merge_mismatch.too_many(f"the output `{entry.name}`", 1, len(flow.tensors), place.span)
            )
            continue
        outputs[entry.name] = flow.tensors[0]
    return outputs, used


__all__ = ["InputSpec", "lower", "lower_graph"]
