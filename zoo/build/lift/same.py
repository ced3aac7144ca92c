"""Whether two Keras models are one graph: layer classes, configurations, connections, sharing.

It reads what Keras serialises, not what the importer made of it. Left aside is what the language settles on
purpose: names of ops and of layers inside wrappers, ``training=False``, an Identity that carries an output's
name, ``x[:, None]`` against ``expand_dims``, and TimeDistributed against its folded form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import keras

from zoo.build.lift import reading, serialised
from zoo.build.lift.arguments import policy
from zoo.build.lift.naming import spec_name
from zoo.build.lift.operations import op_name
from zoo.build.lift.reading import Array, Call, Entry, Network, Tensor
from zoo.spec import signatures

_ASIDE = frozenset(
    {"name", "module", "registered_name", "build_config", "shared_object_id", "dtype", "batch_input_shape"}
)


def differences(first: keras.Model, second: keras.Model) -> list[str]:
    """What differs between two models, a line each; empty when they are the same graph."""
    networks = []
    for model in (first, second):
        document = serialised(model)
        networks.append(reading.network(document["class_name"], document["config"], "the model"))
    return list(_compare(networks[0], networks[1], ""))


def _compare(a: Network, b: Network, place: str) -> Iterator[str]:
    terms: dict[Any, int] = {}
    left, right = _Canonical(a, a, terms), _Canonical(b, a, terms)
    for name in sorted({*left.layers, *right.layers}):
        mine, other = left.layers.get(name), right.layers.get(name)
        if mine is None or other is None:
            yield f"{place}{name}: only in the {'second' if mine is None else 'first'}"
            continue
        if mine[:2] != other[:2]:
            yield f"{place}{name}: {mine[:2]} became {other[:2]}"
        if mine[2] != other[2]:
            yield f"{place}{name}: its calls differ"
        if mine[3] is not None and other[3] is not None:
            yield from _compare(mine[3], other[3], f"{place}{name} > ")
    if left.inputs != right.inputs:
        yield f"{place}inputs: {left.inputs} became {right.inputs}"
    if left.outputs != right.outputs:
        yield f"{place}outputs differ"
    if left.ops != right.ops:
        yield f"{place}ops: {sum(left.ops.values())} became {sum(right.ops.values())}, or other ones"


class _Canonical:
    """A network, each tensor a number that means: this output of this call, or this op on those."""

    def __init__(self, network: Network, model: Network, terms: dict[Any, int]) -> None:
        self.network = network
        self.model = model  # the first model, which says what is TimeDistributed and what only carries a name
        self.folds = {} if network is model else dict(_folds(model, network))
        self.terms = terms
        self.known: dict[tuple[str, int], int] = {}
        self.ops: Counter[int] = Counter()
        self.layers: dict[str, tuple[Any, ...]] = {}
        self.inputs = [self._input(name, number) for number, name in enumerate(network.inputs)]
        self._walk()
        for entry in network.entries.values():
            if entry.kind != "InputLayer" and not entry.is_op and not self._carries(entry):
                calls = [self._arguments(entry, call) for call in entry.calls]
                inner = (
                    reading.network(entry.kind, entry.config, entry.name)
                    if entry.is_model and entry.name not in self.folds
                    else None
                )
                self.layers[self._name(entry)] = (
                    *self._described(entry),
                    calls,
                    inner,
                )
        self.outputs = [self._tensor(tensor) for _, tensor in network.outputs]

    def _name(self, entry: Entry) -> str:
        if entry.name in self.folds:
            return self.folds[entry.name]
        return spec_name(entry.name) if entry.is_model else entry.name

    def _input(self, name: str, number: int) -> Any:
        config = self.network.entries[name].config
        self.known[name, 0] = self._term(("input", number))
        return config["batch_shape"], policy(config), bool(config.get("sparse")), bool(config.get("optional"))

    def _term(self, key: Any) -> int:
        return self.terms.setdefault(repr(key), len(self.terms))

    def _walk(self) -> None:
        for entry in self.network.entries.values():
            for number in range(len(entry.calls)):
                waiting = [(entry.name, number)]
                while waiting:
                    at = waiting[-1]
                    if at in self.known:
                        waiting.pop()
                        continue
                    maker = self.network.entries[at[0]]
                    call = maker.calls[at[1]]
                    missing = [
                        (tensor.entry, tensor.call)
                        for tensor in reading.tensors_of(call)
                        if (maker.is_op or self._carries(maker))
                        and (tensor.entry, tensor.call) not in self.known
                    ]
                    waiting.extend(missing)
                    if not missing:
                        self.known[at] = self._made(maker, at[1], call)
                        waiting.pop()

    def _made(self, entry: Entry, number: int, call: Call) -> int:
        if self._carries(entry):
            return self._tensor(next(reading.tensors_of(call)))
        if not entry.is_op:
            return self._term(("call", self._name(entry), number))
        fold = self._unfolded(entry, call)
        if fold is not None:
            return fold
        for part in self._op(entry, call):
            made = self._term(part)
            self.ops[made] += 1
        return made

    def _op(self, entry: Entry, call: Call) -> Iterator[Any]:
        config = {
            name: item
            for name, item in entry.config.items()
            if name not in ("name", "dtype") and item is not None
        }
        if entry.kind != "GetItem":
            signature = signatures.lookup("ops", op_name(entry.kind) or "")
            defaults = {name: item.default for name, item in signature.arguments.items()} if signature else {}
            config = {
                name: item for name, item in config.items() if name not in defaults or item != defaults[name]
            }
            yield entry.kind, config, self._arguments(entry, call)
            return
        x, key = (*call.args, *call.kwargs.values())[:2]
        parts = list(key) if isinstance(key, (list, tuple)) else [key]
        if Ellipsis in parts:
            spot = parts.index(Ellipsis)
            missing = len(x.shape) - sum(part is not None and part is not Ellipsis for part in parts)
            parts[spot : spot + 1] = [slice(None)] * missing
        kept = [part for part in parts if part is not None]
        while kept and kept[-1] == slice(None):
            kept.pop()
        sliced = ("GetItem", [str(part).replace(", 1)", ", None)") for part in kept], self._tensor(x))
        if kept or None not in parts:
            yield sliced
        if None in parts:
            after = [part for part in parts if type(part) is not int]
            axes = [number for number, part in enumerate(after) if part is None]
            under = self._term(sliced) if kept else self._tensor(x)
            yield "ExpandDims", {"axis": axes[0] if len(axes) == 1 else axes}, {"x": ("tensor", under)}

    def _unfolded(self, entry: Entry, call: Call) -> int | None:
        """The tensor that a Reshape of a folded TimeDistributed stands for."""
        if entry.kind != "Reshape" or self.network is self.model:
            return None
        x = next(reading.tensors_of(call))
        if x.entry in self.folds:
            return self._tensor(x)
        readers = [
            other.name
            for other in self.network.entries.values()
            for made in other.calls
            for tensor in reading.tensors_of(made)
            if tensor.entry == entry.name
        ]
        return self._tensor(x) if len(readers) == 1 and readers[0] in self.folds else None

    def _carries(self, entry: Entry) -> bool:
        """Whether it is an Identity added for an output's name."""
        if self.network is self.model or entry.kind != "Identity":
            return False
        own = self.model.entries.get(entry.name)
        return own is None or own.is_op

    def _tensor(self, tensor: Tensor) -> int:
        made = self.known.get((tensor.entry, tensor.call))
        if made is None:  # a layer's call met before its turn: its number does not depend on what it reads
            entry = self.network.entries[tensor.entry]
            made = self._term(("call", self._name(entry), tensor.call))
        return made if tensor.index == 0 else self._term(("part", made, tensor.index))

    def _arguments(self, entry: Entry, call: Call) -> dict[str, Any]:
        signature = (
            signatures.lookup("ops", op_name(entry.kind) or "")
            if entry.is_op
            else signatures.lookup("layers", entry.kind)
        )
        wrapped = self.model.entries.get(self._name(entry))
        if wrapped is not None and wrapped.kind == "TimeDistributed":
            return {"inputs": self._plain(next(reading.tensors_of(call)))}
        if entry.is_model:
            return {
                "inputs": [
                    self._tensor(tensor) for tensor in _flat(call.args or tuple(call.kwargs.values())[:1])
                ]
            }
        if signature is not None and signature.variadic:
            return {
                "": self._plain(list(call.args)),
                **{name: self._plain(item) for name, item in call.kwargs.items()},
            }
        names = signature.tensors if signature else ()
        given = dict(zip(names, call.args, strict=False)) | dict(call.kwargs)
        return {
            name: self._plain(given[name])
            for name in sorted(given)
            if name != "training"
            and given[name] is not None
            and given[name] is not False
            and given[name] != []
        }

    def _plain(self, item: Any) -> Any:
        if isinstance(item, Tensor):
            return ("tensor", self._tensor(item))
        if isinstance(item, Array):
            return ("array", item.value)
        if isinstance(item, (list, tuple)):
            return [self._plain(part) for part in item]
        return item

    def _described(self, entry: Entry) -> tuple[str, Any]:
        wrapped = self.model.entries.get(self._name(entry))
        if wrapped is not None and wrapped.kind == "TimeDistributed":
            stock = entry.kind == "TimeDistributed"
            inner = entry.config["layer"] if stock else {"class_name": entry.kind, "config": entry.config}
            return "TimeDistributed", _bare(inner)
        if entry.is_model:
            return "Functional", bool(entry.config.get("trainable", True))
        kind = signatures.resolve_alias("layers", entry.kind) or entry.kind
        return kind, (_bare(entry.config), policy(entry.config))


