"""Pipes → the text of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zoo.build.lift.flows import Step, ports_of
from zoo.build.lift.naming import Names, spec_name
from zoo.build.lift.pipes import Block, Element, Pipe, pipes
from zoo.spec import signatures
from zoo.spec.graph import Const, Declared, Graph, InputSpec, Layer, Object, Operand, Ref
from zoo.spec.lower.scope import Namer
from zoo.spec.values import is_name


@dataclass(slots=True)
class Sections:
    """The sections that a graph fills; ``layers`` and ``models`` are those of the whole spec."""

    models: Mapping[str, Graph]
    declared: Names
    layers: dict[str, Any] = field(default_factory=dict)
    written: dict[str, dict[str, Any]] = field(default_factory=dict)  # the `models` section

    def shared(self, layer: Layer) -> str:
        """The name under which a shared layer is declared."""
        key: str = layer.options["key"]
        if key not in self.layers:
            self.layers[key] = _step(layer, {}, layer.name if key != layer.name else None)
            self.inside(layer.values.values())
        return key

    def model(self, layer: Layer) -> str:
        """The name under which a submodel is declared."""
        assert layer.model is not None
        self.write_model(layer.name, layer.model)
        if layer.options.get("trainable") is False:
            self.written[layer.name]["trainable"] = False
        return layer.name

    def write_model(self, name: str, graph: Graph) -> None:
        """Adds a submodel to ``models``, once."""
        if name not in self.written:
            self.written[name] = {}  # its place in the order, before those inside it
            self.written[name].update(graph_sections(graph, self))

    def inside(self, values: Any) -> None:
        """Declares the submodels that stand inside wrappers."""
        waiting = list(values)
        while waiting:
            item = waiting.pop()
            if isinstance(item, Declared):
                self.write_model(item.name, self.models[item.name])
            elif isinstance(item, Object):
                waiting.extend(argument.value for argument in item.args.values())
            elif isinstance(item, list):
                waiting.extend(item)


def graph_sections(graph: Graph, sections: Sections) -> dict[str, Any]:
    """``inputs``, ``graph`` and ``outputs`` of a graph as plain values."""
    return _Writer(graph, sections).sections()


def _input(spec: InputSpec) -> dict[str, Any]:
    said: dict[str, Any] = {"shape": list(spec.shape)}
    if spec.dtype != "float32":
        said["dtype"] = spec.dtype
    if spec.batch_size is not None:
        said["batch_size"] = spec.batch_size
    return said | {name: True for name in ("sparse", "optional") if getattr(spec, name)}


class _Writer:
    def __init__(self, graph: Graph, sections: Sections) -> None:
        self.graph = graph
        self.shared_sections = sections
        self.calls = {call.id: call for call in graph.calls}
        self.pipes = pipes(graph)
        self.keys = self._keys()

    def _keys(self) -> dict[str, str]:
        """Each input and each pipe's end → its name in the text."""
        layers = self.graph.layers
        own = {layer.name for layer in layers.values() if _names_itself(layer) and is_name(layer.name)}
        names = Names([*self.graph.inputs, *own])
        found = {name: name for name in self.graph.inputs}
        wanted = {
            ref.node: name for name, ref in reversed(list(self.graph.outputs.items())) if ref.index is None
        }
        makers = {name: layers[call.layer] for name, call in self.calls.items()}
        for pipe in self.pipes:
            layer = makers[pipe.end]
            if layer.name in own and _names_itself(layer) and spec_name(layer.name) == layer.name:
                found[pipe.end] = layer.name
            else:
                found[pipe.end] = names.fresh(wanted.get(pipe.end) or _call_name(layer, pipe.end))
        return found

    def sections(self) -> dict[str, Any]:
        pipes = {self.keys[pipe.end]: self._pipe(pipe) for pipe in self.pipes}
        outputs = {name: self._ref(ref) for name, ref in self.graph.outputs.items()}
        plain = all(name == tensor for name, tensor in outputs.items())
        return {
            "inputs": {name: _input(spec) for name, spec in self.graph.inputs.items()},
            "graph": pipes,
            "outputs": list(outputs)
            if plain
            else {n: {"from": t} if n != t else {} for n, t in outputs.items()},
        }

    def _ref(self, ref: Ref) -> str:
        key = self.keys[ref.node]
        if ref.index is None:
            return key
        call = self.calls[ref.node]
        ports = ports_of(self.graph.layers[call.layer], call)
        if ports is None:
            return f"{key}.{ref.index}"
        return key if ports[ref.index] == "out" else f"{key}.{ports[ref.index]}"

    def _pipe(self, pipe: Pipe) -> list[Any]:
        key = self.keys[pipe.end]
        namer = Namer(key)
        source = [self._ref(ref) for ref in pipe.source]
        steps = list(self._elements(pipe.elements, namer, key))
        return [source[0] if len(source) == 1 else source, *steps]

    def _elements(self, elements: Sequence[Element], namer: Namer, key: str | None = None) -> Iterator[Any]:
        """The text of elements in the order of their lowering, which is how inner layers are counted."""
        for number, element in enumerate(elements):
            last = key if number == len(elements) - 1 else None
            if isinstance(element, Step):
                yield self._step(element, namer, last)
            elif element.is_residual:
                yield self._residual(element, namer, last)
            else:
                yield {"branch": [list(self._elements(arm, namer)) for arm in element.arms]}
                yield self._step(element.merge, namer, last)

    def _residual(self, block: Block, namer: Namer, key: str | None) -> dict[str, Any]:
        short, long = block.arms
        do = list(self._elements(long, namer))
        shortcut = list(self._elements(short, namer))
        merge = self._step(block.merge, namer, key)
        if not shortcut and merge == "Add":
            return {"residual": do}
        said: dict[str, Any] = {"do": do}
        if shortcut:
            said["shortcut"] = shortcut
        return {"residual": said if merge == "Add" else said | {"merge": merge}}

    def _step(self, step: Step, namer: Namer, key: str | None) -> Any:
        layer = step.layer
        named = {name: self._operand(item, step) for name, item in step.named.items()}
        if layer.model is not None:
            return self.shared_sections.model(layer)
        if layer.shared:
            name = self.shared_sections.shared(layer)
            return {name: {"call": named}} if named else name
        made = namer.inner(layer.head)
        self.shared_sections.inside(layer.values.values())
        if layer.family == "at":
            return {"at": dict(layer.values["index"])}
        if layer.family == "ops":
            return _op(layer, named)
        return _step(layer, named, None if layer.name == (key or made) else layer.name)

    def _operand(self, item: Operand, step: Step) -> Any:
        if isinstance(item, tuple):
            return [self._operand(part, step) for part in item]
        if isinstance(item, Const):
            return item.value
        return "_" if item == step.source else self._ref(item)


