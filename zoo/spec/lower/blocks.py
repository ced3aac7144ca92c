"""Blocks: a declared fragment expanded in place, with fresh weights at each use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zoo.errors import Span
from zoo.spec import params
from zoo.spec.lower.loops import block_scope, expand_entries
from zoo.spec.lower.lowering import Declaration, Lowering, Place
from zoo.spec.lower.scope import BROKEN, Flow, Namer, Scope
from zoo.spec.nodes import POISON, Node, Scalar, plain
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import g102_cycle, g203_merge_mismatch, s106_unknown_key, s107_malformed
from zoo.spec.values import simple

KEYS = ("params", "inputs", "do", "outputs")


def apply(low: Lowering, name: str, args: Node | None, flow: Flow, place: Place, span: Span) -> Flow:
    """A block expanded in place: fresh weights at each use."""
    from zoo.spec.lower.pipes import pipe, steps, steps_of

    declaration = low.declared[name]
    node = declaration.node
    if not isinstance(node, MappingNode) or node.get("do") is None:
        low.report(
            s107_malformed.plainly(
                f"the block `{name}` needs `do`", declaration.key.span, "write {params: …, do: [step, …]}"
            )
        )
        return BROKEN
    for key, _ in node:
        if key.text not in KEYS:
            low.report(s106_unknown_key.diagnose(key, KEYS, f"the block `{name}`"))
    if name in place.blocks:
        low.report(g102_cycle.contains_itself("block", name, span))
        return BROKEN
    env = _values(low, name, node, args, place)
    if env is None:
        return BROKEN
    scope = block_scope(env)
    inner = replace(place, scope=scope, blocks=(*place.blocks, name))
    body = node.get("do")
    inputs = plain(node.get("inputs"))
    if isinstance(inputs, list) and not flow.broken and len(inputs) != len(flow.tensors):
        low.report(g203_merge_mismatch.too_many(f"the block `{name}`", len(inputs), len(flow.tensors), span))
        flow = BROKEN
    if not isinstance(body, MappingNode):
        return steps(low, steps_of(low, body, "do"), flow, inner)
    if not isinstance(inputs, list):
        low.report(
            s107_malformed.plainly(
                f"the block `{name}` has named pipes and so needs `inputs`", declaration.key.span
            )
        )
        return BROKEN
    for position, item in enumerate(inputs):
        scope.flows[str(item)] = BROKEN if flow.broken else Flow((flow.tensors[position],))
    own = Namer(place.namer.inner(name))
    inside = replace(inner, namer=own)
    low.entries(
        scope, expand_entries(low.report, body, env, "a tensor"), inside, lambda item, at: pipe(low, item, at)
    )
    return _outputs(low, name, node, scope, declaration)


def _values(
    low: Lowering, name: str, node: MappingNode, args: Node | None, place: Place
) -> dict[str, Any] | None:
    """The block's parameters with the caller's values."""
    section = node.get("params")
    given: Any = {}
    if args is not None and not (isinstance(args, Scalar) and args.value is None):
        given = simple(args, place.scope.env, low.report)
    if given is POISON:
        return None
    if not isinstance(given, dict):
        first = section.keys()[0] if isinstance(section, MappingNode) and len(section) else None
        if first is None:
            low.report(
                s107_malformed.plainly(f"the block `{name}` has no parameters", args.span if args else None)
            )
            return None
        given = {first: given}
    if any(value is POISON for value in given.values()):
        return None
    found = params.resolve(section, given, _at(low, args), f"block `{name}`")
    return {item: param.value for item, param in found.items()}


def _at(low: Lowering, args: Node | None) -> Any:
    """Reports about a caller's values at the caller, not at the block."""

    def report(diagnostic: Any) -> None:
        caller = diagnostic.code == "P104" and args is not None
        low.report(replace(diagnostic, span=args.span) if caller and args is not None else diagnostic)

    return report


def _outputs(low: Lowering, name: str, node: MappingNode, scope: Scope, declaration: Declaration) -> Flow:
    written = plain(node.get("outputs"))
    names = written if isinstance(written, list) else [written]
    flows: list[Flow] = []
    for item in names:
        found = scope.find(item) if isinstance(item, str) else None
        if found is None:
            place = node.get("outputs") or declaration.key
            low.report(
                s107_malformed.plainly(
                    f"`outputs` of the block `{name}` names {item!r}, which it does not have", place.span
                )
            )
            return BROKEN
        flows.append(found)
    low.unused(scope, [str(item) for item in names], {})
    if any(flow.broken for flow in flows):
        return BROKEN
    if len(flows) == 1:
        return flows[0]
    return Flow(
        tuple(ref for flow in flows for ref in flow.tensors),
        {str(item): flow.tensors for item, flow in zip(names, flows, strict=True)},
    )
