"""Values that the recipe's settings may have, told at their line instead of when training begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from zoo.errors import Diagnostic
from zoo.spec.graph import Argument
from zoo.spec.nodes import POISON, Mapping, Node, Scalar
from zoo.spec.rules import s102_wrong_type
from zoo.spec.tables import CALENDAR

CHOICES = {
    "kind": ("orderbook", "table", "tokens", "images", "toy"),
    "clean": ("error", "drop"),
    "missing": ("error", "drop", "fill"),
    "clean.rows": ("error", "drop"),
    "clean.duplicates": ("keep", "last"),
    "features.set": ("fields", "volumes"),
    "features.prices": ("raw", "relative_bps", "returns"),
    "features.sizes": ("raw", "log"),
    "sample.by": ("event", "time", "volume"),
    "label.kind": ("forward", "two_sided", "return", "column", "reconstruct"),
    "split.by": ("time", "session", "group", "random"),
    "scale.method": ("zscore", "minmax", "robust", "rolling_sessions", "none"),
    "targets.type": ("numeric", "categorical"),
    "reset_states": ("epoch", "never"),
    "walk_forward.window": ("anchored", "sliding"),
    "walk_forward.refit": ("cold", "warm"),
    "tune.sampler": ("random", "tpe", "grid"),
}
LEAST = {
    "epochs": 0,
    "batch_size": 1,
    "steps_per_epoch": 1,
    "features.levels": 1,
    "window.length": 1,
    "window.stride": 1,
    "scale.sessions": 1,
    "inputs.lookback": 1,
    "split.seed": 0,
    "tune.trials": 1,
}
_SHARES = ("train", "val", "test")


def setting(name: str, argument: Argument) -> Diagnostic | None:
    """What is wrong with a number or a word of ``training``, if anything."""
    value = argument.value
    if name in LEAST and isinstance(value, (int, float)) and value < LEAST[name]:
        return s102_wrong_type.at_least(name, value, LEAST[name], argument.span)
    if name in CHOICES and isinstance(value, str) and value not in CHOICES[name] and argument.span:
        return s102_wrong_type.choice(name, value, CHOICES[name], argument.span)
    return None


def find(key: Scalar, node: Node, value: Any) -> Iterator[Diagnostic]:
    """What is wrong with one key of ``data``."""
    if not isinstance(node, Mapping) or not isinstance(value, dict):
        yield from _one(key.text, node, value)
        return
    for inner, place in node:
        if inner.text in value:
            yield from _one(f"{key.text}.{inner.text}", place, value[inner.text])
    shares = [value[name] for name in _SHARES if isinstance(value.get(name), (int, float))]
    if key.text == "split" and (sum(shares) > 1 + 1e-9 or any(share < 0 for share in shares)):
        message = f"the parts of `split` must be from 0 and sum to 1 at most; they sum to {sum(shares):g}"
        yield s102_wrong_type.RULE(message, node.span, "write train: 0.7, val: 0.15, test: 0.15")


def find_named(key: Scalar, node: Node, value: Any) -> Iterator[Diagnostic]:
    """What is wrong with what stands under the names of ``data.inputs`` and ``data.targets``."""
    if key.text not in ("inputs", "targets") or not isinstance(value, dict):
        return
    for name, said in value.items():
        own = node.get(name) if isinstance(node, Mapping) else None
        for inner, read in said.items() if isinstance(said, dict) else ():
            place = own.get(inner) if isinstance(own, Mapping) else None
            yield from _one(f"{key.text}.{inner}", place or own or node, read)


# A step of time: a number, or one with a unit.
_GAP = re.compile(r"\d+(\.\d+)?\s*(ns|us|ms|s|min|h|d|w)", re.IGNORECASE)


def _gap(node: Node, value: Any) -> Iterator[Diagnostic]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
    if value is None or number or (isinstance(value, str) and _GAP.fullmatch(value.strip())):
        return
    wanted = "a step of time such as 90min, or a number above 0"
    mend = "write a number and one of ns, us, ms, s, min, h, d, w"
    yield s102_wrong_type.plainly("window.gap", wanted, value, node.span, mend)


def _calendar(node: Node, value: Any) -> Iterator[Diagnostic]:
    for name in [value] if isinstance(value, str) else value if isinstance(value, list) else ():
        if name not in CALENDAR:
            yield s102_wrong_type.choice("inputs.calendar", name, CALENDAR, node.span)


_READ = {"window.gap": _gap, "inputs.calendar": _calendar}


def _one(path: str, node: Node, value: Any) -> Iterator[Diagnostic]:
    if value is POISON:  # its parameter is wrong, and that is told already
        return
    if path in CHOICES and value is not None and value not in CHOICES[path]:
        yield s102_wrong_type.choice(path, value, CHOICES[path], node.span)
    elif path in _READ:
        yield from _READ[path](node, value)
    elif path in LEAST:
        whole = isinstance(value, (int, float)) and not isinstance(value, bool) and float(value).is_integer()
        if not whole or value < LEAST[path]:
            yield s102_wrong_type.at_least(path, value, LEAST[path], node.span)
