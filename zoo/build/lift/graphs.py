"""Entries of a serialised model → the one intermediate form, ``zoo.spec.graph.Graph``."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zoo.build import objects
from zoo.build.lift import operations, reading
from zoo.build.lift.arguments import Arguments, check_class, policy
from zoo.build.lift.naming import Names, spec_name
from zoo.build.lift.ordering import ordered
from zoo.build.lift.reading import Entry, Network, Tensor
from zoo.build.lift.refusals import LiftError, refused
from zoo.build.lift.unfold import unfolded
from zoo.spec import signatures
from zoo.spec.graph import Call, Graph, InputSpec, Layer, Object, Operand, Ref

MASKS = ("mask", "query_mask", "value_mask", "key_mask")


@dataclass(slots=True)
class Context:
    """What all graphs of one model share.

    Args:
        policy: the dtype policy of a layer that names none.
        explicit: masks that Keras would not pass by itself, as (model, layer, call): they are written out.
    """

    policy: str
    explicit: frozenset[tuple[str, str, int]] = frozenset()
    declared: Names = field(default_factory=Names)
    models: dict[str, Graph] = field(default_factory=dict)
    by_identity: dict[int, str] = field(default_factory=dict)
    keys: dict[Any, str] = field(default_factory=dict)  # which shared layer → the name it is declared under
    masked: set[tuple[str, str, int]] = field(default_factory=set)
    frozen_calls: list[str] = field(default_factory=list)
    arguments: Arguments = field(init=False)

    def __post_init__(self) -> None:
        self.arguments = Arguments(
            lambda kind, config, place: self.submodel(kind, config, place, None, False), self.policy
        )

    def submodel(
        self, kind: str, config: Mapping[str, Any], place: str, identity: int | None, frozen: bool
    ) -> str:
        """The name under which a submodel is declared; its graph is in ``models``."""
        if identity is not None and identity in self.by_identity:
            return self.by_identity[identity]
        inner = reading.network(kind, config, f"the model `{config.get('name')}` in {place}")
        graph = lift_graph(inner, self, f"{place} > {inner.name}", frozen or not inner.trainable)
        name = self.declared.fresh(inner.name)
        self.models[name] = graph
        if identity is not None:
            self.by_identity[identity] = name
        return name

    def shared_key(self, name: str, owner: Any) -> str:
        """The name under which a shared layer is declared; `owner` tells layers of one name apart."""
        if owner not in self.keys:
            self.keys[owner] = self.declared.fresh(name)
        return self.keys[owner]


def lift_graph(network: Network, context: Context, place: str, frozen: bool = False) -> Graph:
    """The graph of one model.

    Args:
        network: its entries.
        context: what it shares with the models around it and inside it.
        place: how messages name it.
        frozen: its layers are not trained, and whoever calls it says so.
    """
    return _Graph(network, context, place, frozen).graph()


class _Graph:
    def __init__(self, network: Network, context: Context, place: str, frozen: bool) -> None:
        self.network = network
        self.context = context
        self.place = place
        self.frozen = frozen
        self.layers: dict[str, Layer] = {}
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.results: dict[tuple[str, int], str] = {}
        self.names = Names(entry.name for entry in network.entries.values() if entry.kind != "InputLayer")
        self.indexed = {tensor.entry for tensor in self._all_tensors() if tensor.index > 0}
        self.made: dict[str, str] = {}  # an entry → its layer in the graph

    def _all_tensors(self) -> Iterator[Tensor]:
        for entry in self.network.entries.values():
            for call in entry.calls:
                yield from reading.tensors_of(call)
        yield from (tensor for _, tensor in self.network.outputs)

    def graph(self) -> Graph:
        inputs = {}
        for name in self.network.inputs:
            key = self.names.fresh(name)
            inputs[key] = self._input(self.network.entries[name])
            self.results[name, 0] = key
        for entry, number in ordered(self.network.entries, set(self.results), self.place):
            self._call(entry, number)
        outputs = self._outputs()
        kept = Graph(inputs, self.layers, tuple(self.calls), outputs).reached()
        calls = tuple(call for call in self.calls if call.id in kept)
        used = {call.layer for call in calls}
        layers = {name: layer for name, layer in self.layers.items() if name in used}
        return unfolded(Graph(inputs, layers, calls, outputs), self._shapes(inputs), self.names)

    def _shapes(self, inputs: Mapping[str, InputSpec]) -> dict[str, tuple[int | None, ...]]:
        """The shapes that the file gives, by call and input."""
        found = {name: (spec.batch_size, *spec.shape) for name, spec in inputs.items()}
        for tensor in self._all_tensors():
            at = (tensor.entry, tensor.call)
            if tensor.shape is not None and tensor.index == 0 and at in self.results:
                found.setdefault(self.results[at], tensor.shape)
        return found

    def _input(self, entry: Entry) -> InputSpec:
        config = entry.config
        shape = config.get("batch_shape") or config.get("batch_input_shape")
        what = f"the input `{entry.name}`"
        if entry.kind != "InputLayer" or not isinstance(shape, list):
            raise refused(what, "it is no Input layer with a shape", self.place)
        if config.get("ragged"):
            raise refused(what, "it is ragged", self.place, help="pad the sequences to one length")
        return InputSpec(
            tuple(shape[1:]),
            policy({"dtype": config.get("dtype")}),
            shape[0],
            bool(config.get("sparse")),
            bool(config.get("optional")),
        )

    def _find(self, tensor: Tensor) -> Ref:
        node = self.results.get((tensor.entry, tensor.call))
        if node is None:
            raise LiftError(
                f"{self.place} reads `{tensor.entry}`, which it does not have", code="import.config"
            )
        several = tensor.entry in self.indexed or self._gives_several(tensor.entry)
        return Ref(node, tensor.index if several else None)

    def _gives_several(self, name: str) -> bool:
        entry = self.network.entries[name]
        if entry.is_op:
            return operations.op_name(entry.kind) in operations.SEVERAL
        layer = self.layers.get(self.made.get(name, name))
        if layer is None:
            return False
        if layer.model is not None:
            return len(layer.model.outputs) > 1
        flags = {
            key: value
            for call in entry.calls
            for key, value in call.kwargs.items()
            if isinstance(value, bool)
        }
        inner = layer.values.get("layer") or layer.values.get("cell")
        ports = signatures.ports(
            layer.head,
            {**layer.values, **flags},
            (inner.head, {k: v.value for k, v in inner.args.items()}) if isinstance(inner, Object) else None,
        )
        return ports is not None and len(ports) > 1

    def _call(self, entry: Entry, number: int) -> None:
        call = entry.calls[number]
        what = f"`{entry.name}` ({entry.kind})"
        if entry.is_op:
            self._op(entry, number, what)
            return
        name = self._layer(entry, what)
        layer = self.layers[name]
        if call.kwargs.get("training") is False and not _is_own_default(layer):
            self.context.frozen_calls.append(name)
        if layer.model is not None:
            inputs = self._model_inputs(entry, number, layer.model, what)
            named: dict[str, Operand] = {}
        else:
            signature = signatures.lookup("layers", layer.head)
            assert signature is not None
            hidden = self._hidden(entry, number)
            inputs, named = operations.layer_call(
                entry, call, signature, self._find, what, self.place, hidden
            )
        self.results[entry.name, number] = self._add(name, inputs, named)

    def _hidden(self, entry: Entry, number: int) -> frozenset[str]:
        """The masks of a call that Keras will pass by itself: those that ops made."""
        call = entry.calls[number]
        found = {
            name
            for name in MASKS
            if any(
                self.network.entries[tensor.entry].is_op for tensor in reading.tensors(call.kwargs.get(name))
            )
        }
        if found:
            at = (self.place, entry.name, number)
            self.context.masked.add(at)
            if at in self.context.explicit:
                return frozenset()
        return frozenset(found)

    def _add(self, layer: str, inputs: tuple[Operand, ...], named: Mapping[str, Operand]) -> str:
        self.counts[layer] += 1
        count = self.counts[layer]
        self.calls.append(Call(layer if count == 1 else f"{layer}:{count}", layer, inputs, named))
        return self.calls[-1].id

    def _op(self, entry: Entry, number: int, what: str) -> None:
        node = ""
        call = entry.calls[number]
        for part, said in enumerate(operations.op_call(entry, call, self._find, what, self.place)):
            inputs, named = said.inputs, said.named
            if part:
                named = {name: Ref(node) for name in named}
            name = entry.name if number == 0 and part == 0 else self.names.fresh(f"{entry.name}_{said.head}")
            self.layers[name] = Layer(name, said.family, said.head, said.args)
            node = self._add(name, inputs, named)
        self.results[entry.name, number] = node

    def _layer(self, entry: Entry, what: str) -> str:
        """The layer of an entry, made at its first call; its name in the graph."""
        if entry.name in self.made:
            return self.made[entry.name]
        if entry.is_model:
            frozen = self.frozen or entry.config.get("trainable") is False
            name = self.context.submodel(entry.kind, entry.config, self.place, entry.identity, frozen)
            said = {"trainable": False} if frozen and not self.frozen else {}
            layer = Layer(name, "models", name, {}, self.context.models[name], said, shared=True)
        else:
            check_class(entry.kind, entry.module, entry.registered, what, self.place)
            head = signatures.resolve_alias("layers", entry.kind) or entry.kind
            tensors = reading.tensors_of(entry.calls[0])
            rank = next((len(tensor.shape) for tensor in tensors if tensor.shape), None)
            place = f"{what} in {self.place}"
            args = self.context.arguments.layer(head, entry.config, place, frozen=self.frozen, rank=rank)
            shared = len(entry.calls) > 1 or entry.identity is not None
            owner = entry.identity or (self.place, entry.name)
            name = entry.name
            options = {"key": self.context.shared_key(name, owner)} if shared else {}
            layer = Layer(name, "layers", head, args, options=options, shared=shared)
        self.layers[name] = layer
        self.made[entry.name] = name
        return name

    def _model_inputs(self, entry: Entry, number: int, graph: Graph, what: str) -> tuple[Operand, ...]:
        call = entry.calls[number]
        if call.kwargs.get("training") is True:
            raise refused(what, "it is called with training=True, which `predict` would override", self.place)
        given = call.args[0] if call.args else next(iter(call.kwargs.values()), None)
        if isinstance(given, Mapping):
            given = [given[name] for name in sorted(given)]
        found = tuple(self._find(tensor) for tensor in reading.tensors(given))
        if len(found) != len(graph.inputs):
            raise refused(
                what, f"it has {len(graph.inputs)} inputs and is called on {len(found)} tensors", self.place
            )
        return found

    def _outputs(self) -> dict[str, Ref]:
        """Outputs by name: a dict's keys, else the names of the layers that make them."""
        found: dict[str, Ref] = {}
        makers = {call.id: call.layer for call in self.calls}
        taken = Names([*self.network.entries, *self.names.taken])
        for key, tensor in self.network.outputs:
            ref = self._find(tensor)
            maker = makers.get(ref.node)
            name = spec_name(key or maker or f"{tensor.entry}_output")
            if name in found or (name in taken.taken and name != maker):
                name = taken.fresh(name)
            found[name] = ref
        return found


def _is_own_default(layer: Layer) -> bool:
    """Whether a layer's call says ``training=False`` where nobody gave it."""
    if layer.model is not None:
        return False
    parameter = inspect.signature(objects.find("layers", layer.head).call).parameters.get("training")
    return parameter is not None and parameter.default is False
