"""What repeats: ``repeat`` goes on, ``each`` goes beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zoo.errors import Span
from zoo.spec.graph import Ref
from zoo.spec.lower.lowering import Lowering, Place
from zoo.spec.lower.scope import BROKEN, Entry, Flow, Scope
from zoo.spec.nodes import POISON, Node, Report, Scalar, expression, plain
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Sequence as SequenceNode
from zoo.spec.rules import g106_too_large, g203_merge_mismatch, s106_unknown_key, s107_malformed
from zoo.spec.values import is_name, simple

MAX_ROUNDS = 10_000


def rounds(
    low_report: Report, node: MappingNode, env: Mapping[str, Any], what: str
) -> list[dict[str, Any]] | None:
    """The loop variables in every round of ``{for, in}`` or ``{for, times}``; None after a mistake."""
    times, items = node.get("times"), node.get("in")
    if (times is None) == (items is None):
        low_report(
            s107_malformed.plainly(
                f"`{what}` takes either `times` or `in`", node.span, "write times: 3, or in: [1, 2, 4]"
            )
        )
        return None
    place = times if times is not None else items
    assert place is not None
    value = simple(place, env, low_report)
    if value is POISON:
        return None
    if times is not None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int or value < 0:
            low_report(
                s107_malformed.plainly("`times` must be a whole number from 0", place.span, "write times: 3")
            )
            return None
        if value > MAX_ROUNDS:
            low_report(g106_too_large.rounds(f"{value:,}", MAX_ROUNDS, place.span))
            return None
        rows: list[Any] = list(range(value))
    elif isinstance(value, dict):
        rows = [[name, item] for name, item in value.items()]
    elif isinstance(value, list):
        rows = value
    else:
        low_report(s107_malformed.plainly("`in` must be a list or a map", place.span, "write in: [1, 2, 4]"))
        return None
    return _bind(low_report, node.get("for"), rows, node.span)


def _bind(report: Report, names: Node | None, rows: list[Any], span: Span) -> list[dict[str, Any]] | None:
    if len(rows) > MAX_ROUNDS:
        report(g106_too_large.rounds(f"{len(rows):,}", MAX_ROUNDS, span))
        return None
    if names is None:
        return [{} for _ in rows]
    written = plain(names)
    variables = written if isinstance(written, list) else [written]
    if not all(isinstance(name, str) and is_name(name) for name in variables) or not variables:
        report(
            s107_malformed.plainly(
                "`for` takes a name, or a list of names", names.span, "write for: i, or for: [width, stride]"
            )
        )
        return None
    if len(variables) == 1 and not isinstance(written, list):
        # over a map, one variable sees the keys
        return [{variables[0]: row} for row in rows]
    bound = []
    for row in rows:
        parts = list(row.values()) if isinstance(row, dict) else row
        if not isinstance(parts, list) or len(parts) != len(variables):
            report(
                s107_malformed.plainly(
                    f"`for` has {len(variables)} names, and a row of `in` is {row!r}",
                    names.span,
                    "one value for each name",
                )
            )
            return None
        bound.append(dict(zip(variables, parts, strict=True)))
    return bound


def expand_items(
    low: Lowering, node: SequenceNode, env: Mapping[str, Any]
) -> list[tuple[Node, Mapping[str, Any]]]:
    """The items of a list, every ``{each: …}`` replaced by its siblings."""
    found: list[tuple[Node, Mapping[str, Any]]] = []
    for item in node.items:
        low.step(item.span)
        if isinstance(item, MappingNode) and item.keys() == ("each",):
            body = item.entries[0][1]
            for inner, do in siblings(low.report, body, env):
                low.step(body.span)
                found.append((do, inner))
        else:
            found.append((item, env))
    return found


def siblings(report: Report, body: Node, env: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Node]]:
    """What ``each: {for, in, do}`` generates: the values in every round, and ``do``."""
    if not isinstance(body, MappingNode) or body.get("do") is None:
        report(s107_malformed.plainly("`each` takes {for, in, do}", body.span))
        return []
    for key, _ in body:
        if key.text not in ("for", "in", "do"):
            report(s106_unknown_key.diagnose(key, ("for", "in", "do"), "`each`"))
    do = body.get("do")
    assert do is not None
    return [({**env, **values}, do) for values in rounds(report, body, env, "each") or ()]


def expand_entries(
    report: Report, node: MappingNode, env: Mapping[str, Any], what: str, spent: list[int] | None = None
) -> list[Entry]:
    """The entries of a map in order: ``each`` replaced by its siblings, computed keys (``=t:``) evaluated."""
    found: list[Entry] = []
    spent = spent if spent is not None else [0]  # rounds of all the loops in here together
    for key, value in node:
        if key.text == "each":
            for inner, do in siblings(report, value, env):
                spent[0] += 1
                if spent[0] > MAX_ROUNDS:
                    if spent[0] == MAX_ROUNDS + 1:
                        report(g106_too_large.rounds(f"more than {MAX_ROUNDS:,}", MAX_ROUNDS, key.span))
                    break
                if isinstance(do, MappingNode):
                    found.extend(expand_entries(report, do, inner, what, spent))
                else:
                    report(s107_malformed.wrong_shape("do", "a map of names", do))
            continue
        name: Any = key.text
        if expression(key) is not None:
            name = simple(key, env, report)
            if name is POISON:
                continue
            name = str(name)
        if not is_name(name):
            report(
                s107_malformed.plainly(
                    f"`{name}` cannot name {what}",
                    key.span,
                    "names are snake_case: small letters, digits and _",
                )
            )
            continue
        found.append(Entry(name, key, value, env))
    return found


def repeat(low: Lowering, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """``repeat``: the body after itself; a body of steps, or a graph with ``carry`` and ``collect``."""
    known = ("times", "in", "for", "do", "carry", "collect")
    if not isinstance(args, MappingNode) or args.get("do") is None:
        low.report(
            s107_malformed.plainly(
                "`repeat` takes {times or in, do}", key.span, "write repeat: {times: 3, do: [step]}"
            )
        )
        return BROKEN
    for item, _ in args:
        if item.text not in known:
            low.report(s106_unknown_key.diagnose(item, known, "`repeat`"))
    values = rounds(low.report, args, place.scope.env, "repeat")
    if values is None:
        return BROKEN
    body = args.get("do")
    if isinstance(body, MappingNode) and _is_graph(low, body):
        return _repeat_graph(low, key, args, body, values, flow, place)
    if args.get("carry") is not None or args.get("collect") is not None:
        low.report(
            s107_malformed.plainly(
                "`carry` and `collect` need a body of named pipes", key.span, "write do: {name: [pipe]}"
            )
        )
        return BROKEN
    from zoo.spec.lower.pipes import steps, steps_of

    for number, bound in enumerate(values):
        low.step(key.span)
        inner = place.into(place.scope.child(bound), number)
        flow = steps(low, steps_of(low, body, "do"), flow, inner)
    return flow


def _is_graph(low: Lowering, body: MappingNode) -> bool:
    """A map under ``do`` is a graph, unless it is one step that stands without its list."""
    if len(body) != 1:
        return True
    key, value = body.entries[0]
    if key.text == "each":
        return True
    return is_name(key.text) and key.text not in low.declared and isinstance(value, (SequenceNode, Scalar))


def _repeat_graph(
    low: Lowering,
    key: Scalar,
    args: MappingNode,
    body: MappingNode,
    values: Sequence[Mapping[str, Any]],
    flow: Flow,
    place: Place,
) -> Flow:
    from zoo.spec.lower.pipes import pipe

    carry = args.get("carry")
    carried = (
        expand_entries(low.report, carry, place.scope.env, "a carried tensor")
        if isinstance(carry, MappingNode)
        else []
    )
    names = [entry.name for entry in carried]
    wanted = plain(args.get("collect"))
    collected = [] if wanted is None else wanted if isinstance(wanted, list) else [wanted]
    if not flow.broken and len(flow.tensors) != len(names):
        low.report(
            g203_merge_mismatch.too_many(
                f"`repeat` with {len(names)} carried tensors", len(names), len(flow.tensors), key.span
            )
        )
        flow = BROKEN
    current = [Flow((ref,)) for ref in flow.tensors] if not flow.broken else [BROKEN for _ in names]
    gathered: dict[str, list[Ref]] = {name: [] for name in collected}
    broken = flow.broken
    for number, bound in enumerate(values):
        low.step(key.span)
        scope = place.scope.child(bound)
        inner = place.into(scope, number)
        for name, entry, state in zip(names, carried, current, strict=True):
            scope.flows[name] = state
            scope.keys[name] = entry.key
        low.entries(
            scope,
            expand_entries(low.report, body, scope.env, "a tensor"),
            inner,
            lambda node, at: pipe(low, node, at),
        )
        for name in collected:
            found = scope.find(name) if isinstance(name, str) else None
            if found is None:
                low.report(
                    s107_malformed.plainly(
                        f"`collect` names `{name}`, which the body does not have",
                        (args.get("collect") or key).span,
                    )
                )
                return BROKEN
            broken = broken or found.broken
            gathered[name].extend(found.tensors)
            low.room(len(gathered[name]), key.span)
        current = [_next(low, entry, inner) for entry in carried]
        broken = broken or any(state.broken for state in current)
        low.unused(scope, [*collected, *names], {})
    if broken:
        return BROKEN
    ports = {name: state.tensors for name, state in zip(names, current, strict=True)}
    ports |= {name: tuple(refs) for name, refs in gathered.items()}
    flowing = (
        [ref for name in collected for ref in gathered[name]]
        if collected
        else [ref for state in current for ref in state.tensors]
    )
    return Flow(tuple(flowing), ports)


def _next(low: Lowering, entry: Entry, place: Place) -> Flow:
    """The next value of a carried tensor: its right side, in the scope of the round."""
    from zoo.spec.lower.pipes import pipe

    return pipe(low, entry.node, place.into(part=entry.name))


def block_scope(env: Mapping[str, Any]) -> Scope:
    """Blocks see their own parameters and inputs, nothing around them."""
    return Scope(env)
