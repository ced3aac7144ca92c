"""Read the signature table off the installed Keras: one entry a class or function, as plain JSON values."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from zoo import layers
from zoo.build import signature_kinds as kinds

NAMESPACES = {
    "layers": "layers",
    "ops": "ops",
    "losses": "losses",
    "metrics": "metrics",
    "optimizers": "optimizers",
    "schedules": "optimizers.schedules",
    "callbacks": "callbacks",
    "initializers": "initializers",
    "regularizers": "regularizers",
    "constraints": "constraints",
    "activations": "activations",
}
_BASE_OF_LAYERS = ("name", "dtype", "trainable", "activity_regularizer")
_NO_IDENTIFIERS = ("layers", "ops", "schedules", "callbacks", "activations")
# Keras picks these when a model is compiled, by the shapes of targets and outputs; `get` means other classes.
_BY_SHAPE = {"metrics": {"acc": "accuracy"}}
_OPEN_OPS = frozenset({"rearrange"})


def collect() -> dict[str, Any]:
    """The whole table, sorted: ``keras`` (version), ``families``, ``aliases``, ``refused``."""
    import keras

    families: dict[str, dict[str, Any]] = {}
    aliases: dict[str, dict[str, str]] = {}
    for family in NAMESPACES:
        refused = kinds.REFUSED[family]
        found, others = _functions(family) if family in ("ops", "activations") else _classes(family)
        rows = {name: found[name] for name in sorted(found) if name not in refused}
        families[family] = rows
        aliases[family] = {
            alias: name for alias, name in sorted(others.items()) if name in rows and alias not in rows
        }
    refused_names = {family: dict(sorted(rows.items())) for family, rows in sorted(kinds.REFUSED.items())}
    return {"keras": keras.__version__, "families": families, "aliases": aliases, "refused": refused_names}


def _namespace(family: str) -> Any:
    import keras

    space: Any = keras
    for part in NAMESPACES[family].split("."):
        space = getattr(space, part)
    return space


def _functions(family: str) -> tuple[dict[str, Any], dict[str, str]]:
    functions = {
        name: value
        for name, value in vars(_namespace(family)).items()
        if inspect.isfunction(value) and name not in ("get", "serialize", "deserialize")
    }
    make = _op_entry if family == "ops" else _activation_entry
    entries: dict[str, Any] = {}
    aliases: dict[str, str] = {}
    for name, function in functions.items():
        own = function.__name__ if function.__name__ in functions else name
        if own != name:
            aliases[name] = own
        elif name not in kinds.REFUSED[family]:
            entries[name] = make(name, function)
    return entries, aliases


def _classes(family: str) -> tuple[dict[str, Any], dict[str, str]]:
    classes = {name: value for name, value in vars(_namespace(family)).items() if inspect.isclass(value)}
    entries: dict[str, Any] = {}
    aliases: dict[str, str] = {}
    for name, cls in sorted(classes.items()):
        own = cls.__name__ if cls.__name__ in classes else name
        aliases |= {name: own, cls.__name__: own}
        if own == name and name not in kinds.REFUSED[family]:
            entries[name] = _class_entry(family, name, cls)
    aliases |= _identifiers(family, entries)
    for name in layers.names(family):
        entries[name] = _class_entry(family, name, layers.registered(family, name))
    for alias, name in _BY_SHAPE.get(family, {}).items():
        entries[name] = {"arguments": {}}
        aliases[alias] = name
    return entries, aliases


def _identifiers(family: str, entries: Mapping[str, Any]) -> dict[str, str]:
    """The texts that ``keras.<family>.get`` takes, each with the class that it stands for."""
    if family in _NO_IDENTIFIERS:
        return {}
    objects = importlib.import_module(f"keras.src.{family}").ALL_OBJECTS_DICT
    found = {text: value.__name__ for text, value in objects.items() if inspect.isclass(value)}
    if family == "losses":
        space = vars(_namespace(family))
        class_of = {getattr(space[name](), "fn", None): name for name in entries}
        found |= {text: class_of[value] for text, value in objects.items() if value in class_of}
    return found


def _class_entry(family: str, name: str, cls: Any) -> dict[str, Any]:
    everything = _parameters(cls.__init__)
    own = [p for p in everything if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    inherited = _inherited(cls, {p.name for p in own}) if family == "layers" and own != everything else ()
    entry: dict[str, Any] = {}
    if own and own[0].name not in ("name", "dtype"):
        entry["positional"] = own[0].name
    if family == "layers":
        entry |= _call_entry(name, cls)
    return entry | {"arguments": {p.name: encode(name, p) for p in (*own, *inherited)}}


def _inherited(cls: Any, own: set[str]) -> Iterator[inspect.Parameter]:
    """What a layer's ``**kwargs`` may hold: the base layer's arguments, and one of the recurrent base."""
    import keras

    recurrent = inspect.signature(keras.layers.RNN.__init__).parameters
    if issubclass(cls, keras.layers.RNN) and "unroll" in own and "zero_output_for_mask" not in own:
        yield recurrent["zero_output_for_mask"]
    base = inspect.signature(keras.Layer.__init__).parameters
    refused = kinds.NOT_PASSED_ON.get(cls.__name__, ())
    yield from (base[name] for name in _BASE_OF_LAYERS if name not in own and name not in refused)


def _call_entry(name: str, cls: Any) -> dict[str, Any]:
    tensors: list[str] = []
    flags: list[str] = []
    for parameter in _parameters(cls.call):
        variadic = parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        if parameter.name != "training" and not variadic:
            (flags if isinstance(parameter.default, bool) else tensors).append(parameter.name)
    entry: dict[str, Any] = {"tensors": tensors}
    if flags:
        entry["flags"] = flags
    return entry | ({"takes_list": True} if name in kinds.LIST_LAYERS else {})


def _op_entry(name: str, function: Any) -> dict[str, Any]:
    called = {p.name for p in _parameters(_operation(function).call)}
    entry: dict[str, Any] = {"tensors": []}
    arguments = {}
    for parameter in _parameters(function):
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        tensor = parameter.name in called and (name, parameter.name) not in kinds.KIND_OF_ARGUMENT
        if tensor:
            entry["tensors"].append(parameter.name)
        if parameter.kind is parameter.VAR_POSITIONAL:
            entry["variadic"] = True
        else:
            arguments[parameter.name] = encode(name, parameter, tensor=tensor)
    first = next((a for a in arguments if a not in entry["tensors"][:1]), None)
    if first is not None:
        entry["positional"] = first
    entry |= {"takes_list": True} if name in kinds.LIST_OPS else {}
    entry |= {"open": True} if name in _OPEN_OPS else {}
    return entry | {"arguments": arguments}


def _operation(function: Any) -> Any:
    """The operation class behind an op: what its body makes, or what the op that it hands over to makes."""
    body = inspect.getsource(function).replace(function.__doc__ or "", "")
    for name in re.findall(r"\b([A-Z]\w*)\(", body):
        if "symbolic_call" in dir(function.__globals__.get(name)):
            return function.__globals__[name]
    for name in re.findall(r"\breturn (\w+)\(", body):
        if inspect.isfunction(other := function.__globals__.get(name)):
            return _operation(other)
    raise LookupError(f"keras.ops.{function.__name__} has no operation; add it to REFUSED with a reason")


def _activation_entry(name: str, function: Any) -> dict[str, Any]:
    first, *rest = _parameters(function)
    entry: dict[str, Any] = {"positional": rest[0].name} if rest else {}
    return entry | {"tensors": [first.name], "arguments": {p.name: encode(name, p) for p in rest}}


def _parameters(function: Any) -> list[inspect.Parameter]:
    if function is object.__init__:  # its signature claims (*args, **kwargs)
        return []
    return [p for p in inspect.signature(function).parameters.values() if p.name != "self"]


def encode(owner: str, parameter: inspect.Parameter, *, tensor: bool = False) -> list[Any]:
    """One argument: ``[kind, default, choices]``; kind ends in ``!`` if required, ``?`` if null fits."""
    required = parameter.default is parameter.empty
    default = None if required else _plain(parameter.default)
    kind, choices = ("tensor", None) if tensor else _kind(owner, parameter.name, default)
    nullable = not required and default is None
    nullable |= kind in kinds.NULLABLE_KINDS or parameter.name in kinds.NULLABLE_NAMES
    nullable |= (owner, parameter.name) in kinds.NULLABLE_ARGUMENTS
    text = kind + ("!" if required else "") + ("?" if nullable else "")
    if choices:
        return [text, default, choices]
    return [text] if required else [text, default]


def _kind(owner: str, name: str, default: Any) -> tuple[str, list[Any] | None]:
    choices = kinds.CHOICES_OF_ARGUMENT.get((owner, name))
    if override := kinds.KIND_OF_ARGUMENT.get((owner, name)):
        return override, choices
    if choices is None and (default is None or isinstance(default, str)):
        choices = kinds.CHOICES_OF_NAME.get(name)
    if choices:
        return kinds.KIND_WITH_CHOICES.get(name, "str"), choices
    if isinstance(default, bool):
        return "bool", None
    if name == "axis" and isinstance(default, int):
        return "int", None
    if kind := kinds.KIND_OF_NAME.get(name):
        return kind, None
    for suffix, kind in kinds.KIND_OF_SUFFIX.items():
        if name.endswith(suffix):
            return kind, None
    return _kind_of_default(default), None


def _kind_of_default(default: Any) -> str:
    if isinstance(default, list):
        return "ints" if all(isinstance(item, int) for item in default) else "floats"
    return type(default).__name__ if isinstance(default, (int, float, str)) else "any"


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value
