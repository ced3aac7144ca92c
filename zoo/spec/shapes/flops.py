"""Floating-point operations of one prediction for one window, layer by layer, from shapes alone.

A multiplication and an addition count as one each, so a multiply-add counts 2. A bias, an activation of one
number (softmax: 5), a comparison count 1. What only moves numbers, looks them up or works in training alone
(dropout, noise) costs nothing. The batch axis counts as 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from zoo.spec.shapes.attention import operands
from zoo.spec.shapes.convolution import split
from zoo.spec.shapes.dims import Shape, Shapes, Step, axis_of, numbers, product
from zoo.spec.shapes.einsum import einsum_dense

Flops: TypeAlias = Callable[[Step, Shapes], "int | None"]
SOFTMAX = 5  # a maximum, a difference, an exponential, a sum, a quotient


def volume(shape: Shape) -> int:
    """How many numbers one window has in a tensor; LookupError when a size beside the batch is not known."""
    if sum(size is None for size in shape) > 1:
        raise LookupError
    return math.prod(size for size in shape if size is not None)


def active(step: Step, count: int) -> int:
    """The activation of so many numbers."""
    return count * activation(step.args.get("activation"))


def activation(given: Any) -> int:
    """What an activation costs a number."""
    name = getattr(given, "head", given)
    return 0 if name in (None, "linear") else SOFTMAX if name in ("softmax", "log_softmax") else 1


def a_number(times: int) -> Flops:
    """So many operations for every number that comes out."""
    return lambda step, out: times * volume(out[0])


def _dense(step: Step, out: Shapes) -> int:
    made = volume(out[0])
    taken = step.known(step.one[-1], "last")
    return made * (2 * taken + bool(step.args["use_bias"])) + active(step, made)


def _einsum_dense(step: Step, out: Shapes) -> int | None:
    found = einsum_dense(step)
    if not found:
        return None
    taken, kernel = str(step.args["equation"]).replace(" ", "").partition("->")[0].split(",")
    sizes = {**dict(zip(taken, step.one, strict=True)), **dict(zip(kernel, found[1], strict=True))}
    made = volume(out[0])
    return 2 * volume(tuple(sizes.values())) + made * bool(step.args["bias_axes"]) + active(step, made)


def _recurrent(step: Step, out: Shapes) -> int:
    _, time, features = step.one
    units, taken = int(step.args["units"]), step.known(features, "feature")
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[step.head]
    biases = (2 if step.args.get("reset_after") else 1) if step.args["use_bias"] else 0
    # LSTM: 5 activations, 3 products, 1 sum; GRU: 3, 3 and 2 with the complement's; SimpleRNN: 1
    inside = {"LSTM": 9, "GRU": 8, "SimpleRNN": 1}[step.head]
    return step.known(time, "time") * units * (gates * (2 * (taken + units) + biases) + inside)


def _conv(step: Step, out: Shapes) -> int:
    _, spatial, channels = split(step)
    window = product(numbers(step, "kernel_size", len(spatial))) or 0
    taken, made = step.known(channels, "channel") // int(step.args.get("groups", 1)), volume(out[0])
    return made * (2 * window * taken + bool(step.args["use_bias"])) + active(step, made)


def _conv_transpose(step: Step, out: Shapes) -> int:
    _, spatial, _ = split(step)
    window = product(numbers(step, "kernel_size", len(spatial))) or 0
    made = volume(out[0])
    every = 2 * volume(step.one) * window * int(step.args["filters"])
    return every + made * bool(step.args["use_bias"]) + active(step, made)


def _depthwise(step: Step, out: Shapes) -> int:
    _, spatial, channels = split(step)
    deep = step.known(channels, "channel") * int(step.args["depth_multiplier"])
    window, made = product(numbers(step, "kernel_size", len(spatial))) or 0, volume(out[0])
    places = made // int(step.args.get("filters", deep))
    pointwise = 2 * deep * made if "filters" in step.args else 0
    return 2 * places * deep * window + pointwise + made * bool(step.args["use_bias"]) + active(step, made)


def _pool(step: Step, out: Shapes) -> int:
    return volume(out[0]) * (product(numbers(step, "pool_size", len(split(step)[1]))) or 0)


def _normalization(step: Step, out: Shapes) -> int:
    return volume(out[0]) * (5 + bool(step.args["center"]) + bool(step.args["scale"]))


def _merge(step: Step, out: Shapes) -> int:
    return volume(out[0]) * (len(step.inputs) - (step.head != "Average"))


def _dot(step: Step, out: Shapes) -> int:
    axes = step.args["axes"]
    left = step.inputs[0]
    axis = axis_of(step, int(axes[0] if isinstance(axes, (list, tuple)) else axes), len(left))
    lengths = 3 * sum(map(volume, step.inputs)) if step.args["normalize"] else 0
    return 2 * volume(out[0]) * step.known_size(left[axis]) + lengths


def _attention(step: Step, out: Shapes) -> int:
    query, value, key = (*step.inputs, step.inputs[1])[:3]
    pairs = volume(query[:-1]) * step.known_size(key[-2])
    width, made = step.known_size(query[-1]), step.known_size(value[-1])
    compare = 4 if step.head == "AdditiveAttention" or step.args.get("score_mode") == "concat" else 2
    return pairs * (compare * width + bool(step.args["use_scale"]) + SOFTMAX + 2 * made)


def _multi_head(step: Step, out: Shapes) -> int | None:
    if step.args["use_gate"]:
        return None
    query, value, key = operands(step)
    heads, width = int(step.args["num_heads"]), int(step.args["key_dim"])
    wide = width if step.args["value_dim"] is None else int(step.args["value_dim"])
    axes = step.args["attention_axes"]
    axes = range(1, len(query) - 1) if axes is None else axes if isinstance(axes, (list, tuple)) else [axes]
    if value is None or key is None:
        return None
    bias = bool(step.args["use_bias"])
    projected = sum(
        volume(shape[:-1]) * heads * size * (2 * step.known_size(shape[-1]) + bias)
        for shape, size in ((query, width), (key, width), (value, wide))
    )
    queries = volume(query[:-1])
    pairs = heads * queries * math.prod(step.known_size(key[int(axis)]) for axis in axes)
    made = volume(out[0]) * (2 * heads * wide + bias)
    return projected + queries * heads * width + pairs * (2 * width + SOFTMAX + 2 * wide) + made


def _grouped_query(step: Step, out: Shapes) -> int | None:
    if step.args.get("use_gate"):
        return None
    query, value, key = operands(step)
    if value is None or key is None:
        return None
    heads, groups = int(step.args["num_query_heads"]), int(step.args["num_key_value_heads"])
    width, bias = int(step.args["head_dim"]), bool(step.args["use_bias"])
    projected = sum(
        volume(shape[:-1]) * many * width * (2 * step.known_size(shape[-1]) + bias)
        for shape, many in ((query, heads), (key, groups), (value, groups))
    )
    queries = volume(query[:-1])
    pairs = heads * queries * step.known_size(key[1])
    made = volume(out[0]) * (2 * heads * width + bias)
    return projected + queries * heads * width + pairs * (4 * width + SOFTMAX) + made


def _up_sampling(step: Step, out: Shapes) -> int:
    return 0 if step.args.get("interpolation", "nearest") == "nearest" else 8 * volume(out[0])


_FREE = """
    ActivityRegularization AlphaDropout Concatenate Dropout Embedding Flatten GaussianDropout GaussianNoise
    Identity Masking Permute RepeatVector Reshape
