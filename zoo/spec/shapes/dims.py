"""Shapes and the arithmetic on them that several rules share.

A shape is a tuple with the batch axis first; None is a size that is not known before the model runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Shape: TypeAlias = tuple[int | None, ...]
Shapes: TypeAlias = tuple[Shape, ...]
Inner: TypeAlias = Callable[[Shapes], "Shapes | None"]
Kind: TypeAlias = Literal["rank", "size", "merge", "time"]


class ShapeProblem(Exception):
    """Shapes that a layer or an op cannot take.

    Args:
        message: what it wants and what it receives.
        kind: ``merge`` for tensors that do not fit together, ``time`` for a missing time axis, ``rank`` and
            ``size`` for the rest.
    """

    def __init__(self, message: str, kind: Kind = "size") -> None:
        super().__init__(message)
        self.message = message
        self.kind: Kind = kind


@dataclass(frozen=True, slots=True)
class Step:
    """A layer or an op about to be called: its arguments, defaults filled in, and the shapes that flow in."""

    head: str
    args: Mapping[str, Any]
    inputs: Shapes
    named: Mapping[str, Shape] = field(default_factory=dict)
    inner: Inner | None = None

    @property
    def one(self) -> Shape:
        """The only shape that flows in."""
        if len(self.inputs) != 1:
            raise ShapeProblem(f"{self.head} takes one tensor and receives {len(self.inputs)}", "merge")
        return self.inputs[0]

    def of_rank(self, rank: int, axes: str) -> Shape:
        """The only shape that flows in, which must have so many axes."""
        if len(self.one) != rank:
            raise ShapeProblem(f"{self.head} takes {axes} and receives {show(self.one)}", "rank")
        return self.one

    def known(self, size: int | None, axis: str) -> int:
        """A size that the weights depend on."""
        if size is None:
            raise ShapeProblem(
                f"{self.head} must know the size of the {axis} axis and receives {show(self.one)}"
            )
        return size

    def known_size(self, size: int | None) -> int:
        """A size that the cost depends on; LookupError when it is not known."""
        if size is None:
            raise LookupError
        return size


def show(shape: Shape) -> str:
    """A shape as a message writes it: ``(batch, 100, ?)``."""
    first = "batch" if shape and shape[0] is None else str(shape[0]) if shape else ""
    return "(" + ", ".join((first, *("?" if size is None else str(size) for size in shape[1:]))) + ")"


def rank_of(head: str) -> int:
    """The spatial axes that a class name counts: 2 for ``Conv2DTranspose``."""
    found = re.search(r"(\d)D", head)
    return int(found[1]) if found else 0


def axis_of(step: Step, axis: int, rank: int) -> int:
    """An axis counted from the front."""
    if not -rank <= axis < rank:
        raise ShapeProblem(f"{step.head} has axis {axis}, and there are {rank} axes", "rank")
    return axis % rank


def axes_of(step: Step, axes: Any, rank: int) -> tuple[int, ...]:
    """One axis or several, counted from the front; None is all of them."""
    if axes is None:
        return tuple(range(rank))
    return tuple(
        axis_of(step, int(axis), rank) for axis in (axes if isinstance(axes, (list, tuple)) else [axes])
    )


def numbers(step: Step, name: str, count: int) -> tuple[int, ...]:
    """An argument that holds one number, or one a spatial axis."""
    value = step.args[name]
    if not isinstance(value, (list, tuple)):
        return (int(value),) * count
    if len(value) != count:
        raise ShapeProblem(f"`{name}` of {step.head} wants {count} numbers and has {len(value)}")
    return tuple(int(item) for item in value)


def product(sizes: Sequence[int | None]) -> int | None:
    """The product of sizes, or None when one is unknown."""
    return (
        None if any(size is None for size in sizes) else math.prod(size for size in sizes if size is not None)
    )


def broadcast(step: Step, left: Shape, right: Shape) -> Shape:
    """Two shapes stretched over each other from the right, as NumPy does."""
    rank = max(len(left), len(right))
    pairs = zip((1,) * (rank - len(left)) + left, (1,) * (rank - len(right)) + right, strict=True)
    return tuple(_wider(step, a, b, (left, right)) for a, b in pairs)


def _wider(step: Step, a: int | None, b: int | None, whole: tuple[Shape, Shape]) -> int | None:
    if a == 1 or a is None:
        return b if a == 1 or b != 1 else a
    if b in (1, None, a):
        return a
    raise ShapeProblem(
        f"{step.head} cannot join {show(whole[0])} and {show(whole[1])}: {a} is not {b}", "merge"
    )


def agree(a: int | None, b: int | None) -> bool:
    """Whether two sizes can be the same."""
    return a is None or b is None or a == b
