"""Shape rules of ops and of the step `at` against Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.spec.shapes import ShapeProblem, infer, ops
from zoo.spec.signatures import lookup

SIZE = st.one_of(st.none(), st.integers(1, 5))
SHAPE = st.lists(SIZE, min_size=1, max_size=3).map(lambda sizes: (None, *sizes))
SETTINGS = settings(max_examples=20, deadline=None, derandomize=True)


def keras_says(head: str, args: dict[str, Any], shapes: Any) -> list[Any] | None:
    signature = lookup("ops", head)
    assert signature is not None
    tensors = [keras.KerasTensor(shape) for shape in shapes]
    args = {name: tuple(value) if isinstance(value, list) else value for name, value in args.items()}
    try:
        if signature.variadic:
            made = getattr(keras.ops, head)(args["subscripts"], *tensors)
        elif signature.takes_list:
            made = getattr(keras.ops, head)(tensors, **args)
        else:
            made = getattr(keras.ops, head)(**dict(zip(signature.tensors, tensors, strict=False)), **args)
    except (ValueError, TypeError, IndexError):
        return None
    return [tuple(one.shape) for one in (made if isinstance(made, (list, tuple)) else [made])]


def check(head: str, args: dict[str, Any], shapes: Any) -> None:
    said = keras_says(head, args, shapes)
    try:
        found = infer(head, "ops", args, shapes)
    except ShapeProblem as problem:
        # Keras's symbolic einsum compares no sizes; its arrays do.
        assert said is None or head == "einsum", (problem.message, said)
        return
    if found is not None:
        assert said is not None, found
        assert len(found) == len(said)
        for ours, theirs in zip(found, said, strict=True):
            assert len(ours) == len(theirs), (ours, theirs)
            assert all(b is None or a == b for a, b in zip(ours, theirs, strict=True)), (ours, theirs)


# What must be given beside the tensor.
UNARY_ARGS: dict[str, dict[str, Any]] = {
    "cast": {"dtype": "float16"},
    "roll": {"shift": 1},
    "clip": {"x_min": 0.0, "x_max": 1.0},
    "threshold": {"threshold": 0.5, "default_value": 0.0},
}


@pytest.mark.parametrize("head", sorted(head for head, rule in ops.RULES.items() if rule is ops.unary))
@settings(max_examples=4, deadline=None, derandomize=True)
@given(shape=SHAPE)
def test_ops_that_keep_the_shape(head: str, shape: Any) -> None:
    check(head, UNARY_ARGS.get(head, {}), [shape])
    assert infer(head, "ops", UNARY_ARGS.get(head, {}), [shape]) == (shape,)


@SETTINGS
@given(
    shape=SHAPE,
    axis=st.one_of(st.none(), st.integers(-3, 3)),
    head=st.sampled_from(["cumsum", "sort", "argsort"]),
)
def test_ops_along_an_axis(shape: Any, axis: int | None, head: str) -> None:
    check(head, {"axis": axis}, [shape])


@pytest.mark.parametrize("head", sorted(head for head, rule in ops.RULES.items() if rule is ops.binary))
@settings(max_examples=8, deadline=None, derandomize=True)
@given(left=SHAPE, data=st.data())
def test_ops_that_stretch(head: str, left: Any, data: st.DataObject) -> None:
    near = (st.sampled_from([size, size, 1, 4]) for size in left[1:])
    right = (None, *(data.draw(size) for size in near))[data.draw(st.integers(0, 1)) :]
    check(head, {}, [left, right])
    check(head, {}, [right, left])


def test_a_constant_has_no_axes() -> None:
    assert infer("multiply", "ops", {}, [(None, 3)], named={"x2": ()}) == ((None, 3),)
    assert infer("subtract", "ops", {}, [(None, 3)], named={"x1": ()}) == ((None, 3),)


@pytest.mark.parametrize("head", sorted(head for head, rule in ops.RULES.items() if rule is ops.reduction))
@settings(max_examples=8, deadline=None, derandomize=True)
@given(shape=SHAPE, keepdims=st.booleans(), axis=st.one_of(st.none(), st.integers(-3, 3)), pair=st.booleans())
def test_reductions(head: str, shape: Any, keepdims: bool, axis: int | None, pair: bool) -> None:
    axes = (
        [axis, 0]
        if pair and axis not in (None, 0) and abs(axis or 0) < len(shape) and axis != -len(shape)
        else axis
    )
    check(head, {"axis": axes, "keepdims": keepdims}, [shape])


@SETTINGS
@given(shape=SHAPE, axis=st.one_of(st.none(), st.integers(-3, 3)))
def test_places_of_the_largest(shape: Any, axis: int | None) -> None:
    check("argmax", {"axis": axis}, [shape])


@SETTINGS
@given(lead=SIZE, i=SIZE, j=SIZE, k=SIZE, wrong=st.booleans())
def test_matmul(lead: Any, i: Any, j: Any, k: Any, wrong: bool) -> None:
    check("matmul", {}, [(lead, i, j), (lead, 9 if wrong else j, k)])


@SETTINGS
@given(shape=SHAPE, target=st.lists(st.sampled_from([-1, 1, 2, 3, 4]), min_size=1, max_size=3))
def test_reshape(shape: Any, target: list[int]) -> None:
    check("reshape", {"newshape": target}, [shape])
    check("reshape", {"newshape": target}, [shape[1:]])


@SETTINGS
@given(shape=SHAPE, data=st.data())
def test_transpose(shape: Any, data: st.DataObject) -> None:
    axes = data.draw(st.one_of(st.none(), st.permutations(range(len(shape))).map(list), st.just([0, 0])))
    check("transpose", {"axes": axes}, [shape])


@SETTINGS
@given(
    shape=st.lists(SIZE, min_size=3, max_size=3),
    axis=st.integers(-3, 2),
    sizes=st.lists(SIZE, min_size=2, max_size=3),
)
def test_concatenate_and_stack(shape: list[Any], axis: int, sizes: list[Any]) -> None:
    check(
        "concatenate",
        {"axis": axis},
        [tuple(size if at == axis % 3 else s for at, s in enumerate(shape)) for size in sizes],
    )
    check("stack", {"axis": axis}, [tuple(shape)] * len(sizes))


@SETTINGS
@given(shape=SHAPE, axis=st.integers(-2, 1), parts=st.one_of(st.integers(1, 3), st.just([1, 2])))
def test_split(shape: Any, axis: int, parts: Any) -> None:
    check(
        "split",
        {"indices_or_sections": parts, "axis": axis},
        [tuple(2 if size is None else size for size in shape)],
    )


@SETTINGS
@given(shape=SHAPE, axis=st.one_of(st.integers(-3, 3), st.just([0, 2])))
def test_expand_dims_and_squeeze(shape: Any, axis: Any) -> None:
    check("expand_dims", {"axis": axis}, [shape])
    check("squeeze", {"axis": axis}, [shape])


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("bij,bjk->bik", [(None, 3, 4), (None, 4, 5)]),
        ("bij,bjk->bik", [(None, 3, 4), (None, 6, 5)]),
        ("btf,btfu->btu", [(None, 7, 3), (None, 7, 3, 2)]),
        ("...i,ij->...j", [(None, 7, 3), (3, 2)]),
        ("ab->ba", [(None, 3)]),
        ("abc->ca", [(None, 3)]),
    ],
)
def test_einsum(equation: str, shapes: Any) -> None:
    check("einsum", {"subscripts": equation}, shapes)


def test_dot_product_attention() -> None:
    shapes = [(None, 5, 2, 4), (None, 7, 2, 4), (None, 7, 2, 4)]
    check("dot_product_attention", {}, shapes)
    named = {"key": shapes[1], "value": shapes[2]}
    assert infer("dot_product_attention", "ops", {"is_causal": True}, shapes[:1], named=named) == (shapes[0],)


@SETTINGS
@given(shape=SHAPE, axes=st.tuples(st.integers(-3, 3), st.integers(-3, 3)))
def test_swapaxes_and_one_hot(shape: Any, axes: tuple[int, int]) -> None:
    check("swapaxes", {"axis1": axes[0], "axis2": axes[1]}, [shape])
    check("one_hot", {"num_classes": 4, "axis": axes[0]}, [shape])


def test_where() -> None:
    check("where", {}, [(None, 1), (None, 3), (4, None, 3)])
    check("where", {}, [(None, 2), (None, 3), (4, None, 3)])
    assert infer("where", "ops", {}, [(None, 3)], named={"x1": (), "x2": ()}) == ((None, 3),)


PART = st.one_of(
    st.integers(-6, 6),
    st.tuples(st.one_of(st.none(), st.integers(-6, 6)), st.one_of(st.none(), st.integers(-6, 6))).map(list),
    st.tuples(st.none(), st.none(), st.sampled_from([1, 2, 3])).map(list),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=3), data=st.data())
def test_at_slices_as_numpy_does(sizes: list[int], data: st.DataObject) -> None:
    where = data.draw(st.dictionaries(st.integers(1, len(sizes)), PART, min_size=1))
    index = [where.get(axis, [None, None]) for axis in range(len(sizes) + 1)]
    array = np.zeros((2, *sizes))
    try:
        kept = array[tuple(slice(*part) if isinstance(part, list) else part for part in index)].shape
    except IndexError:
        kept = None
    try:
        found = infer("at", "at", {str(axis): part for axis, part in where.items()}, [(None, *sizes)])
    except ShapeProblem:
        assert kept is None or 0 in kept
    else:
        assert kept is not None and found == ((None, *kept[1:]),)
