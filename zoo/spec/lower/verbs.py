"""The verbs without a loop: ``as at branch residual when``."""

from __future__ import annotations

from zoo.spec.graph import Argument
from zoo.spec.lower.lowering import Draft, Lowering, Place
from zoo.spec.lower.scope import BROKEN, Flow
from zoo.spec.nodes import POISON, Node, Scalar, Sequence
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import g105_same_name, g203_merge_mismatch, s106_unknown_key, s107_malformed
from zoo.spec.values import is_name, simple


def name(low: Lowering, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """``as: name`` names what flows, in mid-pipe."""
    if not isinstance(args, Scalar) or not is_name(args.text):
        low.report(
            s107_malformed.plainly(
                "`as` takes a name in snake_case", args.span if args else key.span, "write as: code"
            )
        )
        return flow
    owner = place.scope
    while args.text not in owner.inner and owner.parent is not None:
        owner = owner.parent
    if args.text not in owner.inner:
        owner = place.scope
    first = owner.keys.get(args.text)
    if first is not None and first.span != args.span:
        low.report(g105_same_name.diagnose(args.text, "this tensor", args.span, first.span, "another tensor"))
        return flow
    owner.keys[args.text] = args
    owner.flows[args.text] = flow
    low.name_maker(flow, args.text)
    return flow


def slice_axes(low: Lowering, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """``at: {1: [-24, null]}`` slices an axis, ``at: {1: -1}`` picks one position and drops the axis."""
    value = simple(args, place.scope.env, low.report) if args is not None else None
    if value is POISON:
        return BROKEN
    index: dict[int, object] = {}
    for axis, part in value.items() if isinstance(value, dict) else ():
        number = _whole(axis)
        ends = part if isinstance(part, list) else [part]
        good = all(end is None or (type(end) is int) for end in ends) and (
            isinstance(part, list) or part is not None
        )
        good = good and ends[2:] != [0]  # a step of none leads nowhere
        if number is None or not good or len(ends) > 3 or (len(ends) == 1 and isinstance(part, list)):
            index = {}
            break
        index[number] = part
    if not index:
        low.report(
            s107_malformed.plainly(
                "`at` takes axes: a position, or [start, stop]",
                args.span if args else key.span,
                "write at: {1: [-24, null]}",
            )
        )
        return BROKEN
    if 0 in index:
        low.report(
            s107_malformed.plainly(
                "axis 0 is the batch; `at` slices the others", key.span, "axes count from 1"
            )
        )
        return BROKEN
    return _single(low, "at", "at", {"index": Argument(index, args.span if args else None)}, key, flow, place)


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _single(
    low: Lowering, family: str, head: str, args: dict[str, Argument], key: Scalar, flow: Flow, place: Place
) -> Flow:
    from zoo.spec.lower.calls import result

    if flow.broken:
        return BROKEN
    if len(flow.tensors) != 1:
        low.report(g203_merge_mismatch.too_many(f"`{head}`", 1, len(flow.tensors), key.span))
        return BROKEN
    index = low.add_layer(Draft(place.namer.inner(head), family, head, args, span=key.span))
    return result(low.add_call(index, flow.tensors, {}, key.span, (key.span,)), None, index)


def branch(low: Lowering, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """``branch: [arm, arm, []]``: the next step receives what every arm makes of the flow."""
    from zoo.spec.lower.loops import expand_items
    from zoo.spec.lower.pipes import steps, steps_of

    if not isinstance(args, Sequence) or not args.items:
        low.report(
            s107_malformed.plainly(
                "`branch` takes a list of arms", key.span, "write branch: [[step, …], [step, …], []]"
            )
        )
        return BROKEN
    arms: list[Flow] = []
    received = 0
    for item, env in expand_items(low, args, place.scope.env):
        inner = place if env is place.scope.env else place.into(place.scope.child(env))
        arms.append(steps(low, steps_of(low, item, "an arm of a branch"), flow, inner))
        received += len(arms[-1].tensors)
        low.room(received, key.span)
    if any(arm.broken for arm in arms):
        return BROKEN
    return Flow(tuple(ref for arm in arms for ref in arm.tensors))


def residual(low: Lowering, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """``residual: [steps]`` adds what flows to what the steps make of it.

    ``shortcut`` changes the short way, ``merge`` how the two are joined.
    """
    from zoo.spec.lower.pipes import step, steps, steps_of

    body, shortcut, merge = args, None, None
    if isinstance(args, MappingNode) and args.get("do") is not None:
        known = ("do", "shortcut", "merge")
        for item, _ in args:
            if item.text not in known:
                low.report(s106_unknown_key.diagnose(item, known, "`residual`"))
        body, shortcut, merge = args.get("do"), args.get("shortcut"), args.get("merge")
    if body is None or (isinstance(body, Scalar) and body.value is None):
        low.report(s107_malformed.plainly("`residual` takes steps", key.span, "write residual: [step, …]"))
        return BROKEN
    long_way = steps(low, steps_of(low, body, "residual"), flow, place)
    short_way = steps(low, steps_of(low, shortcut, "shortcut"), flow, place) if shortcut is not None else flow
    if long_way.broken or short_way.broken:
        both = BROKEN
    else:
        both = Flow((*short_way.tensors, *long_way.tensors))
    merged = step(low, merge if merge is not None else Scalar("Add", "Add", True, key.span), both, place)
    if merged.maker is not None:
        low.layers[merged.maker].origin = "residual"
    return merged


def when(low: Lowering, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """``when: {test, do, else}`` chooses steps by a parameter, before the model is built."""
    from zoo.spec.lower.pipes import steps, steps_of

    known = ("test", "do", "else")
    if not isinstance(args, MappingNode) or args.get("test") is None or args.get("do") is None:
        low.report(
            s107_malformed.plainly(
                "`when` takes {test, do, else}", key.span, "write when: {test: =deep, do: [step]}"
            )
        )
        return BROKEN
    for item, _ in args:
        if item.text not in known:
            low.report(s106_unknown_key.diagnose(item, known, "`when`"))
    written = args.get("test") or key
    test = simple(written, place.scope.env, low.report)
    if test is POISON:
        return BROKEN
    if isinstance(test, str):
        low.report(
            s107_malformed.plainly(
                "`test` is a text, which always holds", written.span, "write an expression: =deep"
            )
        )
        return BROKEN
    chosen = args.get("do") if test else args.get("else")
    return steps(low, steps_of(low, chosen, "when"), flow, place)
