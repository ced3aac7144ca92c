"""Several tensors at once: joins and attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zoo.spec.graph import Call, Const, Layer
from zoo.spec.shapes import Shape
from zoo.spec.sight.algebra import EVERYTHING, Sight, Sights, both, everything, meet

ATTENTION = frozenset("AdditiveAttention Attention GroupQueryAttention MultiHeadAttention".split())
JOINS = frozenset(
    "Add Average Concatenate CustomScaleLayer Dot GaussianSample Maximum Minimum Multiply Subtract".split()
)


def join(layer: Layer, flowing: Sequence[Sights], shape: Shape | None) -> dict[str, Sight]:
    """Tensors joined step by step; along the axis of ``Concatenate`` and ``Dot`` nothing can be followed."""
    met = meet(layer, flowing)
    if layer.head == "Dot":
        return {name: everything(sight, layer, lost=True) for name, sight in met.items()}
    if layer.head == "Concatenate" and shape is not None:
        axis = layer.values.get("axis", -1)
        over = int(axis) % len(shape) if isinstance(axis, (int, float)) else -1
        return {
            name: everything(sight, layer, lost=True) if sight.axis == over else sight
            for name, sight in met.items()
        }
    return met


def attention(
    layer: Layer, call: Call, flowing: Sequence[Sights], named: Mapping[str, Sequence[Sights]]
) -> dict[str, Sight]:
    """Every step of the query sees all steps, or with a causal mask those up to its own."""
    flag = call.named.get("use_causal_mask")
    causal = isinstance(flag, Const) and bool(flag.value) and layer.values.get("attention_axes") is None
    query = flowing[0] if flowing else {}
    others = [*flowing[1:], *(sights for group in named.values() for sights in group)]
    found = dict(query)
    for sights in others or [query]:
        for name, sight in sights.items():
            mine = query.get(name)
            if mine is None and causal and sight.axis == 1:
                found[name] = replace(sight, low=-EVERYTHING)
            elif mine is None or mine.axis is None:
                found[name] = replace(sight, axis=None)
            elif causal and sight.axis == mine.axis and sight.scale == mine.scale:
                found[name] = replace(both(found[name], sight, layer), low=-EVERYTHING)
            else:
                found[name] = everything(mine, layer)
    return found
