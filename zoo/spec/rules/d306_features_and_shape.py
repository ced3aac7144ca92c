"""# D306: data that do not fit the input

What it does: counts the features that `data.features` makes and the steps of `data.window`, and compares both
with the shape of the input. For a table: compares the names in `data.inputs` and `data.targets` with the
model's inputs and outputs, columns (and calendar) and lookback with an input's shape, columns and horizon
with an output's. With `label: {per_step: true}` an output keeps the window's steps.

Why it is bad: training would stop before the first batch.

Example:

    inputs: {book: {shape: [100, 40]}}
    data: {kind: orderbook, features: {levels: 5}, window: {length: 100}}     # 5 levels × 4 fields = 20

Instead: `levels: 10`, or `shape: [100, 20]`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.table_fit import misfits
from zoo.spec.tables import is_table, per_step

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D306", "error")
_FIELDS = 4  # price and size on both sides
_EACH_LEVEL = "multi_level_order_flow_imbalance"  # of `data.features.extra`; the others are one number each


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The one input of a spec that reads order books; every input and output of one that reads a table."""
    data = spec.data
    if is_table(spec):
        for message, section, mend in misfits(spec):
            yield RULE(message, (spec.pipeline.get(section) or spec.pipeline["kind"]).span, mend)
        return
    if data.get("kind") != "orderbook":
        return
    yield from _outputs(spec)
    if len(spec.inputs) == 1:
        yield from _input(spec)


def _input(spec: Spec) -> Iterator[Diagnostic]:
    data = spec.data
    name, item = next(iter(spec.inputs.items()))
    features, window = data.get("features"), data.get("window")
    place = item.span
    length = window.get("length") if isinstance(window, dict) else None
    if isinstance(window, dict) and isinstance(reshape := window.get("reshape"), list):
        yield from _reshaped(spec, reshape, length, _count(features))
        return
    if isinstance(length, int) and item.shape and item.shape[0] not in (None, length):
        related = (
            ((spec.pipeline["window"].span, "the windows are made here"),)
            if spec.pipeline["window"].span
            else ()
        )
        yield RULE(
            f"the input `{name}` has {item.shape[0]} steps, and the windows have {length}",
            place,
            "use one number for both",
            related,
        )
        return
    count = _count(features)
    rest = item.shape[1:]
    if count is None or not rest or None in rest:
        return
    wanted = math.prod(size for size in rest if size is not None)
    if count != wanted:
        span = spec.pipeline["features"].span
        related = ((span, "the features are chosen here"),) if span else ()
        yield RULE(
            f"the input `{name}` takes {wanted} numbers a step, and the data have {count} features",
            place,
            f"choose features that make {wanted}, or give the input {count}",
            related,
        )


def _reshaped(spec: Spec, reshape: list[Any], length: Any, count: int | None) -> Iterator[Diagnostic]:
    """The shape that the recipe itself gives to a window, against the input's and the window's."""
    name, item = next(iter(spec.inputs.items()))
    shape, span = item.shape, spec.pipeline["window"].span
    numbers = math.prod(size for size in reshape if isinstance(size, int))
    if len(shape) != len(reshape) or any(
        None not in (a, b) and a != b for a, b in zip(shape, reshape, strict=True)
    ):
        yield RULE(
            f"the input `{name}` and the windows that `reshape` makes have different shapes",
            item.span,
            "use one shape for both, or leave reshape out: a window takes the input's shape by itself",
            ((span, "the windows are made here"),) if span else (),
        )
    elif count is not None and isinstance(length, int) and None not in reshape and numbers != length * count:
        yield RULE(
            f"`reshape` holds {numbers} numbers, and a window has {length * count}: "
            f"{length} steps of {count} features",
            span,
            "give it as many",
        )


def _outputs(spec: Spec) -> Iterator[Diagnostic]:
    """Labels for each step, and outputs without the steps."""
    window = spec.data.get("window")
    length = window.get("length") if isinstance(window, dict) else None
    if not per_step(spec) or not isinstance(length, int):
        return
    for name, ref in spec.graph.outputs.items():
        shape = spec.trace.shape(ref)
        if shape is None or (len(shape) > 2 and shape[1] in (length, None)):
            continue
        shown = "[" + ", ".join("null" if size is None else str(size) for size in shape[1:]) + "]"
        span = spec.pipeline["label"].span
        yield RULE(
            f"the output `{name}` has the shape {shown}, and each of the window's {length} steps has a label",
            spec.outputs[name].span,
            "keep the time axis, as with return_sequences: true, or leave out per_step",
            ((span, "the labels are made here"),) if span else (),
        )


def _count(features: Any) -> int | None:
    """How many numbers a snapshot becomes."""
    if not isinstance(features, dict) or not isinstance(features.get("levels"), int):
        return None
    levels = int(features["levels"])
    extra = features["extra"] if isinstance(features.get("extra"), list) else []
    more = sum(levels if name == _EACH_LEVEL else 1 for name in extra)
    if features.get("set") == "volumes":
        return 2 * levels + more
    fields = features.get("fields")
    return levels * (len(fields) if isinstance(fields, list) else _FIELDS) + more
