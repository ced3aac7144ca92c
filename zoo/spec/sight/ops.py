"""Ops on tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zoo.spec.graph import Layer
from zoo.spec.shapes import Shape
from zoo.spec.sight.algebra import EVERYTHING, Sight, Sights, dropped, everything, meet

POINTWISE = frozenset(
    "add subtract multiply divide true_divide power maximum minimum abs absolute exp log log1p expm1 sqrt "
    "rsqrt square negative sign sin cos tan tanh sigmoid relu relu6 silu gelu elu selu softplus softsign "
    "leaky_relu hard_sigmoid log_sigmoid clip where greater greater_equal less less_equal equal not_equal "
    "logical_and logical_or logical_not cast floor ceil round isnan isfinite nan_to_num mod floor_divide "
    "stop_gradient reciprocal arctan arctan2".split()
)
REDUCTIONS = frozenset(
    "sum mean max min prod var std any all logsumexp count_nonzero argmax argmin median quantile".split()
)


def op(layer: Layer, flowing: Sequence[Sights], shape: Shape | None, rank: int | None) -> dict[str, Sight]:
    """An op that the table does not know sees everything."""
    met = meet(layer, flowing)
    if layer.head in POINTWISE:
        return met
    if layer.head in REDUCTIONS:
        return {name: _reduced(sight, layer, rank) for name, sight in met.items()}
    if layer.head == "dot_product_attention":
        if layer.values.get("is_causal"):
            return {name: replace(sight, low=-EVERYTHING) for name, sight in met.items()}
        return {name: everything(sight, layer) for name, sight in met.items()}
    return {name: everything(sight, layer, lost=True) for name, sight in met.items()}


def _reduced(sight: Sight, layer: Layer, rank: int | None) -> Sight:
    axes = layer.values.get("axis")
    if sight.axis is None:
        return sight
    if axes is None or rank is None:
        return dropped(sight)
    listed = [int(axis) for axis in (axes if isinstance(axes, list) else [axes])]
    whole = rank if layer.values.get("keepdims") else rank + len(listed)
    over = {axis % whole for axis in listed}
    if sight.axis in over:
        return dropped(sight)
    if layer.values.get("keepdims"):
        return sight
    return replace(sight, axis=sight.axis - sum(axis < sight.axis for axis in over))
