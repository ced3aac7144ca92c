"""How many weights a layer has, counted before anything is allocated."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zoo.spec.shapes.attention import operands
from zoo.spec.shapes.convolution import split
from zoo.spec.shapes.dims import Step, axes_of, numbers, product
from zoo.spec.shapes.einsum import bias_size, einsum_dense

Count = Callable[[Step], int | None]


def _dense(step: Step) -> int:
    return int(step.args["units"]) * (step.known(step.one[-1], "last") + bool(step.args["use_bias"]))


def _embedding(step: Step) -> int:
    return int(step.args["input_dim"]) * int(step.args["output_dim"])


def _recurrent(step: Step) -> int:
    units, features = int(step.args["units"]), step.known(step.one[-1], "feature")
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[step.head]
    # A GRU that resets after the product keeps one bias for the input and one for the state.
    biases = (2 if step.args.get("reset_after") else 1) if step.args["use_bias"] else 0
    return gates * units * (features + units + biases)


def _conv(step: Step) -> int:
    _, spatial, channels = split(step)
    taken, filters = step.known(channels, "channel"), int(step.args["filters"])
    window = product(numbers(step, "kernel_size", len(spatial))) or 0
    bias = filters if step.args["use_bias"] else 0
    return window * (taken // int(step.args.get("groups", 1))) * filters + bias


def _depthwise(step: Step) -> int:
    _, spatial, channels = split(step)
    made = step.known(channels, "channel") * int(step.args["depth_multiplier"])
    window = product(numbers(step, "kernel_size", len(spatial))) or 0
    if "filters" not in step.args:
        return made * (window + bool(step.args["use_bias"]))
    return made * window + int(step.args["filters"]) * (made + bool(step.args["use_bias"]))


def _normalization(step: Step) -> int | None:
    sizes = product([step.one[axis] for axis in axes_of(step, step.args["axis"], len(step.one))])
    if sizes is None or step.args.get("renorm"):
        return None
    if step.head == "RMSNormalization":
        return sizes
    learned = bool(step.args["center"]) + bool(step.args["scale"])
    return sizes * (learned + (2 if step.head == "BatchNormalization" else 0))


def _prelu(step: Step) -> int | None:
    shared = step.args["shared_axes"]
    shared = [] if shared is None else shared if isinstance(shared, (list, tuple)) else [shared]
    return product([1 if axis in shared else size for axis, size in enumerate(step.one) if axis > 0])


def _attention(step: Step) -> int | None:
    if step.head == "AdditiveAttention":
        return step.inputs[0][-1] if step.args["use_scale"] else 0
    return int(step.args["use_scale"]) + int(step.args["score_mode"] == "concat")


def _multi_head(step: Step) -> int | None:
    if step.args["use_gate"] or step.args["output_shape"] is not None:
        return None
    query, value, key = (shape[-1] if shape else None for shape in operands(step))
    if query is None or value is None or key is None:
        return None
    heads, width = int(step.args["num_heads"]), int(step.args["key_dim"])
    value_width = width if step.args["value_dim"] is None else int(step.args["value_dim"])
    bias = bool(step.args["use_bias"])
    inside = heads * width * (query + key + 2 * bias) + heads * value_width * (value + bias)
    return inside + query * (heads * value_width + bias)


def _einsum_dense(step: Step) -> int | None:
    found = einsum_dense(step)
    if not found:
        return None
    kernel, bias = product(found[1]), bias_size(step)
    return None if kernel is None or bias is None else kernel + bias


COUNTS: Mapping[str, Count] = {
    **dict.fromkeys((f"Conv{rank}D{kind}" for rank in (1, 2, 3) for kind in ("", "Transpose")), _conv),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"), _depthwise),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), _recurrent),
    **dict.fromkeys(
        ("BatchNormalization", "GroupNormalization", "LayerNormalization", "RMSNormalization"), _normalization
    ),
    **dict.fromkeys(("AdditiveAttention", "Attention"), _attention),
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    "Embedding": _embedding,
    "MultiHeadAttention": _multi_head,
    "PReLU": _prelu,
}
_PLAIN = """
    Activation ActivityRegularization Add AlphaDropout Average Concatenate Dot Dropout ELU Flatten
    GaussianDropout GaussianNoise Identity LeakyReLU Masking Maximum Minimum Multiply Permute ReLU
    RepeatVector Rescaling Reshape Softmax Subtract UnitNormalization
"""
_SPATIAL = """
    AveragePooling Cropping GlobalAveragePooling GlobalMaxPooling MaxPooling SpatialDropout
    UpSampling ZeroPadding
"""
NO_WEIGHTS = frozenset(_PLAIN.split()) | {f"{kind}{rank}D" for kind in _SPATIAL.split() for rank in (1, 2, 3)}
