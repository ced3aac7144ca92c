"""A step that computes: its arguments, and which tensor goes where.

One rule for both layers and ops, R's pipe: what flows fills the first tensor parameters that are not named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoo.errors import Span
from zoo.spec import signatures
from zoo.spec.graph import Argument, Const, Declared, Object, Operand, Ref
from zoo.spec.lower.lowering import Draft, Lowering, Place
from zoo.spec.lower.scope import BROKEN, Flow
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node, Scalar, Sequence
from zoo.spec.rules import (
    g203_merge_mismatch,
    s101_unknown_argument,
    s103_unknown_class,
    s105_missing_argument,
    s107_malformed,
)


def layer(low: Lowering, head: str, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """An inline Keras layer: fresh weights."""
    signature = signatures.lookup("layers", head)
    if signature is None:
        low.report(s103_unknown_class.diagnose(head, "layers", key.span))
        return BROKEN
    index = make_layer(low, signature, key, args, place)
    return call_layer(low, index, signature, _call_node(args), flow, place, key.span)


def make_layer(
    low: Lowering, signature: signatures.Signature, key: Scalar, args: Node | None, place: Place
) -> int:
    """A draft of the layer; inside a shared fragment the one made before."""
    made = place.namer.inner(signature.name)
    if place.shared is not None and made in low.shared:
        return low.shared[made]
    given = low.reader(place.scope).arguments(signature.name, "layers", args, skip=("call",))
    name = given.get("name")
    fixed = name is not None and isinstance(name.value, str)
    if fixed and name is not None:
        given = {key: value for key, value in given.items() if key != "name"}
        if not name.value or "/" in name.value:
            low.report(
                s107_malformed.plainly(
                    f"`{name.value}` cannot name a layer", name.span, "use letters, digits and _"
                )
            )
    draft = Draft(
        name=name.value if fixed and name else made,
        family="layers",
        head=signature.name,
        args=given,
        shared=place.shared is not None,
        fixed=fixed,
        span=key.span,
        named=name.span if name is not None and fixed else None,
        origin="/".join(place.blocks),
    )
    for inner in given.values():
        mark_inner(low, inner.value)
    index = low.add_layer(draft)
    if place.shared is not None:
        low.shared[made] = index
    return index


def mark_inner(low: Lowering, value: Any) -> None:
    """A declared layer inside a wrapper counts as called, and is lowered."""
    from zoo.spec.lower import declared

    if isinstance(value, Declared):
        declared.ensure(low, value.name)
    elif isinstance(value, Object):
        for argument in value.args.values():
            mark_inner(low, argument.value)


def _call_node(args: Node | None) -> Node | None:
    return args.get("call") if isinstance(args, MappingNode) else None


def call_layer(
    low: Lowering,
    index: int,
    signature: signatures.Signature,
    call: Node | None,
    flow: Flow,
    place: Place,
    span: Span,
) -> Flow:
    """A layer applied to what flows; `call` holds its call-time arguments."""
    named = _call_arguments(low, signature, call, flow, place)
    if flow.broken or named is None:
        return BROKEN
    draft = low.layers[index]
    inputs: list[Operand] = list(flow.tensors)
    free = [name for name in signature.tensors if name not in named]
    if signature.takes_list or signature.variadic:
        pass
    elif len(inputs) > max(1, len(free)) or (len(inputs) > 1 and not _takes_several(signature)):
        takes = len(free) if _takes_several(signature) else 1
        low.report(g203_merge_mismatch.too_many(draft.head, takes, len(inputs), span))
        return BROKEN
    elif len(inputs) > 1:
        named = {**dict(zip(free[1:], inputs[1:], strict=False)), **named}
        inputs = inputs[:1]
    if not inputs:
        low.report(g203_merge_mismatch.too_many(draft.head, 1, 0, span))
        return BROKEN
    node = low.add_call(index, inputs, named, span, (span,))
    flags = {name: operand.value for name, operand in named.items() if isinstance(operand, Const)}
    values = {name: argument.value for name, argument in draft.args.items()}
    return result(
        node,
        signatures.ports(draft.head, {**values, **flags}, inner_of(low, values)),
        index if not draft.shared else None,
    )


def _takes_several(signature: signatures.Signature) -> bool:
    """Whether tensors that flow together are separate operands (query, value, key), not states or masks."""
    return len(signature.tensors) > 1 and signature.tensors[1] not in ("initial_state", "mask")


def inner_of(low: Lowering, values: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """Class and arguments of the layer or cell inside a wrapper."""
    inner = values.get("layer") or values.get("cell")
    if isinstance(inner, Declared) and inner.name in low.shared:
        draft = low.layers[low.shared[inner.name]]
        return draft.head, {name: argument.value for name, argument in draft.args.items()}
    if isinstance(inner, Object):
        return inner.head, {name: argument.value for name, argument in inner.args.items()}
    return None


def result(node: str, ports: tuple[str, ...] | None, maker: int | None) -> Flow:
    """What flows on from a call: ``out`` if there is one, otherwise every output."""
    if ports is None or len(ports) == 1:
        only = Ref(node)
        return Flow((only,), {ports[0]: (only,)} if ports else {}, maker)
    refs = {port: (Ref(node, position),) for position, port in enumerate(ports)}
    flowing = refs["out"] if "out" in refs else tuple(ref for part in refs.values() for ref in part)
    return Flow(flowing, refs, maker)


def _call_arguments(
    low: Lowering, signature: signatures.Signature, call: Node | None, flow: Flow, place: Place
) -> dict[str, Operand] | None:
    from zoo.spec.lower.pipes import operand

    if call is None:
        return {}
    if not isinstance(call, MappingNode):
        low.report(s107_malformed.wrong_shape("call", "a map of arguments", call))
        return None
    named: dict[str, Operand] = {}
    fine = True
    allowed = (*signature.tensors, *signature.flags)
    for key, node in call:
        if reason := signatures.refused("call", key.text):
            low.report(
                s101_unknown_argument.RULE(f"`{key.text}` cannot be given in a spec: {reason}", key.span)
            )
            fine = False
            continue
        if key.text not in allowed and signature.family == "layers" and allowed:
            low.report(s101_unknown_argument.of_call(signature.name, key, allowed))
            fine = False
            continue
        found = operand(low, node, place, flow)
        if found is None:
            fine = False
        else:
            named[key.text] = found
    return named if fine else None


def op(low: Lowering, name: str, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """``ops.name``: tensor parameters are named or filled by what flows, the others are constants."""
    signature = signatures.lookup("ops", name)
    if signature is None:
        low.report(s103_unknown_class.diagnose(name, "ops", key.span))
        return BROKEN
    named, fixed = _op_arguments(low, signature, args, flow, place)
    index = low.add_layer(
        Draft(place.namer.inner(signature.name), "ops", signature.name, fixed, span=key.span)
    )
    if flow.broken or named is None:
        return BROKEN
    inputs: list[Operand] = []
    free = [tensor for tensor in signature.tensors if tensor not in named]
    flowing = list(flow.tensors)
    if signature.variadic:
        inputs = list(flowing)
    elif signature.takes_list and free and free[0] == signature.tensors[0]:
        named[free[0]] = tuple(flowing)
    elif len(flowing) > len(free):
        low.report(g203_merge_mismatch.too_many(f"ops.{name}", len(free), len(flowing), key.span))
        return BROKEN
    else:
        named.update(zip(free, flowing, strict=False))
    missing = [
        tensor
        for tensor in signature.tensors
        if tensor in signature.arguments and signature.arguments[tensor].required and tensor not in named
    ]
    missing += [
        item.name
        for item in signature.arguments.values()
        if item.required and item.name not in {*signature.tensors, *fixed}
    ]
    if missing:
        low.report(s105_missing_argument.diagnose(f"ops.{name}", missing, key.span))
        return BROKEN
    node = low.add_call(index, inputs, named, key.span, (key.span,))
    return result(node, None, index)


def _op_arguments(
    low: Lowering, signature: signatures.Signature, args: Node | None, flow: Flow, place: Place
) -> tuple[dict[str, Operand] | None, dict[str, Argument]]:
    from zoo.spec.lower.pipes import operand

    named: dict[str, Operand] = {}
    fixed: dict[str, Argument] = {}
    if args is None or (isinstance(args, Scalar) and args.value is None):
        return named, fixed
    if isinstance(args, MappingNode):
        given = [(key.text, key.span, node) for key, node in args]
    else:
        given = [(signature.positional or "", args.span, args)]
    fine = True
    for name, span, node in given:
        wanted = signature.arguments.get(name)
        if name in signature.tensors:
            if wanted is None or not isinstance(node, (Scalar, Sequence, MappingNode)):
                continue
            found = operand(low, node, place, flow)
            fine = fine and found is not None
            if found is not None:
                named[name] = found
        elif wanted is None and not signature.open:
            low.report(s101_unknown_argument.of_op(signature.name, name, span, tuple(signature.arguments)))
            fine = False
        else:
            kind = wanted.kind if wanted else "int"
            fixed[name] = Argument(low.reader(place.scope).value(node, kind), node.span, span)
    return (named if fine else None), fixed
