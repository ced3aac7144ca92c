"""Shape rules of wrappers, attention and Einstein sums against Keras, and what is not known."""

from __future__ import annotations

import contextlib
from typing import Any

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.spec.graph import Argument, Declared, Object
from zoo.spec.shapes import ShapeProblem, infer, known, parameters
from zoo.spec.signatures import lookup, names

SEQUENCE = (None, 6, 3)


def written(head: str, **args: Any) -> Object:
    """An inner layer as a graph holds it."""
    return Object(head, "layers", {name: Argument(value) for name, value in args.items()})


def outputs(made: Any) -> list[tuple[int | None, ...]]:
    return [tuple(one.shape) for one in (made if isinstance(made, (list, tuple)) else [made])]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    inner=st.sampled_from(["LSTM", "GRU", "SimpleRNN"]),
    merge=st.sampled_from(["concat", "sum", "mul", "ave", None]),
    sequences=st.booleans(),
    state=st.booleans(),
    time=st.one_of(st.none(), st.integers(1, 5)),
)
def test_bidirectional(inner: str, merge: str | None, sequences: bool, state: bool, time: int | None) -> None:
    args = {"units": 2, "return_sequences": sequences, "return_state": state}
    layer = keras.layers.Bidirectional(getattr(keras.layers, inner)(**args), merge_mode=merge)
    made = layer(keras.KerasTensor((None, time, 3)))
    ours = {"layer": written(inner, **args), "merge_mode": merge}
    assert list(infer("Bidirectional", "layers", ours, [(None, time, 3)]) or ()) == outputs(made)
    assert parameters("Bidirectional", ours, [(None, time, 3)]) == layer.count_params()


@pytest.mark.parametrize(
    ("head", "args", "shape"),
    [
        ("LSTM", {"units": 4}, (None, 5, 6, 1)),
        ("Dense", {"units": 4}, (None, 5, 3)),
        ("Conv2D", {"filters": 2, "kernel_size": 3}, (None, 5, 8, 8, 1)),
        ("Flatten", {}, (None, 5, 2, 3)),
    ],
)
def test_time_distributed(head: str, args: Any, shape: Any) -> None:
    layer = keras.layers.TimeDistributed(getattr(keras.layers, head)(**args))
    made = layer(keras.KerasTensor(shape))
    ours = {"layer": written(head, **args)}
    assert list(infer("TimeDistributed", "layers", ours, [shape]) or ()) == outputs(made)
    assert parameters("TimeDistributed", ours, [shape]) == layer.count_params()


def test_wrappers_in_wrappers() -> None:
    inner = written("Bidirectional", layer=written("LSTM", units=4))
    layer = keras.layers.TimeDistributed(keras.layers.Bidirectional(keras.layers.LSTM(4)))
    made = layer(keras.KerasTensor((None, 5, 6, 1)))
    assert list(infer("TimeDistributed", "layers", {"layer": inner}, [(None, 5, 6, 1)]) or ()) == outputs(
        made
    )
    assert parameters("TimeDistributed", {"layer": inner}, [(None, 5, 6, 1)]) == layer.count_params()


def test_a_submodel_in_a_wrapper_is_asked_through_inner() -> None:
    ours = {"layer": Declared("encoder")}
    assert infer("TimeDistributed", "layers", ours, [(None, 5, 6, 1)]) is None
    found = infer(
        "TimeDistributed", "layers", ours, [(None, 5, 6, 1)], inner=lambda shapes: ((shapes[0][0], 9),)
    )
    assert found == ((None, 5, 9),)
    assert parameters("TimeDistributed", ours, [(None, 5, 6, 1)], inner=70) == 70


def test_the_inner_layer_of_a_wrapper_may_have_the_problem() -> None:
    with pytest.raises(ShapeProblem, match=r"LSTM reads \(batch, time, feature\) and receives \(batch, 6\)"):
        infer("TimeDistributed", "layers", {"layer": written("LSTM", units=4)}, [(None, 5, 6)])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    sizes=st.tuples(*(st.integers(1, 5) for _ in range(6))),
    has_key=st.booleans(),
    value_dim=st.one_of(st.none(), st.integers(1, 3)),
    bias=st.booleans(),
    scores=st.booleans(),
)
def test_multi_head_attention(
    sizes: Any, has_key: bool, value_dim: int | None, bias: bool, scores: bool
) -> None:
    long, wide, value_long, value_wide, key_wide, width = sizes
    named = {"value": (None, value_long, value_wide)} | (
        {"key": (None, value_long, key_wide)} if has_key else {}
    )
    args = {"num_heads": 2, "key_dim": width, "value_dim": value_dim, "use_bias": bias}
    layer = keras.layers.MultiHeadAttention(**args)
    tensors = {name: keras.KerasTensor(shape) for name, shape in named.items()}
    made = outputs(layer(keras.KerasTensor((None, long, wide)), **tensors, return_attention_scores=scores))
    if scores:
        # Keras's symbolic shape of the scores has the query's length twice; its arrays have the key's.
        made[1] = (None, 2, long, value_long)
    ours = args | {"return_attention_scores": scores}
    assert list(infer("MultiHeadAttention", "layers", ours, [(None, long, wide)], named=named) or ()) == made
    listed = [(None, long, wide), *named.values()]
    assert list(infer("MultiHeadAttention", "layers", ours, listed) or ()) == made
    counted = parameters("MultiHeadAttention", args, [(None, long, wide)], named=named)
    assert counted == layer.count_params()


