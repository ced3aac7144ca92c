"""Shapes of layers that take several tensors: sums, products, concatenation, dot products."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from zoo.spec.shapes.dims import Shape, ShapeProblem, Shapes, Step, agree, axis_of, show


def elementwise(step: Step) -> Shapes:
    """Tensors of one shape, or shapes that stretch over each other behind the batch axis."""
    if step.head == "Subtract" and len(step.inputs) != 2:
        raise ShapeProblem(f"Subtract takes two tensors and receives {len(step.inputs)}", "merge")
    rest = reduce(lambda left, right: _stretched(step, left, right), (shape[1:] for shape in step.inputs))
    return ((_batch(step), *rest),)


def _stretched(step: Step, left: Shape, right: Shape) -> Shape:
    if len(left) < len(right):
        left, right = right, left
    lead = len(left) - len(right)
    found = list(left[:lead])
    for a, b in zip(left[lead:], right, strict=True):
        if a is not None and b is not None and 1 not in (a, b) and a != b:
            raise ShapeProblem(f"{step.head} cannot join {_all(step)}: {a} is not {b}", "merge")
        # Keras keeps a size unknown here when either is, even beside a known one.
        found.append(None if a is None or b is None else b if a == 1 else a)
    return tuple(found)


def _batch(step: Step) -> int | None:
    sizes = {shape[0] for shape in step.inputs} - {None}
    if len(sizes) > 1:
        raise ShapeProblem(f"{step.head} cannot join batches of different sizes: {_all(step)}", "merge")
    return next(iter(sizes), None)


def _all(step: Step) -> str:
    shapes = [show(shape) for shape in step.inputs]
    return f"{', '.join(shapes[:-1])} and {shapes[-1]}" if len(shapes) > 1 else shapes[0]


def concatenate(step: Step) -> Shapes:
    """Tensors side by side along an axis; the other axes agree."""
    return (concatenated(step, int(step.args["axis"])),)


def concatenated(step: Step, axis: int) -> Shape:
    """Shapes side by side along an axis."""
    rank = len(step.inputs[0])
    if any(len(shape) != rank for shape in step.inputs):
        raise ShapeProblem(
            f"{step.head} takes tensors with as many axes each and receives {_all(step)}", "merge"
        )
    axis = axis_of(step, axis, rank)
    found: list[int | None] = []
    for at in range(rank):
        sizes = [shape[at] for shape in step.inputs]
        known = [size for size in sizes if size is not None]
        if at == axis:
            found.append(sum(known) if len(known) == len(sizes) else None)
            continue
        if len(set(known)) > 1:
            raise ShapeProblem(
                f"{step.head} along axis {axis} cannot join {_all(step)}: axis {at} differs", "merge"
            )
        found.append(known[0] if known else None)
    return tuple(found)


def dot(step: Step) -> Shapes:
    """The contraction of two tensors over one axis each."""
    if len(step.inputs) != 2:
        raise ShapeProblem(f"Dot takes two tensors and receives {len(step.inputs)}", "merge")
    left, right = step.inputs
    axes = step.args["axes"]
    first, second = axes if isinstance(axes, (list, tuple)) else (axes, axes)
    i, j = axis_of(step, int(first), len(left)), axis_of(step, int(second), len(right))
    if 0 in (i, j):
        raise ShapeProblem(f"Dot cannot contract the batch axis; its axes are {axes}", "merge")
    if not agree(left[i], right[j]):
        raise ShapeProblem(
            f"Dot over axes {i} and {j} cannot join {_all(step)}: {left[i]} is not {right[j]}", "merge"
        )
    rest = (*left[:i], *left[i + 1 :], *right[1:j], *right[j + 1 :])
    return (rest if len(rest) > 1 else (*rest, 1),)


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys("Add Average Maximum Minimum Multiply Subtract".split(), elementwise),
    "Concatenate": concatenate,
    "Dot": dot,
}
