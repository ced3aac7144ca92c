"""Shapes of convolutions and pooling over one, two or three spatial axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zoo.spec.shapes.dims import Shape, ShapeProblem, Shapes, Step, numbers, rank_of, show

AXES = {
    1: "(batch, time, channel)",
    2: "(batch, height, width, channel)",
    3: "(batch, depth, height, width, channel)",
}


def split(step: Step) -> tuple[int | None, Shape, int | None]:
    """Batch, spatial sizes and channels, wherever the channels stand."""
    rank = rank_of(step.head)
    shape = step.of_rank(rank + 2, AXES[rank])
    if step.args.get("data_format") == "channels_first":
        return shape[0], shape[2:], shape[1]
    return shape[0], shape[1:-1], shape[-1]


def join(step: Step, batch: int | None, spatial: Shape, channels: int | None) -> Shapes:
    """The way back from ``split``."""
    if step.args.get("data_format") == "channels_first":
        return ((batch, channels, *spatial),)
    return ((batch, *spatial, channels),)


def conv(step: Step) -> Shapes:
    """Plain, depthwise and separable convolutions."""
    batch, spatial, channels = split(step)
    channels = step.known(channels, "channel")
    groups = int(step.args.get("groups", 1))
    filters = (
        int(step.args["filters"]) if "filters" in step.args else channels * int(step.args["depth_multiplier"])
    )
    if channels % groups or filters % groups:
        raise ShapeProblem(
            f"{step.head} has {groups} groups, which must divide {channels} channels and {filters} filters"
        )
    rank = len(spatial)
    strides, dilation = numbers(step, "strides", rank), numbers(step, "dilation_rate", rank)
    if "groups" in step.args and max(strides) > 1 and max(dilation) > 1:
        raise ShapeProblem(f"{step.head} takes `strides` or `dilation_rate` above 1, not both")
    reach = tuple((k - 1) * d + 1 for k, d in zip(numbers(step, "kernel_size", rank), dilation, strict=True))
    return join(step, batch, _slid(step, spatial, reach, strides), filters)


def pool(step: Step) -> Shapes:
    """Pooling over a sliding window."""
    batch, spatial, channels = split(step)
    sizes = numbers(step, "pool_size", len(spatial))
    strides = sizes if step.args["strides"] is None else numbers(step, "strides", len(spatial))
    return join(step, batch, _slid(step, spatial, sizes, strides), channels)


def _slid(step: Step, spatial: Shape, reach: tuple[int, ...], strides: tuple[int, ...]) -> Shape:
    valid = step.args["padding"] == "valid"
    found: list[int | None] = []
    for size, wide, stride in zip(spatial, reach, strides, strict=True):
        if size is not None and valid and size < wide:
            raise ShapeProblem(
                f"{step.head} reaches over {wide} steps and receives {show(step.one)}: {size} are there"
            )
        found.append(None if size is None else (size - (wide if valid else 1)) // stride + 1)
    return tuple(found)


def conv_transpose(step: Step) -> Shapes:
    """Convolutions the other way round: strides stretch."""
    batch, spatial, channels = split(step)
    step.known(channels, "channel")
    rank = len(spatial)
    kernel, strides = numbers(step, "kernel_size", rank), numbers(step, "strides", rank)
    dilation = numbers(step, "dilation_rate", rank)
    if max(strides) > 1 and max(dilation) > 1:
        raise ShapeProblem(f"{step.head} takes `strides` or `dilation_rate` above 1, not both")
    extra = (None,) * rank if step.args["output_padding"] is None else numbers(step, "output_padding", rank)
    if any(more is not None and more >= stride for more, stride in zip(extra, strides, strict=True)):
        raise ShapeProblem(f"`output_padding` of {step.head} must be less than `strides`")
    valid = step.args["padding"] == "valid"
    sizes = zip(spatial, kernel, strides, dilation, extra, strict=True)
    grown = (
        None if size is None else _grown(size, (k - 1) * d + 1, s, more, valid)
        for size, k, s, d, more in sizes
    )
    return join(step, batch, tuple(grown), int(step.args["filters"]))


def _grown(size: int, reach: int, stride: int, extra: int | None, valid: bool) -> int:
    if valid:
        return (size - 1) * stride + reach + (max(reach, stride) - reach if extra is None else extra)
    return size * stride if extra is None else (size - 1) * stride + reach % 2 + extra


def global_pool(step: Step) -> Shapes:
    """(batch, …, channels) → (batch, channels), or with axes of length 1."""
    batch, spatial, channels = split(step)
    if step.args["keepdims"]:
        return join(step, batch, (1,) * len(spatial), channels)
    return ((batch, channels),)


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D"), conv),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), conv),
    **dict.fromkeys((f"Conv{rank}DTranspose" for rank in (1, 2, 3)), conv_transpose),
    **dict.fromkeys((f"{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)), pool),
    **dict.fromkeys(
        (f"Global{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)), global_pool
    ),
}
