"""What a tensor sees of an input, and how two such views are put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from zoo.spec.graph import Layer
from zoo.spec.shapes import Shape

EVERYTHING = math.inf


@dataclass(frozen=True, slots=True)
class Sight:
    """What one tensor sees of one input.

    Args:
        axis: where the input's time axis stands in the tensor, batch first; None when it is gone.
        scale: steps of the input to one step of the tensor.
        low: the first position seen, relative to ``scale·i``.
        high: the last one.
        steps: length of the input's time axis, None when unknown.
        lost: an operation made it impossible to follow the axis.
        cause: the layer that looked ahead first, or lost the axis.
    """

    axis: int | None
    scale: Fraction = Fraction(1)
    low: float = 0
    high: float = 0
    steps: int | None = None
    lost: bool = False
    cause: str = ""

    def ahead(self, length: int | None) -> float:
        """How many steps of the input lie after the tensor's own; the last steps of both are one moment."""
        if self.high == EVERYTHING:
            return EVERYTHING
        if self.steps is None or length is None:
            return max(0.0, float(self.high)) if self.scale == 1 else EVERYTHING
        return max(0.0, float(self.high - (self.steps - 1) + (length - 1) * self.scale))


Sights: TypeAlias = Mapping[str, Sight]


Rule: TypeAlias = Callable[[Sight, Layer, Shape, "Shape | None"], Sight]


def in_range(sight: Sight, rank: int | None) -> Sight:
    """A time axis that the result has no room for is gone."""
    if sight.axis is not None and rank is not None and sight.axis >= rank:
        return replace(sight, axis=None)
    return sight


def everything(sight: Sight, layer: Layer, *, lost: bool = False) -> Sight:
    """Every step now sees the whole input; `lost`: the axis cannot be followed any further."""
    if sight.axis is None:
        return sight  # the window's own summary stays one, whatever is computed from it
    cause = sight.cause or layer.name
    return replace(sight, low=-EVERYTHING, high=EVERYTHING, lost=sight.lost or lost, cause=cause)


def dropped(sight: Sight) -> Sight:
    """The time axis is gone: one value for the whole input."""
    return replace(sight, axis=None)


def meet(layer: Layer, many: Sequence[Sights]) -> dict[str, Sight]:
    """Tensors computed together, step by step."""
    found: dict[str, Sight] = {}
    for sights in many:
        for name, sight in sights.items():
            found[name] = both(found[name], sight, layer) if name in found else sight
    return found


def both(left: Sight, right: Sight, layer: Layer) -> Sight:
    """What two tensors see that are computed together, step by step."""
    if left.axis is None and right.axis is None:
        return left if left.high >= right.high else right
    if left.axis is None or right.axis is None:
        # what was pooled over all steps now reaches each of them
        return everything(left if left.axis is not None else right, layer)
    if left.axis != right.axis or left.scale != right.scale:
        return everything(left, layer, lost=True)
    wider = left if left.high >= right.high else right
    return replace(wider, low=min(left.low, right.low), lost=left.lost or right.lost)


def window(sight: Sight, stride: int, first: float, last: float, layer: Layer) -> Sight:
    """Position i of the result reads ``stride·i + first … stride·i + last`` of what flows in."""
    high = sight.high + float(sight.scale) * last
    looks = last > 0 and not sight.cause
    return replace(
        sight,
        scale=sight.scale * stride,
        low=sight.low + float(sight.scale) * first,
        high=high,
        cause=layer.name if looks else sight.cause,
    )


def moved_by(sight: Sight, steps: float) -> Sight:
    """The same window, so many steps later."""
    moved = float(sight.scale) * steps
    return replace(sight, low=sight.low + moved, high=sight.high + moved)
