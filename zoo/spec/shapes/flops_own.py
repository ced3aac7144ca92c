"""Floating-point operations of the zoo's own layers."""

from __future__ import annotations

from collections.abc import Mapping

from zoo.spec.shapes.dims import Shapes, Step
from zoo.spec.shapes.flops import SOFTMAX, Flops, a_number, active, volume


def _series(step: Step) -> tuple[int, int]:
    """Steps and features."""
    return step.known(step.one[1], "time"), step.known(step.one[2], "feature")


def _dain(step: Step, out: Shapes) -> int:
    # three products with a vector; three means, a square, a difference, a quotient and a gate a number
    _, features = _series(step)
    return 3 * features * (2 * features + 1) + 7 * volume(out[0])


def _causal(step: Step, out: Shapes) -> int:
    # the weighted sums of x and x² over the past are two products with a (time, time) matrix
    time = step.known(step.one[1], "time")
    return 2 * (2 * time * volume(out[0])) + 2 * time * time + 10 * volume(out[0])


def _axial(step: Step, out: Shapes) -> int:
    filters, heads = int(step.args["filters"]), int(step.args["num_heads"])
    length = step.known(step.one[int(step.args["axis"])], "attended")
    channels = step.known(step.one[3], "channel")
    places = volume(step.one) // channels
    projected = filters * (4 * channels + 8)  # and two normalisations
    # three kinds of scores over half the width, their gates, their normalisation, their sum
    scores = length * (3 * filters + heads * (2 + 6 + 2 + SOFTMAX))
    mixed = length * 4 * filters + 7 * filters  # two sums of values, gates, normalisation, sum
    return places * (projected + scores + mixed)


def _histogram(step: Step, out: Shapes) -> int:
    time, features = _series(step)
    units = int(step.args["units"])
    pooled = 0 if step.args["pool_size"] is None else 2 * volume(out[0])
    return time * units * (2 * features + 10) + pooled


def _membership(step: Step, out: Shapes) -> int:
    return volume(out[0]) * (2 * step.known(step.one[-1], "feature") + 5)


def _tabl(step: Step, out: Shapes) -> int:
    time, features = _series(step)
    units, made = int(step.args["units"]), volume(out[0])
    attended = time * units * (2 * time + SOFTMAX + 4) + 3 * time * time
    return 2 * time * features * units + attended + made * (2 * time + 1) + active(step, made)


def _two_d(step: Step, out: Shapes) -> int:
    size = step.known(step.one[int(step.args["axis"])], "attended")
    return volume(out[0]) * (2 * size + SOFTMAX + 4) + 3 * size * size


def _rev_in(step: Step, out: Shapes) -> int:
    affine = 2 * bool(step.args["affine"])
    return volume(out[0]) * (2 + affine if step.args.get("inverse") is True else 6 + affine)


def _decomposition(step: Step, out: Shapes) -> int:
    return volume(out[0]) * (int(step.args["pool_size"]) + 1)


def _weight_norm(step: Step, out: Shapes) -> int:
    # the kernel is a direction divided by its length anew in every call
    kernel = int(step.args["kernel_size"]) * step.known(step.one[-1], "channel")
    made = volume(out[0])
    per_call = 4 * kernel * int(step.args["filters"])
    return made * (2 * kernel + bool(step.args["use_bias"])) + active(step, made) + per_call


_FREE = "AddLoss ColumnGather Frames GaussianSample LinearPosition ReplicatePadding1D".split()
RULES: Mapping[str, Flops] = {
    **dict.fromkeys(_FREE, a_number(0)),
    **dict.fromkeys(("LayerScale", "LearnedPosition", "SinusoidalPosition"), a_number(1)),
    "BiN": a_number(19),  # two means, deviations, quotients, affine maps and weights, and their sum
    "CausalNormalization": _causal,
    "CustomScaleLayer": a_number(2),
    "DAIN": _dain,
    "GatedAxialAttention": _axial,
    "LogBoF": _histogram,
    "RevIN": _rev_in,
    "SeriesDecomposition": _decomposition,
    "TABL": _tabl,
    "TemporalNBoF": _membership,
    "TwoDAttention": _two_d,
    "WeightNormConv1D": _weight_norm,
}
