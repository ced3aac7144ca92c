"""Shapes and weights of the zoo's own layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zoo.spec.shapes.convolution import conv
from zoo.spec.shapes.dims import Shape, ShapeProblem, Shapes, Step, axis_of

_SERIES = "(batch, time, feature)"


def _same(step: Step) -> Shapes:
    return (step.one,)


def _first(step: Step) -> Shapes:
    return (step.inputs[0],)


def _series(step: Step) -> Shapes:
    """(batch, time, feature), kept; both sizes known where the weights hang on them."""
    batch, time, features = step.of_rank(3, _SERIES)
    if step.head == "BiN":
        step.known(time, "time")
    step.known(features, "feature")
    return ((batch, time, features),)


def _position(step: Step) -> Shapes:
    batch, time, features = step.of_rank(3, _SERIES)
    step.known(time, "time")
    wider = step.head == "LinearPosition"
    if not wider:
        step.known(features, "feature")
    return ((batch, time, None if features is None else features + wider),)


def _causal(step: Step) -> Shapes:
    if len(step.one) < 3:
        raise ShapeProblem(f"{step.head} takes (batch, time, …, feature)", "rank")
    for axis, size in enumerate(step.one[1:], 1):
        step.known(size, f"{axis}.")
    return (step.one,)


def _gather(step: Step) -> Shapes:
    axis = axis_of(step, int(step.args["axis"]), len(step.one))
    if axis == 0:
        raise ShapeProblem("ColumnGather leaves the batch axis alone and has axis 0", "rank")
    size, indices = step.known(step.one[axis], f"{axis}."), step.args["indices"]
    listed = indices if isinstance(indices, list) else [indices]
    for index in listed:
        if not -size <= index < size:
            raise ShapeProblem(f"ColumnGather takes column {index}, and axis {axis} has {size}")
    return ((*step.one[:axis], len(listed), *step.one[axis + 1 :]),)


def _frames(step: Step) -> Shapes:
    batch, time = step.of_rank(2, "(batch, time)")
    size, stride = int(step.args["size"]), int(step.args["stride"])
    steps = step.known(time, "time") + (stride if step.args["pad"] else 0)
    if steps < size:
        raise ShapeProblem(f"Frames cuts patches of {size} steps from a series of {steps}")
    return ((batch, (steps - size) // stride + 1, size),)


def _axial(step: Step) -> Shapes:
    shape, filters = step.of_rank(4, "(batch, time, feature, channel)"), int(step.args["filters"])
    step.known(shape[int(step.args["axis"])], "attended")
    step.known(shape[3], "channel")
    if filters % (2 * int(step.args["num_heads"])):
        raise ShapeProblem(f"GatedAxialAttention has {filters} filters, not a multiple of twice its heads")
    return ((*shape[:3], filters),)


def _histogram(step: Step) -> Shapes:
    batch, time, features = step.of_rank(3, _SERIES)
    step.known(features, "feature")
    units, pool = int(step.args["units"]), step.args["pool_size"]
    if pool is None:
        return ((batch, units),)
    if step.known(time, "time") < pool:
        raise ShapeProblem(f"LogBoF pools {pool} steps and receives {time}")
    return ((batch, step.known(time, "time") // int(pool), units),)


def _membership(step: Step) -> Shapes:
    step.known(step.one[-1], "feature")
    return ((*step.one[:-1], int(step.args["units"])),)


def _replicate(step: Step) -> Shapes:
    if len(step.one) < 2:
        raise ShapeProblem("ReplicatePadding1D takes (batch, time, …)", "rank")
    padding = step.args["padding"]
    pair = (padding, padding) if isinstance(padding, int) else tuple(padding)
    if len(pair) != 2:
        raise ShapeProblem(f"`padding` of ReplicatePadding1D wants one number or a pair and has {padding}")
    batch, time, *rest = step.one
    return ((batch, None if time is None else time + sum(pair), *rest),)


def _rev_in(step: Step) -> Shapes:
    batch, time, features = step.of_rank(3, _SERIES)
    one: Shape = (batch, 1, features)
    return (step.one,) if step.args.get("inverse") is True else ((batch, time, features), one, one)


def _decomposition(step: Step) -> Shapes:
    shape = step.of_rank(3, _SERIES)
    return (shape, shape)


def _tabl(step: Step) -> Shapes:
    batch, time, features = step.of_rank(3, _SERIES)
    step.known(time, "time")
    step.known(features, "feature")
    return ((batch, int(step.args["steps"]), int(step.args["units"])),)


def _two_d(step: Step) -> Shapes:
    shape = step.of_rank(3, _SERIES)
    step.known(shape[int(step.args["axis"])], "attended")
    return (shape,)


def _weight_norm(step: Step) -> Shapes | None:
    return conv(Step(step.head, {**step.args, "groups": 1}, step.inputs, step.named))


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys(("AddLoss", "LayerScale"), _same),
    **dict.fromkeys(("CustomScaleLayer", "GaussianSample"), _first),
    **dict.fromkeys(("BiN", "DAIN"), _series),
    **dict.fromkeys(("LearnedPosition", "LinearPosition", "SinusoidalPosition"), _position),
    "CausalNormalization": _causal,
    "ColumnGather": _gather,
    "Frames": _frames,
    "GatedAxialAttention": _axial,
    "LogBoF": _histogram,
    "ReplicatePadding1D": _replicate,
    "RevIN": _rev_in,
    "SeriesDecomposition": _decomposition,
    "TABL": _tabl,
    "TemporalNBoF": _membership,
    "TwoDAttention": _two_d,
    "WeightNormConv1D": _weight_norm,
}


def _of_bin(step: Step) -> int:
    _, time, features = step.of_rank(3, _SERIES)
    return 2 * (step.known(time, "time") + step.known(features, "feature")) + 2


def _of_dain(step: Step) -> int:
    features = step.known(step.one[-1], "feature")
    return 3 * features * features + features


def _of_causal(step: Step) -> int:
    return step.known(step.one[-1], "feature") * (bool(step.args["center"]) + bool(step.args["scale"]))


def _of_axial(step: Step) -> int:
    filters, heads = int(step.args["filters"]), int(step.args["num_heads"])
    size = step.known(step.one[int(step.args["axis"])], "attended")
    # projection; four numbers a normalised channel; relative positions; four gates
    channels = 3 * 2 * filters + 3 * heads
    kernel = step.known(step.one[3], "channel") * 2 * filters
    return kernel + 4 * channels + (2 * size - 1) * 2 * (filters // heads) + 4


def _of_position(step: Step) -> int:
    return step.known(step.one[1], "time") * step.known(step.one[2], "feature")


def _of_histogram(step: Step) -> int:
    units = int(step.args["units"])
    numbers = 3 if step.args["pool_size"] is None else 4
    return (step.known(step.one[-1], "feature") + 1) * units + numbers


def _of_rev_in(step: Step) -> int:
    return 2 * step.known(step.one[-1], "feature") if step.args["affine"] else 0


def _of_tabl(step: Step) -> int:
    _, time, features = step.of_rank(3, _SERIES)
    t, f = step.known(time, "time"), step.known(features, "feature")
    units, steps = int(step.args["units"]), int(step.args["steps"])
    return f * units + t * t + t * steps + steps * units + 1


def _of_weight_norm(step: Step) -> int:
    filters, bias = int(step.args["filters"]), bool(step.args["use_bias"])
    kernel = int(step.args["kernel_size"]) * step.known(step.one[-1], "channel")
    return filters * (kernel + 1 + bias)


COUNTS: Mapping[str, Callable[[Step], int | None]] = {
    "BiN": _of_bin,
    "CausalNormalization": _of_causal,
    "DAIN": _of_dain,
    "GatedAxialAttention": _of_axial,
    "LayerScale": lambda step: int(step.args["projection_dim"]),
    "LearnedPosition": _of_position,
    "LogBoF": _of_histogram,
    "RevIN": _of_rev_in,
    "TABL": _of_tabl,
    "TemporalNBoF": lambda step: step.known(step.one[-1], "feature") * int(step.args["units"]) + 2,
    "TwoDAttention": lambda step: step.known(step.one[int(step.args["axis"])], "attended") ** 2 + 1,
    "WeightNormConv1D": _of_weight_norm,
}
NO_WEIGHTS = frozenset(RULES) - frozenset(COUNTS)
