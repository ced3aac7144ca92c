"""What moves the time axis to another place, or cuts pieces out of it."""

from __future__ import annotations

from dataclasses import replace

from zoo.spec.graph import Layer
from zoo.spec.shapes import Shape
from zoo.spec.sight.algebra import Rule, Sight, dropped, everything, window


def flatten(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """All steps become features; of a tensor without a time axis nothing changes."""
    return sight if len(shape) == 2 else dropped(sight)


def repeat(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """``RepeatVector`` makes a new first axis: what was features stands one axis further."""
    return replace(sight, axis=2) if sight.axis == 1 else sight


def reshape(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """The axis is followed where the axes up to it stay as they are."""
    if sight.axis is None or result is None:
        return everything(sight, layer, lost=True) if sight.axis is not None else sight
    before, axis = shape[1 : sight.axis], sight.axis
    if len(result) > axis and result[1:axis] == before and result[axis] == shape[axis] is not None:
        return sight
    return replace(everything(sight, layer, lost=True), axis=None)


def permute(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """The axis moves where `dims` puts it."""
    dims = layer.values.get("dims")
    if sight.axis is None or not isinstance(dims, list) or sight.axis not in dims:
        return sight
    return replace(sight, axis=dims.index(sight.axis) + 1)


def at(sight: Sight, layer: Layer, shape: Shape) -> Sight:
    """A slice of the time axis moves it; a single step drops it."""
    index = {int(axis) % len(shape): part for axis, part in layer.values["index"].items()}
    if sight.axis is None:
        return sight
    gone = sum(1 for axis, part in index.items() if not isinstance(part, list) and axis < sight.axis)
    part = index.get(sight.axis)
    steps = shape[sight.axis]
    if part is not None and not isinstance(part, list):
        return dropped(sight)
    moved = replace(sight, axis=sight.axis - gone)
    if part is None:
        return moved
    if steps is None:
        return everything(moved, layer, lost=True)
    start, _, step = slice(*part).indices(steps)
    return everything(moved, layer, lost=True) if step < 1 else window(moved, step, start, start, layer)


RULES: dict[str, Rule] = {
    "Flatten": flatten,
    "Permute": permute,
    "RepeatVector": repeat,
    "Reshape": reshape,
}
