"""Keras's serialised model → entries with their calls: the layout of the JSON is known here alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zoo.build.lift.refusals import LiftError, refused

MAX_DEPTH = 200  # a submodel costs about six levels, so this is thirty submodels inside each other
FUNCTIONAL = ("Functional", "Model")


@dataclass(frozen=True, slots=True)
class Tensor:
    """One output of one call of a layer or op; ``shape`` with the batch axis, None where it is not said."""

    entry: str
    call: int = 0
    index: int = 0
    shape: tuple[int | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Array:
    """A constant array among the arguments of a call."""

    value: Any
    dtype: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an entry: its arguments with tensors, slices and arrays made out."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A layer, op or submodel of a model's configuration."""

    name: str
    kind: str  # the class
    module: str
    registered: str
    config: Mapping[str, Any]
    calls: tuple[Call, ...]
    identity: int | None = None  # the same number: the same object in Python

    @property
    def is_model(self) -> bool:
        """Whether it is a submodel."""
        return is_model(self.kind, self.module, self.config)

    @property
    def is_op(self) -> bool:
        """Whether it is an op on tensors."""
        return self.module.startswith(("keras.src.ops.", "keras.ops"))


@dataclass(frozen=True, slots=True)
class Network:
    """A functional model: entries by name, inputs and outputs in order, an output with its key in a dict."""

    name: str
    trainable: bool
    entries: Mapping[str, Entry]
    inputs: tuple[str, ...]
    outputs: tuple[tuple[str | None, Tensor], ...]


def is_model(kind: str, module: str, config: Any) -> bool:
    """Whether a serialised object is a functional or sequential model of Keras itself."""
    own = module.startswith(("keras", "tf_keras", "tensorflow.keras")) or not module
    return own and isinstance(config, Mapping) and kind in (*FUNCTIONAL, "Sequential")


def check_depth(document: Any) -> None:
    """Refuses JSON so deep that reading it could overflow the stack."""
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for value in level
            for item in (
                value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            )
        ]
        if not level:
            return
    raise LiftError(
        f"the model's configuration is nested more than {MAX_DEPTH} levels deep", code="import.depth"
    )


def network(kind: str, config: Mapping[str, Any], place: str) -> Network:
    """The configuration of a functional or sequential model as entries."""
    try:
        return _sequential(config, place) if kind == "Sequential" else _functional(config, place)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise LiftError(
            f"the configuration of {place} is not what Keras writes ({reason})",
            help="save the model again with Keras 3: model.save('model.keras')",
            code="import.config",
        ) from error


def _entry(data: Mapping[str, Any]) -> Entry:
    config = data["config"] if isinstance(data.get("config"), Mapping) else {}
    name = data.get("name") or config.get("name")
    calls = tuple(_call(node) for node in data.get("inbound_nodes") or ())
    identity = data.get("shared_object_id") if type(data.get("shared_object_id")) is int else None
    return Entry(
        str(name),
        str(data["class_name"]),
        str(data.get("module") or ""),
        str(data.get("registered_name") or ""),
        config,
        calls,
        identity,
    )


def _functional(config: Mapping[str, Any], place: str) -> Network:
    entries: dict[str, Entry] = {}
    for data in config["layers"]:
        entry = _entry(data)
        if entry.name in entries:
            raise ValueError(f"two layers are called {entry.name}")
        entries[entry.name] = entry
    inputs = tuple(tensor.entry for _, tensor in _leaves(config["input_layers"], {}))
    outputs = tuple(_leaves(config["output_layers"], entries))
    for name in (*inputs, *(tensor.entry for _, tensor in outputs)):
        if name not in entries:
            raise KeyError(name)
    return Network(
        str(config.get("name") or "model"),
        config.get("trainable", True) is not False,
        entries,
        inputs,
        outputs,
    )


