"""What a tensor sees along time: how far into the future of each input its value at a step can reach.

Position i of a tensor sees positions ``scale·i + low … scale·i + high`` of an input's time axis. A causal
layer leaves ``high`` alone, a `same` convolution raises it, an unmasked attention or a layer that is not
known here makes it infinite. A tensor whose time axis is gone (the last state of an LSTM, a pooled value) is
``dropped``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from zoo.spec.graph import Call, Const, Layer, Object
from zoo.spec.shapes import Shape, Shapes
from zoo.spec.shapes.dims import rank_of

EVERYTHING = math.inf


@dataclass(frozen=True, slots=True)
class Sight:
    """What one tensor sees of one input.

    Args:
        axis: where the input's time axis stands in the tensor, batch first; None when it is gone.
        scale: steps of the input to one step of the tensor.
        low: the first position seen, relative to ``scale·i``.
        high: the last one.
        steps: length of the input's time axis, None when unknown.
        lost: an operation made it impossible to follow the axis.
        cause: the layer that looked ahead first, or lost the axis.
    """

    axis: int | None
    scale: Fraction = Fraction(1)
    low: float = 0
    high: float = 0
    steps: int | None = None
    lost: bool = False
    cause: str = ""

    def ahead(self, length: int | None) -> float:
        """How many steps of the input lie after the tensor's own; the last steps of both are one moment."""
        if self.high == EVERYTHING:
            return EVERYTHING
        if self.steps is None or length is None:
            return max(0.0, float(self.high)) if self.scale == 1 else EVERYTHING
        return max(0.0, float(self.high - (self.steps - 1) + (length - 1) * self.scale))


Sights: TypeAlias = Mapping[str, Sight]


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
        moved = {name: _at(sight, layer, shape) for name, sight in one.items()}
    elif layer.family == "ops":
        moved = _op(layer, [*flowing, *(sights for group in named.values() for sights in group)], shape, rank)
        named = {}
    elif layer.head in _ATTENTION:
        moved = _attention(layer, call, flowing, named)
        named = {}
    elif layer.head in _JOINS:
        moved = _join(layer, flowing, shape)
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
        moved = _meet(layer, [moved, sights])
    first = {name: _in_range(sight, rank) for name, sight in moved.items()}
    if layer.family == "layers" and layer.head in _WITH_STATES:
        return first, {name: _drop(sight, layer) for name, sight in first.items()}
    return (first,)