""".split()
_SPATIAL_FREE = ("Cropping", "SpatialDropout", "ZeroPadding")
RULES: Mapping[str, Flops] = {
    **dict.fromkeys(_FREE, a_number(0)),
    **dict.fromkeys((f"{kind}{rank}D" for kind in _SPATIAL_FREE for rank in (1, 2, 3)), a_number(0)),
    **dict.fromkeys((f"UpSampling{rank}D" for rank in (1, 2, 3)), _up_sampling),
    **dict.fromkeys((f"Conv{rank}D" for rank in (1, 2, 3)), _conv),
    **dict.fromkeys((f"Conv{rank}DTranspose" for rank in (1, 2, 3)), _conv_transpose),
    **dict.fromkeys(
        (f"{kind}Conv{rank}D" for kind in ("Depthwise", "Separable") for rank in (1, 2)), _depthwise
    ),
    **dict.fromkeys((f"{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)), _pool),
    **dict.fromkeys(
        (f"Global{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3)),
        lambda step, out: volume(step.one),
    ),
    **dict.fromkeys(("ELU", "LeakyReLU", "PReLU", "ReLU"), a_number(1)),
    **dict.fromkeys(("GroupNormalization", "LayerNormalization"), _normalization),
    **dict.fromkeys("Add Average Maximum Minimum Multiply Subtract".split(), _merge),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), _recurrent),
    **dict.fromkeys(("AdditiveAttention", "Attention"), _attention),
    "Activation": lambda step, out: active(step, volume(out[0])),
    "BatchNormalization": a_number(2),  # in prediction it is one factor and one term a channel
    "Dense": _dense,
    "Dot": _dot,
    "EinsumDense": _einsum_dense,
    "GroupQueryAttention": _grouped_query,
    "MultiHeadAttention": _multi_head,
    "RMSNormalization": a_number(4),
    "Rescaling": a_number(2),
    "Softmax": a_number(SOFTMAX),
    "UnitNormalization": a_number(3),
}
