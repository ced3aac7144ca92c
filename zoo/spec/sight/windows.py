"""Convolutions, pooling, padding, upsampling: windows that move along time, exact in steps."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from zoo.spec.graph import Layer
from zoo.spec.shapes import Shape
from zoo.spec.shapes.dims import rank_of
from zoo.spec.sight.algebra import Rule, Sight, dropped, everything, moved_by, window


def sliding(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Convolutions and pooling."""
    args = layer.values
    if sight.axis is None:
        return sight
    spatial = rank_of(layer.head)
    if (
        args.get("data_format") == "channels_first"
        or len(shape) != spatial + 2
        or not 1 <= sight.axis <= spatial
    ):
        # the channel axis: every channel is mixed with every other, unless it is pooling, which leaves
        # channels alone
        return (
            sight
            if "Pooling" in layer.head and sight.axis == len(shape) - 1
            else everything(sight, layer, lost=True)
        )
    place = sight.axis - 1
    size = number(args.get("kernel_size", args.get("pool_size", 2)), place)
    default = size if "Pooling" in layer.head else 1
    stride = number(args["strides"], place) if args.get("strides") is not None else default
    reach = (size - 1) * number(args.get("dilation_rate", 1), place)
    padding = str(args.get("padding", "valid")).lower()
    if padding == "causal":
        return window(sight, stride, -reach, 0, layer)
    if padding == "valid":
        return window(sight, stride, 0, reach, layer)
    steps = shape[sight.axis]
    if steps is None:
        return (
            everything(sight, layer)
            if stride > 1
            else window(sight, 1, -(reach // 2), reach - reach // 2, layer)
        )
    total = max((math.ceil(steps / stride) - 1) * stride + reach + 1 - steps, 0)
    return window(sight, stride, -(total // 2), reach - total // 2, layer)


def number(value: Any, place: int) -> int:
    """A size along one of the spatial axes."""
    if isinstance(value, (list, tuple)):
        return int(value[place]) if place < len(value) else 1
    return int(value)


def whole(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Global pooling drops the axes it pools."""
    spatial = rank_of(layer.head)
    if sight.axis is not None and 1 <= sight.axis <= spatial:
        return dropped(sight)
    return replace(sight, axis=1) if sight.axis is not None and not layer.values.get("keepdims") else sight


def padding(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Padding puts steps before the first, cropping takes some away."""
    spatial = rank_of(layer.head)
    if sight.axis is None or not 1 <= sight.axis <= spatial:
        return sight
    amount = layer.values.get("padding", layer.values.get("cropping", 1))
    if isinstance(amount, list) and spatial > 1:
        amount = amount[sight.axis - 1] if sight.axis <= len(amount) else 0
    before = int(amount[0]) if isinstance(amount, list) else int(amount)
    moved = before if layer.head.startswith("Cropping") else -before
    return moved_by(sight, moved)


def upsampling(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Each step comes several times."""
    spatial = rank_of(layer.head)
    if sight.axis is None or not 1 <= sight.axis <= spatial:
        return sight
    if layer.values.get("interpolation", "nearest") != "nearest":
        return everything(sight, layer)
    size = number(layer.values.get("size", 2), sight.axis - 1)
    back = float(sight.scale) * (size - 1) / size
    return replace(sight, scale=sight.scale / size, low=sight.low - back)


_DIMENSIONS = (1, 2, 3)
RULES: dict[str, Rule] = {
    **dict.fromkeys(
        [f"{kind}{n}D" for n in _DIMENSIONS for kind in ("Conv", "MaxPooling", "AveragePooling")]
        + [f"{kind}{n}D" for n in (1, 2) for kind in ("SeparableConv", "DepthwiseConv")],
        sliding,
    ),
    **dict.fromkeys([f"Global{kind}Pooling{n}D" for n in _DIMENSIONS for kind in ("Max", "Average")], whole),
    **dict.fromkeys([f"{kind}{n}D" for n in _DIMENSIONS for kind in ("ZeroPadding", "Cropping")], padding),
    **dict.fromkeys([f"UpSampling{n}D" for n in _DIMENSIONS], upsampling),
}
