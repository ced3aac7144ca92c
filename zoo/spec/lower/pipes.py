"""Pipes: a source, then steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoo.errors import Span
from zoo.spec import signatures
from zoo.spec.graph import Const, Operand, Ref
from zoo.spec.lower import calls, declared, loops, verbs
from zoo.spec.lower.lowering import Lowering, Place
from zoo.spec.lower.scope import BROKEN, Flow
from zoo.spec.nodes import POISON, Node, Scalar, Sequence, expression
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import (
    g101_unknown_source,
    g201_unknown_name,
    g205_missing_port,
    s103_unknown_class,
    s107_malformed,
)
from zoo.spec.suggest import nearest
from zoo.spec.values import compute, is_class, simple

VERBS = {
    "as": verbs.name,
    "at": verbs.slice_axes,
    "branch": verbs.branch,
    "residual": verbs.residual,
    "when": verbs.when,
    "repeat": loops.repeat,
}


def pipe(low: Lowering, node: Node, place: Place) -> Flow:
    """A whole pipe: ``tensor`` or ``[source, step, …]``."""
    if isinstance(node, Scalar) and node.value is None and node.plain:
        low.report(s107_malformed.plainly("the pipe is empty", node.span, "write [source, step, step]"))
        return BROKEN
    if isinstance(node, Scalar):
        return source(low, node, place)
    if isinstance(node, MappingNode):
        low.report(
            s107_malformed.plainly(
                "a pipe is a list: its source, then steps",
                node.span,
                "write [source, step, step]; a step alone has no input",
            )
        )
        return BROKEN
    if not node.items:
        low.report(s107_malformed.plainly("the pipe is empty", node.span, "write [source, step, step]"))
        return BROKEN
    first = node.items[0]
    if isinstance(first, MappingNode):
        low.report(
            s107_malformed.plainly(
                "a pipe begins with its source", first.span, "write the name of a tensor first"
            )
        )
        flow = BROKEN
    elif isinstance(first, Scalar) and isinstance(first.value, str) and _is_head(low, first.value, place):
        low.report(
            s107_malformed.plainly(
                f"a pipe begins with its source; `{first.text}` is a step",
                first.span,
                "write the name of a tensor first",
            )
        )
        flow = BROKEN
    else:
        flow = source(low, first, place)
    return steps(low, node.items[1:], flow, place)


def _is_head(low: Lowering, text: str, place: Place) -> bool:
    if text in place.scope.visible():
        return False
    return (is_class(text) and signatures.lookup("layers", text) is not None) or text.startswith("ops.")


def steps(low: Lowering, items: tuple[Node, ...], flow: Flow, place: Place) -> Flow:
    """Steps one after the other."""
    for item in items:
        flow = step(low, item, flow, place)
        low.room(len(flow.tensors), item.span)
    return flow


def steps_of(low: Lowering, node: Node | None, what: str) -> tuple[Node, ...]:
    """The steps of ``do``, an arm or a shortcut; a single step may stand without its list."""
    if node is None:
        return ()
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Scalar) and node.value is None:
        low.report(s107_malformed.wrong_shape(what, "a list of steps", node))
        return ()
    return (node,)


def step(low: Lowering, node: Node, flow: Flow, place: Place) -> Flow:
    """One step: ``Head`` or ``{Head: args}``."""
    low.step(node.span)
    if isinstance(node, Scalar):
        key, args = node, None
    elif isinstance(node, MappingNode) and len(node) == 1:
        key, args = node.entries[0]
    elif isinstance(node, MappingNode):
        keys = ", ".join(f"`{name}`" for name in node.keys())
        own = ", ".join(f"{name}: …" for name in node.keys())
        hint = f"write each as a step of its own: [x, {own}]" if len(node) else "delete it"
        low.report(
            s107_malformed.plainly(
                f"a step has exactly one key; this one has {keys or 'none'}", node.span, hint
            )
        )
        return BROKEN
    else:
        low.report(
            s107_malformed.plainly(
                "a step is a name or one key, not a list", node.span, "several arms are a `branch`"
            )
        )
        return BROKEN
    head = _head(low, key, place)
    if head is None:
        return BROKEN
    return _apply(low, head, key, args, flow, place)


def _head(low: Lowering, key: Scalar, place: Place) -> str | None:
    if key.value is POISON:
        return None
    head: Any = key.value if isinstance(key.value, str) else key.text
    if (text := expression(key)) is not None:
        head = compute(text, key.span, place.scope.env, low.report)
        if head is POISON:
            return None
    if not isinstance(head, str) or not head:
        low.report(s107_malformed.plainly(f"a step is a name, not {head!r}", key.span))
        return None
    return head


def _apply(low: Lowering, head: str, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    if head in VERBS:
        with low.within(key.span):
            return VERBS[head](low, key, args, flow, place)
    if head in low.declared:
        with low.within(key.span):
            return declared.apply(low, head, key, args, flow, place)
    if head.startswith("ops."):
        return calls.op(low, head[4:], key, args, flow, place)
    if is_class(head):
        return calls.layer(low, head, key, args, flow, place)
    if ":" in head or " " in head:
        low.report(
            s107_malformed.plainly(
                f"`{head}` is one text, not a step",
                key.span,
                "YAML wants a blank after the colon: `Dense: 64`",
            )
        )
        return BROKEN
    if any(name == head for name in place.scope.visible()):
        low.report(
            g201_unknown_name.RULE(
                f"`{head}` is a tensor, not a step",
                key.span,
                f"several sources stand in a list: [[a, {head}], Concatenate]",
            )
        )
        return BROKEN
    names = {name: item.key.span for name, item in low.declared.items()}
    if nearest(head, names) is None and (meant := nearest(head, signatures.names("layers"))):
        low.report(s103_unknown_class.RULE(f"`{head}` is not a layer", key.span, f"did you mean `{meant}`?"))
    else:
        low.report(
            g201_unknown_name.diagnose(head, key.span, names, tuple(VERBS), signatures.names("layers"))
        )
    return BROKEN


def source(low: Lowering, node: Node, place: Place, flowing: Flow | None = None) -> Flow:
    """A source: ``tensor`` or ``[tensor, …]``; `flowing` is what ``_`` stands for."""
    if isinstance(node, Scalar):
        return tensor(low, node, place, flowing)
    if isinstance(node, MappingNode):
        low.report(s107_malformed.plainly("a source is the name of a tensor, or a list of names", node.span))
        return BROKEN
    refs: list[Ref] = []
    broken = False
    for item, env in loops.expand_items(low, node, place.scope.env):
        inner = place if env is place.scope.env else place.into(place.scope.child(env))
        if not isinstance(item, Scalar):
            low.report(
                s107_malformed.plainly(
                    "a source is the name of a tensor; a pipe cannot stand inside a source",
                    item.span,
                    "give the inner pipe a name",
                )
            )
            broken = True
            continue
        part = tensor(low, item, inner, flowing)
        broken = broken or part.broken
        refs.extend(part.tensors)
    return BROKEN if broken else Flow(tuple(refs))


def tensor(low: Lowering, node: Scalar, place: Place, flowing: Flow | None = None) -> Flow:
    """One tensor: ``name``, ``name.port``, ``_`` or ``_.0``."""
    if node.value is POISON:
        return BROKEN
    text: Any = node.text
    if (written := expression(node)) is not None:
        text = compute(written, node.span, place.scope.env, low.report)
        if text is POISON:
            return BROKEN
    if not isinstance(text, str) or not text:
        low.report(s107_malformed.plainly("a source is the name of a tensor", node.span))
        return BROKEN
    base, _, port = text.partition(".")
    if base == "_":
        if flowing is None:
            low.report(g101_unknown_source.too_early(text, node.span))
            return BROKEN
        found: Flow | None = flowing
    else:
        found = place.scope.find(base)
    if found is None:
        names = list(place.scope.visible())
        guess = nearest(base, names)
        similar = place.scope.place_of(guess) if guess else None
        low.report(g101_unknown_source.diagnose(base, node.span, names, similar, base in low.declared))
        return BROKEN
    if found.broken or not port:
        return Flow(found.tensors, found.ports, None, found.broken) if base != "_" else found
    return _pick(low, found, base, port, node.span, place)


def _pick(low: Lowering, flow: Flow, name: str, port: str, span: Span, place: Place) -> Flow:
    if port in flow.ports:
        return Flow(flow.ports[port])
    if port.isdigit() and len(port) < 6:
        if len(flow.tensors) > 1 and int(port) < len(flow.tensors):
            return Flow((flow.tensors[int(port)],))
        if len(flow.tensors) == 1 and flow.tensors[0].index is None and not flow.ports:
            return Flow((Ref(flow.tensors[0].node, int(port)),))
    head = low.layers[flow.maker].head if flow.maker is not None else ""
    if not head and len(flow.tensors) == 1 and flow.tensors[0].node.startswith("#"):
        head = low.layers[low.calls[int(flow.tensors[0].node[1:])].layer].head
    key = place.scope.place_of(name)
    if port in g205_missing_port.STATES:
        if name in low.stateless:
            return BROKEN
        low.stateless.add(name)
    low.report(g205_missing_port.diagnose(name, port, flow.ports, head, span, key.span if key else None))
    return BROKEN


def operand(low: Lowering, node: Node, place: Place, flowing: Flow) -> Operand | None:
    """What a call takes by name: a tensor, a list of tensors or a constant; None after a reported mistake."""
    if isinstance(node, Sequence):
        items = [operand(low, item, place, flowing) for item in node.items]
        return (
            None if any(item is None for item in items) else tuple(item for item in items if item is not None)
        )
    if isinstance(node, MappingNode):
        value = simple(node, place.scope.env, low.report)
        if isinstance(value, Mapping) and "value" in value and set(value) <= {"value", "dtype"}:
            return Const(value)
        low.report(
            s107_malformed.plainly("a constant array is written {value: [...], dtype: float32}", node.span)
        )
        return None
    value = node.value
    if value is POISON:
        return None
    if (written := expression(node)) is not None:
        value = compute(written, node.span, place.scope.env, low.report)
        if value is POISON:
            return None
        if not isinstance(value, str):
            return Const(value)
    if isinstance(value, str):
        flow = tensor(low, node, place, flowing)
        if flow.broken:
            return None
        return flow.tensors[0] if len(flow.tensors) == 1 else tuple(flow.tensors)
    return Const(value)
