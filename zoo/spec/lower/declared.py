"""Shared layers, submodels and blocks: what was declared, applied."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zoo.spec import signatures
from zoo.spec.lower import blocks, calls, submodels
from zoo.spec.lower.lowering import Declaration, Draft, Lowering, Place
from zoo.spec.lower.scope import BROKEN, Flow, Namer, Scope
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node, Scalar, Sequence
from zoo.spec.rules import (
    g102_cycle,
    g105_same_name,
    s103_unknown_class,
    s107_malformed,
)
from zoo.spec.values import is_class, is_name

SECTIONS = {"layers": "layer", "models": "model", "blocks": "block"}


def collect(document: MappingNode, report: Any) -> dict[str, Declaration]:
    """Everything the three sections declare, by name."""
    found: dict[str, Declaration] = {}
    for section, kind in SECTIONS.items():
        node = document.get(section)
        if node is None:
            continue
        if not isinstance(node, MappingNode):
            report(s107_malformed.wrong_shape(section, "a map of names", node))
            continue
        for key, value in node:
            if not is_name(key.text):
                report(
                    s107_malformed.plainly(
                        f"`{key.text}` cannot name a {kind}", key.span, "names are snake_case"
                    )
                )
            elif key.text in found:
                first = found[key.text]
                report(
                    g105_same_name.diagnose(
                        key.text, f"this {kind}", key.span, first.key.span, f"a {first.kind}"
                    )
                )
            else:
                found[key.text] = Declaration(kind, key, value)
    return found


def apply(low: Lowering, name: str, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """A declared name as a step."""
    declaration = low.declared[name]
    declaration.used = True
    if declaration.kind == "block":
        return blocks.apply(low, name, args, flow, place, key.span)
    if isinstance(declaration.node, Sequence) or _is_block(low, declaration.node):
        return _fragment(low, name, declaration, flow, place)
    index = ensure(low, name)
    if index is None:
        return BROKEN
    call = args.get("call") if isinstance(args, MappingNode) else None
    only_call = isinstance(args, MappingNode) and call is not None and len(args) == 1
    if args is not None and not only_call and not (isinstance(args, Scalar) and args.value is None):
        low.report(
            s107_malformed.plainly(
                f"`{name}` was configured where it was declared; here it takes only `call:`",
                args.span,
                f"change the declaration of `{name}`, or use a block for layers that differ",
            )
        )
    draft = low.layers[index]
    if draft.family == "models":
        return submodels.call(low, index, flow, key.span)
    signature = signatures.lookup("layers", draft.head)
    assert signature is not None
    return calls.call_layer(low, index, signature, call, flow, place, key.span)


def _is_block(low: Lowering, node: Node) -> bool:
    head = (
        node.entries[0][0].text
        if isinstance(node, MappingNode) and len(node) == 1
        else getattr(node, "text", "")
    )
    return head in low.declared and low.declared[head].kind == "block"


def ensure(low: Lowering, name: str) -> int | None:
    """The draft of a shared layer or submodel, made at its first use."""
    declaration = low.declared[name]
    declaration.used = True
    if name in low.shared:
        return low.shared[name]
    if declaration.kind == "model":
        draft = submodels.draft(low, name, declaration)
        if draft is None:
            return None
        low.shared[name] = low.add_layer(draft)
        return low.shared[name]
    return _layer(low, name, declaration)


def _layer(low: Lowering, name: str, declaration: Declaration) -> int | None:
    node = declaration.node
    if isinstance(node, Scalar) and isinstance(node.value, str):
        key, args = node, None
    elif isinstance(node, MappingNode) and len(node) == 1:
        key, args = node.entries[0]
    else:
        low.report(s107_malformed.wrong_shape(f"layers.{name}", "one step, or a list of steps", node))
        return None
    signature = signatures.lookup("layers", key.text) if is_class(key.text) else None
    if signature is None:
        low.report(s103_unknown_class.diagnose(key.text, "layers", key.span))
        return None
    given = low.reader(Scope(low.env)).arguments(signature.name, "layers", args, skip=("call",))
    named = given.get("name")
    fixed_name = named.value if named is not None and isinstance(named.value, str) else name
    args_only = {item: value for item, value in given.items() if item != "name"}
    if name in low.making:
        low.report(g102_cycle.contains_itself("layer", name, declaration.key.span))
        return None
    low.making.append(name)
    for inner in args_only.values():
        calls.mark_inner(low, inner.value)
    low.making.pop()
    place = named.span if named is not None and fixed_name != name else declaration.key.span
    draft = Draft(
        fixed_name, "layers", signature.name, args_only, shared=True, fixed=True, span=key.span, named=place
    )
    low.shared[name] = low.add_layer(draft)
    return low.shared[name]


def _fragment(low: Lowering, name: str, declaration: Declaration, flow: Flow, place: Place) -> Flow:
    """A shared list of steps, or a shared block: the layers of its first use serve every use."""
    from zoo.spec.lower.pipes import step, steps

    if name in place.blocks:
        low.report(g102_cycle.contains_itself("layer", name, declaration.key.span))
        return BROKEN
    inner = Place(Scope(low.env), Namer(name), (*place.blocks, name), name)
    node = declaration.node
    made = steps(low, node.items, flow, inner) if isinstance(node, Sequence) else step(low, node, flow, inner)
    return replace(made, maker=None)