def _folds(model: Network, network: Network) -> Iterator[tuple[str, str]]:
    """Layers of a rebuilt network that stand for a TimeDistributed of the first one."""
    for name, entry in model.entries.items():
        if entry.kind != "TimeDistributed":
            continue
        inner = spec_name(str(entry.config["layer"]["config"].get("name")))
        for other in (name, inner):
            if (
                other in network.entries
                and network.entries[other].kind == entry.config["layer"]["class_name"]
            ):
                yield other, name
            elif other in network.entries and other == inner and network.entries[other].is_model:
                yield other, name


def _flat(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Mapping):
        for name in sorted(value):
            yield from _flat(value[name])
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, Tensor):
        yield value


def _bare(value: Any) -> Any:
    """A configuration without what differs from one object to the next; submodels by their layers."""
    if isinstance(value, Mapping):
        kind, config = value.get("class_name"), value.get("config")
        if kind in ("Sequential", "Functional") and isinstance(config, Mapping):
            layers = [layer for layer in config["layers"] if layer["class_name"] != "InputLayer"]
            return {"submodel": [_bare(layer.get("config")) for layer in layers]}
        return {name: _bare(item) for name, item in value.items() if name not in _ASIDE and item is not None}
    if isinstance(value, (list, tuple)):
        return [_bare(item) for item in value]
    return value
