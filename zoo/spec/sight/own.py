"""The zoo's own layers."""

from __future__ import annotations

from zoo.spec.graph import Layer
from zoo.spec.shapes import Shape
from zoo.spec.sight.algebra import Rule, Sight, dropped, everything, window
from zoo.spec.sight.core import same
from zoo.spec.sight.windows import padding, sliding


def whole_window(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Every number that comes out sees the whole window; TABL's steps are no longer the window's."""
    return everything(sight, layer, lost=layer.head == "TABL" or sight.axis != 1)


def over_time(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Statistics over the time axis reach every step."""
    return everything(sight, layer) if sight.axis == 1 else sight


def features(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Each step by itself; where time stands in the last axis, it is mixed."""
    return everything(sight, layer, lost=True) if sight.axis == len(shape) - 1 else sight


def mixed_axis(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """What lies along one axis is mixed or put in a new order."""
    axis = layer.values.get("axis", -1 if layer.head == "ColumnGather" else 1)
    mixed = sight.axis == int(axis) % len(shape)
    return everything(sight, layer, lost=layer.head == "ColumnGather") if mixed else sight


def axial(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Attention along one axis, features mixed besides."""
    seen = features(sight, layer, shape, result)
    return everything(seen, layer) if sight.axis == layer.values.get("axis", 1) else seen


def histogram(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """``LogBoF`` counts over all steps, or over pools of them."""
    seen = features(sight, layer, shape, result)
    pool = layer.values.get("pool_size")
    if sight.axis != 1:
        return seen
    return dropped(seen) if pool is None else window(seen, int(pool), 0, int(pool) - 1, layer)


def moving_average(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """The trend: a window around the step, or before it."""
    size = int(layer.values.get("pool_size", 25))
    before = size - 1 if layer.values.get("causal") else size // 2
    return window(sight, 1, -before, size - 1 - before, layer) if sight.axis == 1 else sight


def frames(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Windows of steps become the steps."""
    size = int(layer.values.get("size", 1))
    return window(sight, int(layer.values.get("stride", 1)), 0, size - 1, layer)


RULES: dict[str, Rule] = {
    **dict.fromkeys(("CausalNormalization", "LearnedPosition", "SinusoidalPosition"), same),
    **dict.fromkeys(("BiN", "DAIN", "TABL"), whole_window),
    "ColumnGather": mixed_axis,
    "Frames": frames,
    "GatedAxialAttention": axial,
    "LinearPosition": features,
    "LogBoF": histogram,
    "ReplicatePadding1D": padding,
    "RevIN": over_time,
    "SeriesDecomposition": moving_average,
    "TemporalNBoF": features,
    "TwoDAttention": mixed_axis,
    "WeightNormConv1D": sliding,
}
