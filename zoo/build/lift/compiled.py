"""What a model was compiled with → ``outputs`` and ``training``; what is not stock is left out and named."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zoo.build.lift.arguments import Arguments
from zoo.build.lift.text import value
from zoo.errors import ZooError
from zoo.spec import signatures

# Metrics that Keras picks by the shapes of targets and outputs; words of the language, not classes.
_BY_SHAPE = frozenset({"accuracy", "acc", "crossentropy", "ce"})


@dataclass(slots=True)
class Compiled:
    """Loss, weight and metrics by output, the optimizer, and what could not be said."""

    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    optimizer: Any = None
    left_out: list[str] = field(default_factory=list)


def compiled(config: Any, names: Sequence[str], keys: Sequence[str | None], arguments: Arguments) -> Compiled:
    """The serialised ``compile`` of a model.

    Args:
        config: Keras's ``compile_config``, or None.
        names: the outputs as the spec calls them.
        keys: the outputs as the model calls them: keys of a dict, or names of layers.
        arguments: reads serialised objects.
    """
    found = Compiled()
    if not isinstance(config, Mapping) or not config.get("optimizer"):
        return found

    def read(item: Any, kind: str, what: str) -> Any:
        if item is None or (kind == "metric" and isinstance(item, str) and item in _BY_SHAPE):
            return item
        try:
            if (
                isinstance(item, str)
                and signatures.resolve_alias(f"{kind}s" if kind != "loss" else "losses", item) is None
            ):
                raise ZooError(item)
            return value(_rounded(arguments.value(item, kind, what)), listed=True)
        except ZooError:
            found.left_out.append(what)
            return None

    _by_output(found, config.get("loss"), names, keys, "loss", lambda item: read(item, "loss", "a loss"))
    _by_output(found, config.get("loss_weights"), names, keys, "weight", lambda item: item)
    _by_output(found, config.get("metrics"), names, keys, "metrics", lambda item: _metrics(item, read))
    if config.get("weighted_metrics"):
        found.left_out.append("weighted metrics")
    found.optimizer = read(config["optimizer"], "optimizer", "the optimizer")
    if isinstance(found.optimizer, dict) and not next(iter(found.optimizer.values())):
        found.optimizer = next(iter(found.optimizer))
    return found


def _metrics(item: Any, read: Callable[[Any, str, str], Any]) -> Any:
    items = item if isinstance(item, list) else [item]
    kept = [made for part in items if (made := read(part, "metric", "a metric")) is not None]
    return kept or None


def _by_output(
    found: Compiled,
    given: Any,
    names: Sequence[str],
    keys: Sequence[str | None],
    what: str,
    read: Callable[[Any], Any],
) -> None:
    """One of Keras's forms (one for all, a list, a map) as an entry of each output."""
    if given is None:
        return
    is_object = isinstance(given, Mapping) and "class_name" in given
    if isinstance(given, Mapping) and not is_object:
        pairs = [(names[keys.index(key)], item) for key, item in given.items() if key in keys]
    elif isinstance(given, list) and not (what == "metrics" and len(names) == 1):
        pairs = list(zip(names, given, strict=False))
    else:
        pairs = [(name, given) for name in names]
    for name, item in pairs:
        made = read(item)
        if made is not None:
            found.outputs.setdefault(name, {})[what] = made


def _rounded(item: Any) -> Any:
    """Keras keeps rates in float32: the shortest number with the same float32 is the one that was written."""
    from zoo.spec.graph import Argument, Object

    if isinstance(item, Object):
        args = {name: Argument(_rounded(argument.value)) for name, argument in item.args.items()}
        signature = signatures.lookup(item.family, item.head)
        kept = {
            name: argument
            for name, argument in args.items()
            if signature is None
            or name not in signature.arguments
            or argument.value != signature.arguments[name].default
        }
        return Object(item.head, item.family, kept)
    if isinstance(item, list):
        return [_rounded(part) for part in item]
    if isinstance(item, float):
        return next(
            (
                short
                for digits in range(1, 9)
                if _float32(short := float(f"{item:.{digits}g}")) == _float32(item)
            ),
            item,
        )
    return item


def _float32(number: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return number