def test_grouped_query_attention() -> None:
    args = {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2}
    query, value = (None, 5, 6), (None, 7, 6)
    layer = keras.layers.GroupQueryAttention(**args)
    made = layer(keras.KerasTensor(query), keras.KerasTensor(value), return_attention_scores=True)
    ours = args | {"return_attention_scores": True}
    assert list(infer("GroupQueryAttention", "layers", ours, [query, value]) or ()) == outputs(made)
    with pytest.raises(ShapeProblem, match="do not divide"):
        infer("GroupQueryAttention", "layers", args | {"num_key_value_heads": 3}, [query, value])
    with pytest.raises(ShapeProblem, match="different lengths"):
        infer("GroupQueryAttention", "layers", args, [query, value, (None, 8, 6)])


@pytest.mark.parametrize(
    ("equation", "output", "bias", "shape"),
    [
        ("ab,bc->ac", 4, None, (None, 3)),
        ("abc,cd->abd", [None, 4], "d", (None, 5, 3)),
        ("abc,cde->abde", [5, 2, 3], "de", (None, 5, 3)),
        ("abcd,cde->abe", [5, 4], "e", (None, 5, 2, 3)),
    ],
)
def test_einsum_dense(equation: str, output: Any, bias: str | None, shape: Any) -> None:
    args = {"equation": equation, "output_shape": output, "bias_axes": bias}
    layer = keras.layers.EinsumDense(
        equation, tuple(output) if isinstance(output, list) else output, bias_axes=bias
    )
    made = layer(keras.KerasTensor(shape))
    found = infer("EinsumDense", "layers", args, [shape])
    # Keras forgets a size that `output_shape` leaves open.
    assert found is not None
    assert all(b is None or a == b for a, b in zip(found[0], made.shape, strict=True))
    assert parameters("EinsumDense", args, [shape]) == layer.count_params()


@pytest.mark.parametrize(
    ("head", "args", "inputs", "kind", "message"),
    [
        (
            "LSTM",
            {"units": 3},
            [(None, 40)],
            "time",
            "LSTM reads (batch, time, feature) and receives (batch, 40)",
        ),
        ("Dense", {"units": 3}, [(None, 100, None)], "size", "must know the size of the last axis"),
        ("Conv1D", {"filters": 3, "kernel_size": 9}, [(None, 5, 2)], "size", "reaches over 9 steps"),
        (
            "Reshape",
            {"target_shape": [7, 3]},
            [(None, 4, 5)],
            "size",
            "cannot make [7, 3] of 4 × 5 = 20 numbers",
        ),
        ("Concatenate", {}, [(None, 3, 2), (None, 4, 2)], "merge", "axis 1 differs"),
        ("Add", {}, [(None, 3), (None, 4)], "merge", "Add cannot join (batch, 3) and (batch, 4): 3 is not 4"),
        ("Dense", {"units": 3}, [(None, 3), (None, 4)], "merge", "Dense takes one tensor and receives 2"),
        ("Dropout", {"rate": 0.2, "noise_shape": [None, 1]}, [(None, 4, 2)], "rank", "`noise_shape`"),
    ],
)
def test_problems_say_what_is_wanted_and_what_came(
    head: str, args: Any, inputs: Any, kind: str, message: str
) -> None:
    with pytest.raises(ShapeProblem) as caught:
        infer(head, "layers", args, inputs)
    assert message in caught.value.message
    assert caught.value.kind == kind


def test_what_is_not_known_is_none() -> None:
    assert infer("ConvLSTM2D", "layers", {"filters": 2, "kernel_size": 3}, [(None, 3, 4, 4, 1)]) is None
    assert not known("ConvLSTM2D") and known("MaxPool2D") and known("add", "ops") and not known("fft", "ops")
    assert infer("Dense", "layers", {"units": 3}, [None]) is None
    assert infer("Dense", "layers", {"units": "3"}, [(None, 4)]) is None
    assert infer("Dense", "layers", {}, [(None, 4)]) is None
    assert infer("NoSuchLayer", "layers", {}, [(None, 4)]) is None
    assert parameters("ConvLSTM2D", {"filters": 2, "kernel_size": 3}, [(None, 3, 4, 4, 1)]) is None
    assert parameters("Dropout", {"rate": 0.1}, [(None, 4)]) == 0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.sampled_from(["same", "ab->", "", "-"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_values_give_shapes_a_problem_or_nothing(data: st.DataObject) -> None:
    family = data.draw(st.sampled_from(["layers", "ops", "at"]))
    head = data.draw(st.sampled_from([name for name in names(family) if known(name, family)] or ["at"]))
    signature = lookup(family, head)
    keys = list(signature.arguments) if signature else [0, 1, "1", "x"]
    args = data.draw(st.dictionaries(st.sampled_from(keys), VALUES)) if keys else {}
    shape = st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=5).map(tuple)
    inputs = data.draw(st.lists(shape, max_size=3))
    for ask in (lambda: infer(head, family, args, inputs), lambda: parameters(head, args, inputs)):
        with contextlib.suppress(ShapeProblem):
            ask()


@pytest.mark.parametrize(
    ("head", "args"),
    [
        ("Dense", {"units": 0}),
        ("Conv1D", {"filters": 2, "kernel_size": [0]}),
        ("Conv1D", {"filters": 2, "kernel_size": 1, "groups": 0}),
    ],
)
def test_sizes_that_must_be_positive(head: str, args: Any) -> None:
    with pytest.raises(ShapeProblem, match="must be 1 or more and is 0"):
        infer(head, "layers", args, [(None, 4, 2)])
    with pytest.raises(ValueError):
        getattr(keras.layers, head)(**args)


def test_a_fixed_batch_stays() -> None:
    assert infer("LSTM", "layers", {"units": 3, "return_state": True}, [(2, 5, 4)]) == (
        (2, 3),
        (2, 3),
        (2, 3),
    )
