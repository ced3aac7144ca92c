"""Shapes of ops that only rearrange, and of the step `at`. An op sees the batch axis like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zoo.spec.shapes.core import reshaped
from zoo.spec.shapes.dims import ShapeProblem, Shapes, Step, agree, axes_of, axis_of, show
from zoo.spec.shapes.merging import concatenated


def reshape(step: Step) -> Shapes:
    """Every axis anew, the batch axis too."""
    return (reshaped(step, step.one, list(step.args["newshape"])),)


def transpose(step: Step) -> Shapes:
    """Axes in a new order; reversed when none is given."""
    axes = step.args["axes"]
    order = range(len(step.one))[::-1] if axes is None else axes_of(step, axes, len(step.one))
    if sorted(order) != list(range(len(step.one))):
        raise ShapeProblem(f"ops.transpose wants every axis of {show(step.one)} once and has {axes}", "rank")
    return (tuple(step.one[axis] for axis in order),)


def concatenate(step: Step) -> Shapes:
    """Tensors side by side."""
    return (concatenated(step, int(step.args["axis"])),)


def stack(step: Step) -> Shapes:
    """Tensors of one shape along a new axis."""
    shape = step.inputs[0]
    for other in step.inputs[1:]:
        if len(other) != len(shape) or not all(agree(a, b) for a, b in zip(shape, other, strict=True)):
            raise ShapeProblem(f"ops.stack cannot join {show(shape)} and {show(other)}", "merge")
        shape = tuple(b if a is None else a for a, b in zip(shape, other, strict=True))
    axis = axis_of(step, int(step.args["axis"]), len(shape) + 1)
    return ((*shape[:axis], len(step.inputs), *shape[axis:]),)


def split(step: Step) -> Shapes | None:
    """Equal parts of an axis, or parts cut at places."""
    axis = axis_of(step, int(step.args["axis"]), len(step.one))
    size, parts = step.one[axis], step.args["indices_or_sections"]
    if isinstance(parts, int):
        if size is not None and size % parts:
            raise ShapeProblem(f"ops.split cannot cut {size} into {parts} equal parts")
        cuts: list[int | None] = [None if size is None else size // parts] * parts
    else:
        if (
            size is None
            or any(place < 0 for place in parts)
            or sorted(parts) != list(parts)
            or max(parts) > size
        ):
            return None
        cuts = [end - start for start, end in zip([0, *parts], [*parts, size], strict=True)]
    return tuple((*step.one[:axis], cut, *step.one[axis + 1 :]) for cut in cuts)


def expand_dims(step: Step) -> Shapes:
    """New axes of length 1."""
    axes = step.args["axis"] if isinstance(step.args["axis"], (list, tuple)) else [step.args["axis"]]
    rank = len(step.one) + len(axes)
    new = axes_of(step, axes, rank)
    rest = iter(step.one)
    return (tuple(1 if axis in new else next(rest) for axis in range(rank)),)


def squeeze(step: Step) -> Shapes | None:
    """Axes of length 1 vanish."""
    if step.args["axis"] is None:
        return None if None in step.one else (tuple(size for size in step.one if size != 1),)
    axes = axes_of(step, step.args["axis"], len(step.one))
    if any(step.one[axis] != 1 for axis in axes):
        raise ShapeProblem(
            f"ops.squeeze can drop axes of length 1 and receives {show(step.one)}, axis {step.args['axis']}"
        )
    return (tuple(size for axis, size in enumerate(step.one) if axis not in axes),)


def swapaxes(step: Step) -> Shapes:
    """Two axes change places."""
    first, second = axes_of(step, [step.args["axis1"], step.args["axis2"]], len(step.one))
    order = list(range(len(step.one)))
    order[first], order[second] = second, first
    return (tuple(step.one[axis] for axis in order),)


def one_hot(step: Step) -> Shapes:
    """A new axis with a place for every class."""
    axis, rank = int(step.args["axis"]), len(step.one)
    if not -1 <= axis < rank:
        raise ShapeProblem(f"`axis` of ops.one_hot is -1 or below {rank} and is {axis}", "rank")
    axis %= rank + 1
    return ((*step.one[:axis], int(step.args["num_classes"]), *step.one[axis:]),)


def at(step: Step) -> Shapes:
    """The step `at`: a number drops its axis, [start, stop, step?] keeps a part of it."""
    found: list[int | None] = list(step.one)
    drop = set()
    for key, where in step.args.items():
        axis = axis_of(step, int(key), len(found))
        size = found[axis]
        if isinstance(where, int):
            if size is not None and not -size <= where < size:
                raise ShapeProblem(f"`at` takes number {where} of axis {axis}, which has {size}")
            drop.add(axis)
        else:
            found[axis] = _part(size, list(where))
            if found[axis] == 0:
                raise ShapeProblem(f"`at` keeps nothing of axis {axis}: {where} of {size}")
    return (tuple(size for axis, size in enumerate(found) if axis not in drop),)


def _part(size: int | None, where: list[Any]) -> int | None:
    return None if size is None else len(range(*slice(*where).indices(size)))


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    "concatenate": concatenate,
    "expand_dims": expand_dims,
    "one_hot": one_hot,
    "reshape": reshape,
    "split": split,
    "squeeze": squeeze,
    "stack": stack,
    "swapaxes": swapaxes,
    "transpose": transpose,
}