def _names_itself(layer: Layer) -> bool:
    """Whether the last layer of a pipe takes the pipe's key for its name."""
    return layer.family == "layers" and not layer.shared


def _call_name(layer: Layer, node: str) -> str:
    if layer.shared and layer.family == "layers":
        return f"{layer.name}_{node.partition(':')[2] or 1}"
    return layer.name if layer.family != "at" else layer.name.replace("get_item", "slice")


def _step(layer: Layer, named: Mapping[str, Any], name: str | None) -> Any:
    """A layer as a step; `name` where it differs from the one it would get."""
    signature = signatures.lookup(layer.family, layer.head)
    args = {key: value(item) for key, item in layer.values.items()}
    if name is not None:
        args["name"] = name
    if named:
        args["call"] = dict(named)
    return _short(layer.head, args, signature, layer.values)


def _op(layer: Layer, named: Mapping[str, Any]) -> Any:
    signature = signatures.lookup("ops", layer.head)
    assert signature is not None
    args = {**named, **{key: value(item) for key, item in layer.values.items()}}
    order = [*signature.arguments, *args]
    return _short(f"ops.{layer.head}", {key: args[key] for key in order if key in args}, signature, {})


def _short(
    head: str, args: dict[str, Any], signature: signatures.Signature | None, objects: Mapping[str, Any]
) -> Any:
    """``Head``, ``Head: value`` or ``Head: {…}``."""
    if not args:
        return head
    first = signature.positional if signature else None
    if set(args) == {first} and first is not None and args[first] is not None:
        kind = signature.arguments[first].kind if signature and first in signature.arguments else "any"
        inner = isinstance(objects.get(first), Object) and kind == "layer"
        if inner or not isinstance(args[first], dict):
            return {head: args[first]}
    return {head: args}


def value(item: Any, listed: bool = False) -> Any:
    """The value of an argument as plain data."""
    if isinstance(item, Declared):
        return item.name
    if isinstance(item, Object):
        signature = signatures.lookup(item.family, item.head)
        args = {name: value(argument.value) for name, argument in item.args.items()}
        if not args:
            return {item.head: {}} if listed else item.head
        if item.family == "optimizers":
            return {item.head: args}  # `Adam: 0.001` would not say what the number is
        return _short(
            item.head, args, signature, {name: argument.value for name, argument in item.args.items()}
        )
    if isinstance(item, (list, tuple)):
        return [value(part, True) for part in item]
    if isinstance(item, Mapping):
        return {name: value(part) for name, part in item.items()}
    return item