def composed(layer: Layer, inner: Sights, outer: Mapping[str, Sights]) -> Sights:
    """What the output of a submodel sees of the inputs around it."""
    found: dict[str, Sight] = {}
    for name, sight in inner.items():
        for source, seen in outer.get(name, {}).items():
            if sight.axis is None:
                part = replace(seen, axis=None, high=max(seen.high, sight.high), lost=seen.lost or sight.lost)
            elif seen.axis is None or sight.high == EVERYTHING or seen.axis != 1:
                part = _all(
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
            found[source] = _both(found[source], part, layer) if source in found else part
    return found


def _in_range(sight: Sight, rank: int | None) -> Sight:
    if sight.axis is not None and rank is not None and sight.axis >= rank:
        return replace(sight, axis=None)
    return sight


def _all(sight: Sight, layer: Layer, *, lost: bool = False) -> Sight:
    if sight.axis is None:
        return sight  # the window's own summary stays one, whatever is computed from it
    cause = sight.cause or layer.name
    return replace(sight, low=-EVERYTHING, high=EVERYTHING, lost=sight.lost or lost, cause=cause)


def _drop(sight: Sight, layer: Layer) -> Sight:
    return replace(sight, axis=None)


def _unknown(layer: Layer, flowing: Sequence[Sights]) -> dict[str, Sight]:
    met = _meet(layer, flowing)
    return {name: _all(sight, layer, lost=True) for name, sight in met.items()}


def _meet(layer: Layer, many: Sequence[Sights]) -> dict[str, Sight]:
    """Tensors computed together, step by step."""
    found: dict[str, Sight] = {}
    for sights in many:
        for name, sight in sights.items():
            found[name] = _both(found[name], sight, layer) if name in found else sight
    return found


def _both(left: Sight, right: Sight, layer: Layer) -> Sight:
    if left.axis is None and right.axis is None:
        return left if left.high >= right.high else right
    if left.axis is None or right.axis is None:
        # what was pooled over all steps now reaches each of them
        return _all(left if left.axis is not None else right, layer)
    if left.axis != right.axis or left.scale != right.scale:
        return _all(left, layer, lost=True)
    wider = left if left.high >= right.high else right
    return replace(wider, low=min(left.low, right.low), lost=left.lost or right.lost)


Rule: TypeAlias = Callable[[Sight, Layer, Shape, "Shape | None"], Sight]


def _same(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    return sight


def _over_axes(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Normalisations and softmax: everything, when their axis is time."""
    axes = layer.values.get("axis", -1)
    listed = axes if isinstance(axes, list) else [axes]
    over = {int(axis) % len(shape) for axis in listed if isinstance(axis, (int, float))}
    return _all(sight, layer) if sight.axis in over else sight


def _shift(sight: Sight, stride: int, first: float, last: float, layer: Layer) -> Sight:
    """Position i of the result reads ``stride·i + first … stride·i + last`` of what flows in."""
    high = sight.high + float(sight.scale) * last
    looks = last > 0 and not sight.cause
    return replace(
        sight,
        scale=sight.scale * stride,
        low=sight.low + float(sight.scale) * first,
        high=high,
        cause=layer.name if looks else sight.cause,
    )


def _window(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
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
            else _all(sight, layer, lost=True)
        )
    place = sight.axis - 1
    size = _number(args.get("kernel_size", args.get("pool_size", 2)), place)
    default = size if "Pooling" in layer.head else 1
    stride = _number(args["strides"], place) if args.get("strides") is not None else default
    reach = (size - 1) * _number(args.get("dilation_rate", 1), place)
    padding = str(args.get("padding", "valid")).lower()
    if padding == "causal":
        return _shift(sight, stride, -reach, 0, layer)
    if padding == "valid":
        return _shift(sight, stride, 0, reach, layer)
    steps = shape[sight.axis]
    if steps is None:
        return (
            _all(sight, layer) if stride > 1 else _shift(sight, 1, -(reach // 2), reach - reach // 2, layer)
        )
    total = max((math.ceil(steps / stride) - 1) * stride + reach + 1 - steps, 0)
    return _shift(sight, stride, -(total // 2), reach - total // 2, layer)


def _number(value: Any, place: int) -> int:
    if isinstance(value, (list, tuple)):
        return int(value[place]) if place < len(value) else 1
    return int(value)


def _recurrent(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    if sight.axis is None:
        return sight
    if sight.axis != 1:
        return _all(sight, layer, lost=True)
    seen = _all(sight, layer) if layer.values.get("go_backwards") else replace(sight, low=-EVERYTHING)
    return seen if layer.values.get("return_sequences") else _drop(seen, layer)


def _bidirectional(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    inner = layer.values.get("layer")
    sequences = isinstance(inner, Object) and inner.args.get("return_sequences") is not None
    if isinstance(inner, Object) and sequences:
        sequences = bool(inner.args["return_sequences"].value)
    if not isinstance(inner, Object) and result is not None:
        sequences = len(result) >= 3
    seen = _all(sight, layer)
    return seen if sequences else _drop(seen, layer)


def _time_distributed(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    return sight if sight.axis in (1, None) else _all(sight, layer, lost=True)


def _global(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    spatial = rank_of(layer.head)
    if sight.axis is not None and 1 <= sight.axis <= spatial:
        return _drop(sight, layer)
    return replace(sight, axis=1) if sight.axis is not None and not layer.values.get("keepdims") else sight


def _flatten(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    return sight if len(shape) == 2 else _drop(sight, layer)


def _dense(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Mixes the last axis; where that is time, every unit sees all of it."""
    if sight.axis != len(shape) - 1:
        return sight
    return _drop(sight, layer) if len(shape) == 2 else _all(sight, layer, lost=True)


def _repeat(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    return replace(sight, axis=2) if sight.axis == 1 else sight


def _reshape(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    if sight.axis is None or result is None:
        return _all(sight, layer, lost=True) if sight.axis is not None else sight
    before, axis = shape[1 : sight.axis], sight.axis
    if len(result) > axis and result[1:axis] == before and result[axis] == shape[axis] is not None:
        return sight
    return replace(_all(sight, layer, lost=True), axis=None)


def _permute(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    dims = layer.values.get("dims")
    if sight.axis is None or not isinstance(dims, list) or sight.axis not in dims:
        return sight
    return replace(sight, axis=dims.index(sight.axis) + 1)


def _padding(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Padding puts steps before the first, cropping takes some away."""
    spatial = rank_of(layer.head)
    if sight.axis is None or not 1 <= sight.axis <= spatial:
        return sight
    amount = layer.values.get("padding", layer.values.get("cropping", 1))
    if isinstance(amount, list) and spatial > 1:
        amount = amount[sight.axis - 1] if sight.axis <= len(amount) else 0
    before = int(amount[0]) if isinstance(amount, list) else int(amount)
    moved = before if layer.head.startswith("Cropping") else -before
    return _shift_by(sight, moved)


def _shift_by(sight: Sight, steps: float) -> Sight:
    moved = float(sight.scale) * steps
    return replace(sight, low=sight.low + moved, high=sight.high + moved)


def _whole_window(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Every number that comes out sees the whole window; TABL's steps are no longer the window's."""
    return _all(sight, layer, lost=layer.head == "TABL" or sight.axis != 1)


def _over_time(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    return _all(sight, layer) if sight.axis == 1 else sight


def _features(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Each step by itself; where time stands in the last axis, it is mixed."""
    return _all(sight, layer, lost=True) if sight.axis == len(shape) - 1 else sight


def _mixed_axis(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """What lies along one axis is mixed or put in a new order."""
    axis = layer.values.get("axis", -1 if layer.head == "ColumnGather" else 1)
    mixed = sight.axis == int(axis) % len(shape)
    return _all(sight, layer, lost=layer.head == "ColumnGather") if mixed else sight


def _axial(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    seen = _features(sight, layer, shape, result)
    return _all(seen, layer) if sight.axis == layer.values.get("axis", 1) else seen


def _histogram(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    seen = _features(sight, layer, shape, result)
    pool = layer.values.get("pool_size")
    if sight.axis != 1:
        return seen
    return _drop(seen, layer) if pool is None else _shift(seen, int(pool), 0, int(pool) - 1, layer)


def _moving_average(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    size = int(layer.values.get("pool_size", 25))
    before = size - 1 if layer.values.get("causal") else size // 2
    return _shift(sight, 1, -before, size - 1 - before, layer) if sight.axis == 1 else sight


def _frames(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    size = int(layer.values.get("size", 1))
    return _shift(sight, int(layer.values.get("stride", 1)), 0, size - 1, layer)


def _upsampling(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    spatial = rank_of(layer.head)
    if sight.axis is None or not 1 <= sight.axis <= spatial:
        return sight
    if layer.values.get("interpolation", "nearest") != "nearest":
        return _all(sight, layer)
    size = _number(layer.values.get("size", 2), sight.axis - 1)
    back = float(sight.scale) * (size - 1) / size
    return replace(sight, scale=sight.scale / size, low=sight.low - back)


def _at(sight: Sight, layer: Layer, shape: Shape) -> Sight:
    index = {int(axis) % len(shape): part for axis, part in layer.values["index"].items()}
    if sight.axis is None:
        return sight
    gone = sum(1 for axis, part in index.items() if not isinstance(part, list) and axis < sight.axis)
    part = index.get(sight.axis)
    steps = shape[sight.axis]
    if part is not None and not isinstance(part, list):
        return _drop(sight, layer)
    moved = replace(sight, axis=sight.axis - gone)
    if part is None:
        return moved
    if steps is None:
        return _all(moved, layer, lost=True)
    start, _, step = slice(*part).indices(steps)
    return _all(moved, layer, lost=True) if step < 1 else _shift(moved, step, start, start, layer)


def _join(layer: Layer, flowing: Sequence[Sights], shape: Shape | None) -> dict[str, Sight]:
    met = _meet(layer, flowing)
    if layer.head == "Dot":
        return {name: _all(sight, layer, lost=True) for name, sight in met.items()}
    if layer.head == "Concatenate" and shape is not None:
        axis = layer.values.get("axis", -1)
        over = int(axis) % len(shape) if isinstance(axis, (int, float)) else -1
        return {
            name: _all(sight, layer, lost=True) if sight.axis == over else sight
            for name, sight in met.items()
        }
    return met


def _attention(
    layer: Layer, call: Call, flowing: Sequence[Sights], named: Mapping[str, Sequence[Sights]]
) -> dict[str, Sight]:
    flag = call.named.get("use_causal_mask")
    causal = isinstance(flag, Const) and bool(flag.value) and layer.values.get("attention_axes") is None
    query = flowing[0] if flowing else {}
    others = [*flowing[1:], *(sights for group in named.values() for sights in group)]
    found = dict(query)
    for sights in others or [query]:
        for name, sight in sights.items():
            mine = query.get(name)
            if mine is None or mine.axis is None:
                found[name] = replace(sight, axis=None)
            elif causal and sight.axis == mine.axis and sight.scale == mine.scale:
                found[name] = replace(_both(found[name], sight, layer), low=-EVERYTHING)
            else:
                found[name] = _all(mine, layer)
    return found


def _op(layer: Layer, flowing: Sequence[Sights], shape: Shape | None, rank: int | None) -> dict[str, Sight]:
    met = _meet(layer, flowing)
    if layer.head in _POINTWISE_OPS:
        return met
    if layer.head in _REDUCTIONS:
        return {name: _reduced(sight, layer, rank) for name, sight in met.items()}
    if layer.head == "dot_product_attention":
        if layer.values.get("is_causal"):
            return {name: replace(sight, low=-EVERYTHING) for name, sight in met.items()}
        return {name: _all(sight, layer) for name, sight in met.items()}
    return {name: _all(sight, layer, lost=True) for name, sight in met.items()}


def _reduced(sight: Sight, layer: Layer, rank: int | None) -> Sight:
    axes = layer.values.get("axis")
    if sight.axis is None:
        return sight
    if axes is None or rank is None:
        return _drop(sight, layer)
    listed = [int(axis) for axis in (axes if isinstance(axes, list) else [axes])]
    whole = rank if layer.values.get("keepdims") else rank + len(listed)
    over = {axis % whole for axis in listed}
    if sight.axis in over:
        return _drop(sight, layer)
    if layer.values.get("keepdims"):
        return sight
    return replace(sight, axis=sight.axis - sum(axis < sight.axis for axis in over))


_WITH_STATES = frozenset(
    {"LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"}
)
_ATTENTION = frozenset({"MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"})
_JOINS = frozenset(
    "Add Subtract Multiply Average Maximum Minimum Concatenate Dot CustomScaleLayer GaussianSample".split()
)
_POINTWISE_OPS = frozenset(
    "add subtract multiply divide true_divide power maximum minimum abs absolute exp log log1p expm1 sqrt "
    "rsqrt square negative sign sin cos tan tanh sigmoid relu relu6 silu gelu elu selu softplus softsign "
    "leaky_relu hard_sigmoid log_sigmoid clip where greater greater_equal less less_equal equal not_equal "
    "logical_and logical_or logical_not cast floor ceil round isnan isfinite nan_to_num mod floor_divide "
    "stop_gradient reciprocal arctan arctan2".split()
)
_REDUCTIONS = frozenset(
    "sum mean max min prod var std any all logsumexp count_nonzero argmax argmin median quantile".split()
)

_COUNTING = (_window, _padding, _upsampling, _reshape)
_RULES: dict[str, Rule] = {
    **dict.fromkeys(
        (
            "Embedding",
            "Activation",
            "ReLU",
            "LeakyReLU",
            "PReLU",
            "ELU",
            "Dropout",
            "AlphaDropout",
            "GaussianDropout",
            "GaussianNoise",
            "SpatialDropout1D",
            "SpatialDropout2D",
            "SpatialDropout3D",
            "ActivityRegularization",
            "Identity",
            "Masking",
            "BatchNormalization",
            "Rescaling",
            "Normalization",
            "LayerScale",
            "AddLoss",
            "CausalNormalization",
            "LearnedPosition",
            "SinusoidalPosition",
        ),
        _same,
    ),
    **dict.fromkeys(
        ("LayerNormalization", "RMSNormalization", "UnitNormalization", "Softmax", "GroupNormalization"),
        _over_axes,
    ),
    **dict.fromkeys(
        [f"{kind}{n}D" for n in (1, 2, 3) for kind in ("Conv", "MaxPooling", "AveragePooling")]
        + [f"{kind}{n}D" for n in (1, 2) for kind in ("SeparableConv", "DepthwiseConv")],
        _window,
    ),
    **dict.fromkeys(
        ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), _recurrent
    ),
    **dict.fromkeys([f"Global{kind}Pooling{n}D" for n in (1, 2, 3) for kind in ("Max", "Average")], _global),
    **dict.fromkeys([f"{kind}{n}D" for n in (1, 2, 3) for kind in ("ZeroPadding", "Cropping")], _padding),
    **dict.fromkeys([f"UpSampling{n}D" for n in (1, 2, 3)], _upsampling),
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    "Dense": _dense,
    "RepeatVector": _repeat,
    # the zoo's own
    **dict.fromkeys(("BiN", "DAIN", "TABL"), _whole_window),
    "ColumnGather": _mixed_axis,
    "Frames": _frames,
    "GatedAxialAttention": _axial,
    "LinearPosition": _features,
    "LogBoF": _histogram,
    "ReplicatePadding1D": _padding,
    "RevIN": _over_time,
    "SeriesDecomposition": _moving_average,
    "TemporalNBoF": _features,
    "TwoDAttention": _mixed_axis,
    "WeightNormConv1D": _window,
}
