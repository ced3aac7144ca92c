"""What a tensor sees along time: how far into the future of each input its value at a step can reach.

Position i of a tensor sees positions ``scale·i + low … scale·i + high`` of an input's time axis. A causal
layer leaves ``high`` alone, a `same` convolution raises it, an unmasked attention or a layer that is not
known here makes it infinite. A tensor whose time axis is gone (the last state of an LSTM, a pooled value) is
``dropped``.

One file a family of layers; a property test holds all of them against what really moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zoo.spec.graph import Call, Layer
from zoo.spec.shapes import Shape, Shapes
from zoo.spec.sight import arranging, core, merging, ops, own, recurrent, windows
from zoo.spec.sight.algebra import (
    EVERYTHING,
    Sight,
    Sights,
    both,
    dropped,
    everything,
    in_range,
    meet,
)

__all__ = ["EVERYTHING", "Sight", "Sights", "after", "composed", "of_input"]

_RULES = {**core.RULES, **windows.RULES, **recurrent.RULES, **arranging.RULES, **own.RULES}
_COUNTING = (windows.sliding, windows.padding, windows.upsampling, arranging.reshape)


def of_input(name: str, shape: Shape) -> Sights:
    """An input sees itself; its time axis is the first one after the batch."""
    if len(shape) < 2:
        return {}
    return {name: Sight(1, steps=shape[1])}


def after(
    layer: Layer,
    call: Call,
    shapes: Sequence[Shape | None],
    results: Shapes | None,
    flowing: Sequence[Sights],
    named: Mapping[str, Sequence[Sights]],
) -> tuple[Sights, ...]:
    """What the results of a call see, output by output; states come after the sequence."""
    result = results[0] if results else None
    rank = len(result) if result is not None else None
    one = flowing[0] if len(flowing) == 1 else None
    rule = _RULES.get(layer.head) if layer.family == "layers" else None
    shape = shapes[0] if shapes else None
    if layer.family == "at" and one is not None and shape is not None:
        moved = {name: arranging.at(sight, layer, shape) for name, sight in one.items()}
    elif layer.family == "ops":
        moved = ops.op(
            layer, [*flowing, *(sights for group in named.values() for sights in group)], shape, rank
        )
        named = {}
    elif layer.head in merging.ATTENTION:
        moved = merging.attention(layer, call, flowing, named)
        named = {}
    elif layer.head in merging.JOINS:
        moved = merging.join(layer, flowing, shape)
    elif (
        rule is not None
        and one is not None
        and shape is not None
        and not (rule in _COUNTING and result is None)
    ):
        # a rule that counts steps has nothing to count where the call itself cannot work
        moved = {name: rule(sight, layer, shape, result) for name, sight in one.items()}
        # the term of a loss goes no further
        named = {} if layer.head == "AddLoss" else named
    else:
        moved = _unknown(layer, flowing)
    # states and masks given by name: what they saw of an input reaches every step
    for sights in (sights for group in named.values() for sights in group):
        moved = meet(layer, [moved, sights])
    first = {name: in_range(sight, rank) for name, sight in moved.items()}
    if layer.family == "layers" and layer.head in recurrent.WITH_STATES:
        return first, {name: dropped(sight) for name, sight in first.items()}
    return (first,)


def composed(layer: Layer, inner: Sights, outer: Mapping[str, Sights]) -> Sights:
    """What the output of a submodel sees of the inputs around it."""
    found: dict[str, Sight] = {}
    for name, sight in inner.items():
        for source, seen in outer.get(name, {}).items():
            if sight.axis is None:
                part = replace(seen, axis=None, high=max(seen.high, sight.high), lost=seen.lost or sight.lost)
            elif seen.axis is None or sight.high == EVERYTHING or seen.axis != 1:
                part = everything(
                    replace(seen, axis=sight.axis), layer, lost=sight.lost
                )  # placed where the submodel has it
            else:
                moved = replace(
                    seen,
                    axis=sight.axis,
                    scale=seen.scale * sight.scale,
                    low=seen.low + float(seen.scale) * sight.low,
                    high=seen.high + float(seen.scale) * sight.high,
                )
                part = replace(moved, cause=seen.cause or (layer.name if sight.cause else ""))
            found[source] = both(found[source], part, layer) if source in found else part
    return found


def _unknown(layer: Layer, flowing: Sequence[Sights]) -> dict[str, Sight]:
    met = meet(layer, flowing)
    return {name: everything(sight, layer, lost=True) for name, sight in met.items()}
