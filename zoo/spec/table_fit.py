"""Does the recipe of a table fit the model's inputs and outputs?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from zoo.spec.graph import Object
from zoo.spec.suggest import did_you_mean, listed
from zoo.spec.tables import TableTarget, needs_times, per_step, table_inputs, table_targets

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

Shape = tuple[int | None, ...]
# Losses under which an output has several numbers where the target has one.
SPREADS = ("Pinball", "StudentT")


class Misfit(NamedTuple):
    """What is wrong, in which section of ``data``, and how to mend it."""

    message: str
    section: str
    mend: str


def misfits(spec: Spec) -> Iterator[Misfit]:
    """Names that are no inputs or outputs, those left out, and shapes that are others."""
    inputs, targets = spec.data.get("inputs"), spec.data.get("targets")
    if isinstance(inputs, dict) or inputs is None:
        yield from _names("inputs", "input", tuple(inputs or ()), tuple(spec.inputs))
    if isinstance(targets, dict) or targets is None:
        yield from _names("targets", "output", tuple(targets or ()), tuple(spec.outputs))
    if (key := needs_times(spec)) and spec.data.get("time") is None:
        section = "window" if "window" in key else "inputs"
        yield Misfit(f"`{key}` needs the times of the rows", section, "name their column: `time: date`")
    for name in table_inputs(spec):
        if name in spec.inputs:
            yield from _input(spec, name)
    for name, target in table_targets(spec).items():
        if name in spec.outputs:
            yield from _output(spec, name, target)
            yield from _levels(spec, name, target)


def _names(section: str, what: str, given: Iterable[str], known: tuple[str, ...]) -> Iterator[Misfit]:
    given = tuple(given)
    for name in given:
        if name not in known:
            mend = did_you_mean(name, known) or f"the {what}s are {listed(known, 20)}"
            yield Misfit(f"`data.{section}` names `{name}`, which is no {what} of the spec", section, mend)
    missing = [name for name in known if name not in given]
    # A name that is misspelt has been told.
    if missing and len(given) < len(known):
        column = "columns: [x, y], lookback: 15" if section == "inputs" else "column: x, horizon: 1"
        yield Misfit(
            f"`data.{section}` says nothing of the {what} `{missing[0]}`",
            section,
            f"add {missing[0]}: {{{column}}}",
        )


def _input(spec: Spec, name: str) -> Iterator[Misfit]:
    said, shape = table_inputs(spec)[name], spec.inputs[name].shape
    if said.columns is None or said.lookback is None or spec.inputs[name].unknown:
        return
    count = len(said.columns)
    if len(shape) > 1 and shape[0] not in (None, said.lookback):
        yield Misfit(
            f"the input `{name}` has {shape[0]} steps, and its lookback is {said.lookback}",
            "inputs",
            "use one number for both",
        )
        return
    rest = shape[1:] if len(shape) > 1 else shape
    each = 1 if len(shape) > 1 else said.lookback
    sizes = [size for size in rest if size is not None]
    if len(sizes) == len(rest) and math.prod(sizes) != count * each:
        yield Misfit(
            f"the input `{name}` takes {math.prod(sizes)} numbers{' a step' if len(shape) > 1 else ''}, "
            f"and its window has {count * each}"
            + (f" ({count} columns)" if len(shape) > 1 else f" ({said.lookback} rows of {count} columns)"),
            "inputs",
            f"name {math.prod(sizes) // each} columns"
            if math.prod(sizes) % each == 0
            else "change the shape",
        )


def _output(spec: Spec, name: str, target: TableTarget) -> Iterator[Misfit]:
    lead = _target_shape(spec, name, target)
    if lead is None or target.columns is None or target.horizon is None:
        return
    width, horizon = len(target.columns), target.horizon
    inner = lead[1:]
    beside = inner in ((width,), (None,)) or (width == 1 and inner in ((), (1,)))
    if per_step(spec):
        steps = next(iter(table_inputs(spec).values())).lookback if table_inputs(spec) else None
        if steps is not None and not (lead and lead[0] in (steps, None) and beside):
            wants = f"a value for each of {steps} steps"
            yield _misfit(name, lead, wants if width == 1 else f"{wants} and {width} columns")
        return
    one = (width == 1 and lead in ((), (1,), (None,))) or (target.several and lead in ((width,), (None,)))
    if not (one or (lead and lead[0] in (horizon, None) and beside)):
        single = "1 number" if width == 1 else f"{width} numbers"
        rows = f"{horizon} rows" if width == 1 else f"{horizon} rows of {width}"
        yield _misfit(name, lead, single if horizon < 2 else f"{single}, or {rows}")


def _levels(spec: Spec, name: str, target: TableTarget) -> Iterator[Misfit]:
    """The names of a target's classes against the units of its output."""
    ref = spec.graph.outputs.get(name)
    shape = None if ref is None else spec.trace.shape(ref)
    if target.levels is None or not shape or shape[-1] is None:
        return
    classes = 2 if shape[-1] == 1 else shape[-1]
    if target.type == "numeric":
        yield Misfit(f"the target `{name}` is numeric and has levels", "targets", "leave `levels` out")
    elif classes != target.levels:
        yield Misfit(
            f"the output `{name}` has {classes} classes, and its target {target.levels} levels",
            "targets",
            "give the output a unit for each level",
        )


def _misfit(name: str, lead: Shape, wants: str) -> Misfit:
    shown = "[" + ", ".join("null" if size is None else str(size) for size in lead) + "]"
    message = f"the output `{name}` has the shape {shown}, and its target is {wants}"
    return Misfit(message, "targets", "change the horizon or the columns, or the output's last layer")


def _target_shape(spec: Spec, name: str, target: TableTarget) -> Shape | None:
    """The shape of what the output is compared with, without the batch; None where it is not known."""
    ref = spec.graph.outputs.get(name)  # none where the graph could not be read, which has been reported
    shape = None if ref is None else spec.trace.shape(ref)
    if shape is None:
        return None
    loss = spec.outputs[name].loss
    head = loss.value.head if loss and isinstance(loss.value, Object) else loss.value if loss else None
    asks = str(head).lower().replace("_", "")
    # Several units under a binary loss are as many numbers from 0 to 1.
    classes = "crossentropy" in asks and not ("binary" in asks and shape[-1] != 1)
    if target.type == "categorical" or (target.type is None and classes):
        return shape[1:-1]
    return (*shape[1:-1], 1) if head in SPREADS else shape[1:]
