"""``zoo diff A B``: what changed in meaning; how it is written does not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from zoo.errors import Span
from zoo.spec import emit
from zoo.spec.check import load
from zoo.spec.graph import Argument, Call, Const, Graph, InputSpec, Layer, Operand, Ref
from zoo.spec.params import Param
from zoo.spec.sections import OutputSpec
from zoo.spec.spec import Spec
from zoo.spec.tools import normal
from zoo.spec.tools.changes import Change, Difference
from zoo.spec.tools.match import Matched, match
from zoo.spec.values import plain_value


def diff(a: str | Path | Spec, b: str | Path | Spec) -> Difference:
    """What changed from `a` to `b`, by meaning: defaults written out, aliases and layout change nothing.

    Args:
        a: a catalogue name, a path or a loaded spec.
        b: the same, for the other.

    Example:
        >>> from zoo.spec import load
        >>> difference = diff(load("hrnn_lob"), load("hrnn_lob", row_units=64))
        >>> print(difference)
        parameter row_units: 32 → 64
        argument row_code.layer.LSTM.units: 32 → 64
        number of weights: 12,771 → 29,411 (+16,640)
    """
    first, second = (item if isinstance(item, Spec) else load(item) for item in (a, b))
    changes = (
        *_parameters(first.declared, second.declared),
        *graphs(first.graph, second.graph, ""),
        *_outputs(first, second),
        *_recipe("data", first.pipeline, second.pipeline),
        *_recipe("training", first.recipe, second.recipe),
    )
    return Difference(
        (first.name, second.name), tuple(changes), (first.trace.parameters, second.trace.parameters)
    )


def _parameters(before: Mapping[str, Param], after: Mapping[str, Param]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change("parameter", name, old and old.value, new and new.value, _span(old), _span(new))
            continue
        for part in ("value", "type", "min", "max", "choices", "tune"):
            one, other = getattr(old, part), getattr(new, part)
            if not normal.same(one, other):
                yield Change(
                    "parameter", name if part == "value" else f"{name}.{part}", one, other, old.span, new.span
                )


def graphs(before: Graph, after: Graph, path: str) -> Iterator[Change]:
    """What changed from one graph to another; `path` leads to a submodel."""
    yield from _inputs(before, after, path)
    matched = match(before, after, _token)
    for name in matched.removed:
        yield Change("layer", path + name, describe(before.layers[name]), None, before.layers[name].span)
    for name in matched.added:
        yield Change("layer", path + name, None, describe(after.layers[name]), None, after.layers[name].span)
    seen: set[int] = set()
    for one, other in matched.pairs.items():
        if one != other and "__" not in one + other:
            yield Change("name", path + one, one, other, before.layers[one].span, after.layers[other].span)
        yield from _layers(before.layers[one], after.layers[other], path, seen)
    yield from _edges(before, after, matched, path)


def _token(layer: Layer) -> str:
    return f"{layer.family} {layer.head} {layer.shared} {normal.token(normal.layer(layer))}"


def describe(layer: Layer) -> str:
    """A layer in a few words: its class and what was said of it."""
    head = {"ops": f"ops.{layer.head}", "models": "submodel"}.get(layer.family, layer.head)
    given = {name: plain_value(argument) for name, argument in layer.args.items()}
    return f"{head} {emit.flow(given)}" if given else head


def _inputs(before: Graph, after: Graph, path: str) -> Iterator[Change]:
    for name in dict.fromkeys((*before.inputs, *after.inputs)):
        old, new = before.inputs.get(name), after.inputs.get(name)
        if old is None or new is None:
            shape = list((old or new).shape)  # type: ignore[union-attr]
            yield Change(
                "input",
                path + name,
                shape if old else None,
                shape if new else None,
                _span(old),
                _span(new),
            )
            continue
        for part in ("shape", "dtype", "batch_size", "sparse", "optional"):
            one, other = getattr(old, part), getattr(new, part)
            if one != other:
                yield Change("input", f"{path}{name}.{part}", _plain(one), _plain(other), old.span, new.span)
    order = [name for name in before.inputs if name in after.inputs]
    if order != [name for name in after.inputs if name in before.inputs]:
        yield Change("input", f"{path}order", list(before.inputs), list(after.inputs))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _layers(old: Layer, new: Layer, path: str, seen: set[int]) -> Iterator[Change]:
    for name, before, after in normal.differences(normal.layer(old), normal.layer(new)):
        first = name.partition(".")[0].partition("[")[0]
        spans = [layer.args[first].span if first in layer.args else layer.span for layer in (old, new)]
        yield Change("argument", f"{path}{new.name}.{name}", before, after, *spans)
    if old.shared != new.shared:
        words = {True: "shared", False: "its own weights at each use"}
        yield Change("layer", path + new.name, words[old.shared], words[new.shared], old.span, new.span)
    for option, one, other in (
        ("trainable", old.options.get("trainable"), new.options.get("trainable")),
        ("weights", old.weights and old.weights.name, new.weights and new.weights.name),
    ):
        if one != other:
            yield Change("argument", f"{path}{new.name}.{option}", one, other, old.span, new.span)
    if old.model is not None and new.model is not None and id(new.model) not in seen:
        seen.add(id(new.model))
        yield from graphs(old.model, new.model, f"{path}{new.name}.")
        outputs = [list(layer.model.outputs) for layer in (old, new)]  # type: ignore[union-attr]
        if outputs[0] != outputs[1]:
            yield Change("output", f"{path}{new.name}", outputs[0], outputs[1], old.span, new.span)


def _edges(before: Graph, after: Graph, matched: Matched, path: str) -> Iterator[Change]:
    """What each paired call reads, in the words of the new graph."""
    names = _calls_by_place(before, matched.pairs)
    calls: dict[str | None, Call] = {call.id: call for call in after.calls}
    was_reached = before.reached()
    for call in before.calls:
        place = names.get(call.id)
        other = calls.get(place)
        if other is not None:
            yield from _sources(call, other, names, path)
        elif call.layer in matched.pairs and call.id in was_reached:
            yield Change("edge", f"{path}{matched.pairs[call.layer]}", _reads(call, names), None, call.span)
    known = set(names.values())
    reached = after.reached()
    shared = set(matched.pairs.values())
    for place, call in calls.items():
        if place not in known and call.layer in shared and call.id in reached:
            yield Change("edge", f"{path}{call.layer}", None, _reads(call, {}), None, call.span)
    for name, ref in before.outputs.items():
        if name in after.outputs:
            first, second = _ref(ref, names), _ref(after.outputs[name], {})
            if first != second:
                yield Change("edge", f"{path}{name}", first, second)


def _calls_by_place(before: Graph, pairs: Mapping[str, str]) -> dict[str, str]:
    """Ids of the old graph's calls → what they are called in the new one."""
    found = {name: name for name in before.inputs}
    for call in before.calls:
        if call.layer in pairs:
            found[call.id] = pairs[call.layer] + call.id[len(call.layer) :]
    return found


