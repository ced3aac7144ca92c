"""What flows into a call and what it takes by name, as a pipe would say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zoo.build.lift.refusals import refused
from zoo.spec import signatures
from zoo.spec.graph import Call, Const, Graph, Layer, Object, Operand, Ref


@dataclass(frozen=True, slots=True)
class Step:
    """A call as a step of a pipe: ``flows`` come along the pipe, ``named`` stand in its text."""

    call: Call
    layer: Layer
    flows: tuple[Ref, ...]
    named: Mapping[str, Operand]

    @property
    def source(self) -> Ref | None:
        """The one tensor that flows in; None when several do."""
        return self.flows[0] if len(set(self.flows)) == 1 and len(self.flows) == 1 else None

    def named_refs(self) -> Iterator[Ref]:
        """Every tensor in the step's text."""
        waiting = list(self.named.values())
        while waiting:
            item = waiting.pop()
            if isinstance(item, Ref):
                yield item
            elif isinstance(item, tuple):
                waiting.extend(item)


def step_of(call: Call, layer: Layer) -> Step:
    """The call as a step."""
    if layer.family != "ops":
        return Step(call, layer, _only_refs(call.inputs, layer), call.named)
    signature = signatures.lookup("ops", layer.head)
    assert signature is not None
    if signature.variadic:
        return Step(call, layer, _only_refs(call.inputs, layer), call.named)
    first = signature.tensors[0]
    given = call.named.get(first)
    if signature.takes_list and isinstance(given, tuple):
        return Step(
            call,
            layer,
            _only_refs(given, layer),
            {name: item for name, item in call.named.items() if name != first},
        )
    flows: list[Ref] = []
    named = dict(call.named)
    for name in signature.tensors:
        item = call.named.get(name)
        if item is None or isinstance(item, tuple) or (flows and item in flows):
            break
        if isinstance(item, Ref):
            flows.append(item)
            del named[name]
    if len(flows) > 1 and any(ref in flows for ref in Step(call, layer, (), named).named_refs()):
        # `_` would stand for both of two flows: only the first flows then
        named = {name: item for name, item in call.named.items() if item != flows[0] or name in named}
        flows = flows[:1]
    if not flows:
        raise refused(f"`{layer.name}` (ops.{layer.head})", "no tensor flows into it")
    return Step(call, layer, tuple(flows), named)


def _only_refs(items: tuple[Operand, ...], layer: Layer) -> tuple[Ref, ...]:
    if not items or not all(isinstance(item, Ref) for item in items):
        head = f"ops.{layer.head}" if layer.family == "ops" else layer.head
        raise refused(f"`{layer.name}` ({head})", "a constant is among the tensors that flow into it")
    return tuple(item for item in items if isinstance(item, Ref))


def ports_of(layer: Layer, call: Call | None = None) -> tuple[str, ...] | None:
    """The names of a layer's outputs in one call, or None when they have no names."""
    if layer.model is not None:
        return tuple(layer.model.outputs)
    if layer.family != "layers":
        return None
    named = call.named if call is not None else {}
    flags = {name: item.value for name, item in named.items() if isinstance(item, Const)}
    inner = layer.values.get("layer") or layer.values.get("cell")
    held = (
        (inner.head, {name: item.value for name, item in inner.args.items()})
        if isinstance(inner, Object)
        else None
    )
    return signatures.ports(layer.head, {**layer.values, **flags}, held)


def flowing(graph: Graph) -> dict[str, Ref]:
    """For every node whose result can flow along a pipe as one tensor: the ref that flows."""
    found = {name: Ref(name) for name in graph.inputs}
    for call in graph.calls:
        ports = ports_of(graph.layers[call.layer], call)
        if ports is None or len(ports) == 1:
            found[call.id] = Ref(call.id)
        elif "out" in ports:
            found[call.id] = Ref(call.id, ports.index("out"))
    return found