def _sequential(config: Mapping[str, Any], place: str) -> Network:
    layers = [_entry(data) for data in config["layers"]]
    if not layers or layers[0].kind != "InputLayer":
        shape = config.get("build_input_shape") or (
            layers[0].config.get("batch_input_shape") if layers else None
        )
        if not isinstance(shape, list) or not all(size is None or isinstance(size, int) for size in shape):
            raise refused(
                f"the sequential model in {place}",
                "it has no input shape yet",
                help="call model.build(input_shape) first",
            )
        taken = {layer.name for layer in layers}
        name = next(text for text in ("input", "input_layer", "first_input") if text not in taken)
        layers.insert(
            0, Entry(name, "InputLayer", "keras.layers", "", {"name": name, "batch_shape": shape}, ())
        )
    entries = {layers[0].name: layers[0]}
    last = layers[0].name
    for layer in layers[1:]:
        if layer.name in entries:
            raise ValueError(f"two layers are called {layer.name}")
        call = Call((Tensor(last),), {})
        entries[layer.name] = Entry(
            layer.name, layer.kind, layer.module, layer.registered, layer.config, (call,), layer.identity
        )
        last = layer.name
    trainable = config.get("trainable", True) is not False
    return Network(
        str(config.get("name") or "model"), trainable, entries, (layers[0].name,), ((None, Tensor(last)),)
    )


def _leaves(
    structure: Any, entries: Mapping[str, Entry], key: str | None = None
) -> Iterator[tuple[str | None, Tensor]]:
    """The tensors of ``input_layers`` or ``output_layers`` in the order in which Keras flattens them."""
    if isinstance(structure, Mapping):
        for name in sorted(structure):
            yield from _leaves(structure[name], entries, name)
    elif structure and isinstance(structure[0], str):
        name, call, index = structure[:3]
        # Keras counts a functional submodel's own construction as its call 0, but only here
        inner = name in entries and entries[name].is_model and entries[name].kind in FUNCTIONAL and call > 0
        yield key, _tensor(name, call - 1 if inner else call, index)
    else:
        for item in structure:
            yield from _leaves(item, entries, key if len(structure) == 1 else None)


def _call(node: Any) -> Call:
    if isinstance(node, Mapping):
        return Call(
            tuple(_value(item) for item in node["args"]),
            {name: _value(item) for name, item in node["kwargs"].items()},
        )
    # Keras 2: [[layer, call, output, {keywords}], …]
    tensors = [_tensor(*item[:3]) for item in node]
    words = node[0][3] if len(node[0]) > 3 else {}
    return Call(
        (tensors[0] if len(tensors) == 1 else tensors,), {name: _value(item) for name, item in words.items()}
    )


def _value(item: Any) -> Any:
    if isinstance(item, list):
        return [_value(part) for part in item]
    if not isinstance(item, Mapping):
        return item
    kind, config = item.get("class_name"), item.get("config")
    if kind == "__keras_tensor__" and isinstance(config, Mapping):
        entry, call, index = config["keras_history"]
        shape = config.get("shape")
        return _tensor(entry, call, index, shape)
    if kind == "__slice__" and isinstance(config, Mapping):
        return slice(*(_value(config.get(end)) for end in ("start", "stop", "step")))
    if kind == "__ellipsis__":
        return Ellipsis
    if kind in ("__numpy__", "__tensor__") and isinstance(config, Mapping):
        return Array(config["value"], config["dtype"])
    if kind == "__tuple__" or (kind == "tuple" and isinstance(config, list)):
        return [_value(part) for part in item.get("items") or config or ()]
    return {name: _value(part) for name, part in item.items()}


def _tensor(entry: Any, call: Any, index: Any, shape: Any = None) -> Tensor:
    if not isinstance(entry, str) or not all(type(number) is int and number >= 0 for number in (call, index)):
        raise ValueError(f"{entry!r}, {call!r}, {index!r} is no tensor")
    sizes = isinstance(shape, list) and all(size is None or type(size) is int for size in shape)
    return Tensor(entry, call, index, tuple(shape) if sizes else None)


def tensors(value: Any) -> Iterator[Tensor]:
    """Every tensor inside an argument, in order."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from tensors(item)
    elif isinstance(value, slice):
        for item in (value.start, value.stop, value.step):
            yield from tensors(item)


def tensors_of(call: Call) -> Iterator[Tensor]:
    """Every tensor that a call reads."""
    yield from tensors(call.args)
    yield from tensors(call.kwargs)