def _sources(old: Call, new: Call, names: Mapping[str, str], path: str) -> Iterator[Change]:
    before, after = _reads(old, names), _reads(new, {})
    if before != after:
        yield Change("edge", f"{path}{new.id}", before, after, old.span, new.span)


def _reads(call: Call, names: Mapping[str, str]) -> Any:
    flowing = [_operand(item, names) for item in call.inputs]
    named = {name: _operand(item, names) for name, item in sorted(call.named.items())}
    return {"from": flowing, **named} if named else flowing


def _operand(operand: Operand, names: Mapping[str, str]) -> Any:
    if isinstance(operand, tuple):
        return [_operand(item, names) for item in operand]
    if isinstance(operand, Const):
        return operand.value
    return _ref(operand, names)


def _ref(ref: Ref, names: Mapping[str, str]) -> str:
    name = names.get(ref.node, ref.node)
    return name if ref.index is None else f"{name}.{ref.index}"


def _outputs(first: Spec, second: Spec) -> Iterator[Change]:
    before, after = first.outputs, second.outputs
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change(
                "output",
                name,
                None if old is None else name,
                None if new is None else name,
                _span(old),
                _span(new),
            )
            continue
        for part, kind in (("loss", "loss"), ("weight", "float"), ("metrics", "metric")):
            one, other = getattr(old, part), getattr(new, part)
            yield from _values(part, name, one, other, kind)
    if list(before) != list(after) and set(before) == set(after):
        yield Change("output", "order", list(before), list(after))


def _values(
    kind: str, path: str, old: Argument | None, new: Argument | None, wanted: str
) -> Iterator[Change]:
    one, other = (normal.value(item, wanted) if item is not None else None for item in (old, new))
    if wanted == "metric":
        one, other = one or [], other or []
    for inner, before, after in normal.differences(one, other):
        yield Change(kind, f"{path}.{inner}" if inner else path, before, after, _span(old), _span(new))


def _recipe(section: str, before: Mapping[str, Argument], after: Mapping[str, Argument]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        kind = (
            {"optimizer": "optimizer", "callbacks": "callback"}.get(name, "any")
            if section == "training"
            else "any"
        )
        yield from _values(section, name, before.get(name), after.get(name), kind)


def _span(item: Param | InputSpec | OutputSpec | Argument | None) -> Span | None:
    return item.span if item is not None else None
