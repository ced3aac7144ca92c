"""Shape rules and weight counts of layers against Keras, on random configurations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.spec.shapes import ShapeProblem, infer, parameters

Draw = Callable[[Any], Any]
SIZE = st.one_of(st.none(), st.integers(1, 7))
SMALL = st.integers(1, 3)
YES_NO = st.booleans()
FORMAT = st.sampled_from([None, "channels_last", "channels_first"])


def shape(draw: Draw, rank: int, sizes: Any = SIZE) -> tuple[int | None, ...]:
    """(batch, …) of `rank` axes; now and then an axis too many or too few."""
    rank += draw(st.sampled_from([0] * 12 + [1, -1]))
    return (None, *(draw(sizes) for _ in range(max(rank, 2) - 1)))


def per_axis(draw: Draw, rank: int, values: Any = SMALL) -> Any:
    """One number, or one a spatial axis."""
    return draw(st.one_of(values, st.lists(values, min_size=rank, max_size=rank)))


def _dense(draw: Draw, head: str) -> Any:
    return {"units": draw(SMALL), "use_bias": draw(YES_NO)}, [shape(draw, draw(st.integers(2, 4)))]


def _recurrent(draw: Draw, head: str) -> Any:
    args = {name: draw(YES_NO) for name in ("return_sequences", "return_state", "use_bias")}
    extra = {"reset_after": draw(YES_NO)} if head == "GRU" else {}
    return {"units": draw(SMALL), **args, **extra}, [shape(draw, 3)]


def _conv(draw: Draw, head: str) -> Any:
    rank = int(head[head.index("D") - 1]) if not head.startswith("Depthwise") else int(head[-2])
    args: dict[str, Any] = {
        "kernel_size": per_axis(draw, rank),
        "strides": per_axis(draw, rank),
        "dilation_rate": per_axis(draw, rank, st.sampled_from([1, 1, 2])),
        "padding": draw(
            st.sampled_from(["valid", "same", "causal"] if head == "Conv1D" else ["valid", "same"])
        ),
        "use_bias": draw(YES_NO),
    }
    if not head.startswith("Depthwise"):
        args["filters"] = draw(st.sampled_from([1, 2, 4]))
    if head in ("Conv1D", "Conv2D", "Conv3D"):
        args["groups"] = draw(st.sampled_from([1, 1, 2]))
    if head.startswith(("Depthwise", "Separable")):
        args["depth_multiplier"] = draw(SMALL)
    if head.endswith("Transpose"):
        args["output_padding"] = draw(st.one_of(st.none(), st.integers(0, 1)))
    if args["padding"] != "causal" and not head.startswith(("Depthwise", "Separable")):
        args["data_format"] = draw(FORMAT)
    return args, [shape(draw, rank + 2)]


def _pool(draw: Draw, head: str) -> Any:
    rank = int(head[-2])
    args = {
        "pool_size": per_axis(draw, rank),
        "strides": draw(st.none()) if draw(YES_NO) else per_axis(draw, rank),
        "padding": draw(st.sampled_from(["valid", "same"])),
        "data_format": draw(FORMAT),
    }
    return args, [shape(draw, rank + 2)]


def _global(draw: Draw, head: str) -> Any:
    return {"keepdims": draw(YES_NO), "data_format": draw(FORMAT)}, [shape(draw, int(head[-2]) + 2)]


def _pairs(name: str) -> Any:
    def make(draw: Draw, head: str) -> Any:
        rank = int(head[-2])
        pair = st.lists(st.integers(0, 2), min_size=2, max_size=2)
        whole = (
            pair if rank == 1 else st.lists(st.one_of(pair, st.integers(0, 2)), min_size=rank, max_size=rank)
        )
        value = draw(st.one_of(st.integers(0, 2), whole))
        if isinstance(value, list) and rank > 1 and len({isinstance(item, list) for item in value}) > 1:
            value = [item if isinstance(item, list) else [item, item] for item in value]
        extra = {"data_format": draw(FORMAT)} if rank > 1 else {}
        return {name: value, **extra}, [shape(draw, rank + 2)]

    return make


def _up(draw: Draw, head: str) -> Any:
    rank = int(head[-2])
    size = draw(SMALL) if rank == 1 else per_axis(draw, rank)
    return {"size": size, **({"data_format": draw(FORMAT)} if rank > 1 else {})}, [shape(draw, rank + 2)]


def _reshape(draw: Draw, head: str) -> Any:
    target = draw(st.lists(st.sampled_from([-1, 1, 2, 3, 4, 6]), min_size=1, max_size=3))
    return {"target_shape": target}, [
        shape(draw, draw(st.integers(2, 4)), st.sampled_from([None, 1, 2, 3, 4, 6]))
    ]


def _permute(draw: Draw, head: str) -> Any:
    rank = draw(st.integers(2, 4))
    dims = draw(st.permutations(range(1, rank)))
    return {"dims": list(dims)}, [shape(draw, rank)]


def _merge(draw: Draw, head: str) -> Any:
    count = 2 if head == "Subtract" else draw(st.integers(2, 3))
    whole = tuple(draw(SIZE) for _ in range(draw(st.integers(1, 3))))
    stretched = st.sampled_from([0, 0, 0, 0, 1, 2])
    shapes = []
    for _ in range(count):
        lead = draw(st.sampled_from([0, 0, 0, 1]))
        sizes = [{0: size, 1: 1, 2: draw(SIZE)}[draw(stretched)] for size in whole]
        shapes.append((None, *sizes[lead:]) if len(sizes) > lead else (None, *sizes))
    return {}, shapes


def _concatenate(draw: Draw, head: str) -> Any:
    rank = draw(st.integers(2, 4))
    axis = draw(st.one_of(st.just(-1), st.integers(1, rank - 1)))
    whole = [draw(SIZE) for _ in range(rank - 1)]
    shapes = []
    for _ in range(draw(st.integers(2, 3))):
        sizes = [draw(SIZE) if draw(st.integers(0, 7)) == 0 else size for size in whole]
        sizes[axis if axis < 0 else axis - 1] = draw(SIZE)
        shapes.append((None, *sizes))
    return {"axis": axis}, shapes


def _dot(draw: Draw, head: str) -> Any:
    sizes = st.integers(1, 4)
    left, right = (tuple(draw(sizes) for _ in range(draw(st.integers(1, 2)))) for _ in range(2))
    i, j = draw(st.integers(1, len(left))), draw(st.integers(1, len(right)))
    if draw(st.integers(0, 5)):
        right = (*right[: j - 1], left[i - 1], *right[j:])
    return {"axes": [i, j] if i != j or draw(YES_NO) else i}, [(None, *left), (None, *right)]


def _normalization(draw: Draw, head: str) -> Any:
    size = shape(draw, draw(st.integers(2, 4)))
    args: dict[str, Any] = {"axis": draw(st.integers(1, len(size) - 1)) if draw(YES_NO) else -1}
    if head in ("BatchNormalization", "LayerNormalization"):
        args |= {"center": draw(YES_NO), "scale": draw(YES_NO)}
    return args, [size]


def _groups(draw: Draw, head: str) -> Any:
    return {"groups": draw(st.sampled_from([1, 2, 3, -1]))}, [shape(draw, draw(st.integers(2, 4)))]


def _attention(draw: Draw, head: str) -> Any:
    features, time = draw(SMALL), draw(st.integers(1, 5))
    query = (None, draw(st.integers(1, 5)), features)
    value = (None, time, draw(SMALL) if head == "Attention" else features)
    key = (None, time if draw(st.integers(0, 5)) else 6, features if draw(st.integers(0, 5)) else 5)
    both = [query, value] if value[-1] == features and draw(YES_NO) else [query, value, key]
    return {"use_scale": draw(YES_NO)}, both


def _plain(draw: Draw, head: str) -> Any:
    return {}, [shape(draw, draw(st.integers(2, 4)))]


def _fixed(**values: Any) -> Any:
    return lambda draw, head: ({name: draw(value) for name, value in values.items()}, _plain(draw, head)[1])


def _of_rank(rank: int, **values: Any) -> Any:
    return lambda draw, head: ({name: draw(value) for name, value in values.items()}, [shape(draw, rank)])


RANKS = (1, 2, 3)
LAYERS: dict[str, Any] = {
    "Activation": _fixed(activation=st.just("relu")),
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), _merge),
    **dict.fromkeys(("AdditiveAttention", "Attention"), _attention),
    "BatchNormalization": _normalization,
    "Concatenate": _concatenate,
    **dict.fromkeys((f"Conv{rank}D{kind}" for rank in RANKS for kind in ("", "Transpose")), _conv),
    **dict.fromkeys((f"Cropping{rank}D" for rank in RANKS), _pairs("cropping")),
    "Dense": _dense,
    **dict.fromkeys((f"{kind}Conv{rank}D" for rank in (1, 2) for kind in ("Depthwise", "Separable")), _conv),
    "Dot": _dot,
    "Dropout": _fixed(rate=st.just(0.5)),
    "Embedding": _fixed(input_dim=SMALL, output_dim=SMALL),
    "Flatten": _plain,
    **dict.fromkeys(
        (f"Global{kind}Pooling{rank}D" for rank in RANKS for kind in ("Max", "Average")), _global
    ),
    "GroupNormalization": _groups,
    **dict.fromkeys(("GRU", "LSTM", "SimpleRNN"), _recurrent),
    "Identity": _plain,
    "LayerNormalization": _normalization,
    "LeakyReLU": _plain,
    "Masking": _plain,
    **dict.fromkeys((f"{kind}Pooling{rank}D" for rank in RANKS for kind in ("Max", "Average")), _pool),
    "Permute": _permute,
    "PReLU": lambda draw, head: ({}, [shape(draw, 3, SMALL)]),
    "RepeatVector": _of_rank(2, n=SMALL),
    "Reshape": _reshape,
    "RMSNormalization": _normalization,
    "Softmax": _normalization,
    **dict.fromkeys(
        (f"SpatialDropout{rank}D" for rank in RANKS), lambda d, h: ({"rate": 0.5}, [shape(d, int(h[-2]) + 2)])
    ),
    "UnitNormalization": _normalization,
    **dict.fromkeys((f"UpSampling{rank}D" for rank in RANKS), _up),
    **dict.fromkeys((f"ZeroPadding{rank}D" for rank in RANKS), _pairs("padding")),
}


def tuples(value: Any) -> Any:
    """What a builder hands to Keras: lists as tuples."""
    return tuple(tuples(item) for item in value) if isinstance(value, list) else value


def keras_says(layer: Any, shapes: list[Any], *, dtype: str = "float32", **flags: Any) -> list[Any] | None:
    """The shapes that Keras gives, or None when it stops, symbolically or on zeros."""
    tensors = [keras.KerasTensor(size, dtype=dtype) for size in shapes]
    listed = tensors[0] if len(tensors) == 1 else tensors
    try:
        made = layer(listed, **flags)
    except (ValueError, TypeError, IndexError, ZeroDivisionError):
        return None
    return [tuple(one.shape) for one in (made if isinstance(made, (list, tuple)) else [made])]


def stops_on_zeros(layer: Any, shapes: list[Any]) -> bool:
    """Whether a call on real arrays fails."""
    arrays = [np.zeros([2 if size is None else size for size in one], "float32") for one in shapes]
    try:
        layer(arrays[0] if len(arrays) == 1 else arrays)
    except Exception:
        return True
    return False


def as_precise(ours: Any, theirs: Any) -> bool:
    """Equal, or known to us where Keras leaves a size open."""
    return len(ours) == len(theirs) and all(b is None or a == b for a, b in zip(ours, theirs, strict=True))


def make(head: str, args: dict[str, Any]) -> Any:
    return getattr(keras.layers, head)(**{name: tuples(value) for name, value in args.items()})


@pytest.mark.parametrize("head", sorted(LAYERS))
@settings(max_examples=20, deadline=None, derandomize=True)
@given(data=st.data())
def test_layers(head: str, data: st.DataObject) -> None:
    args, shapes = LAYERS[head](data.draw, head)
    check(head, args, shapes)


def check(head: str, args: dict[str, Any], shapes: list[Any]) -> None:
    try:
        layer = make(head, args)
    except ValueError:
        layer = None
    said = keras_says(layer, shapes) if layer is not None else None
    try:
        found = infer(head, "layers", args, shapes)
    except ShapeProblem as problem:
        assert said is None or stops_on_zeros(layer, shapes), (problem.message, said)
        return
    assert found is not None
    assert said is not None, found
    assert len(found) == len(said) and all(map(as_precise, found, said)), (found, said)
    counted = parameters(head, args, shapes)
    assert counted is None or counted == layer.count_params()
