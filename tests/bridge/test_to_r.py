"""Python values as R values, number by number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from r_bridge import r_memory
from r_bridge.handles import Handle
from r_bridge.tensors import tensor
from r_bridge.to_python import plain
from r_bridge.to_r import to_r
from r_bridge.without_na import Factor

IDENTICAL = "function(a, b) identical(a, b)"


@pytest.fixture
def same(rinterface, r):
    """Whether a Python value becomes exactly the R value of some code."""

    def compare(value, code):
        return bool(r_memory.view(r(IDENTICAL)(to_r(value), r(code)))[0])

    return compare


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "int64", "uint8", "uint32", "int32", "int8", "bool", "float16"]
)
@pytest.mark.parametrize("dims", [(3,), (2, 3), (2, 3, 4), (2, 3, 2, 2)])
def test_arrays_keep_every_number_where_it_was(rinterface, dims, dtype):
    values = (
        np.arange(np.prod(dims)).reshape(dims) % 2
        if dtype == "bool"
        else np.arange(np.prod(dims)).reshape(dims)
    ).astype(dtype)
    made = to_r(values)
    kind = {"bool": "LGLSXP", "int32": "INTSXP", "int8": "INTSXP"}.get(dtype, "REALSXP")
    assert r_memory.type_name(made) == kind
    assert r_memory.dimensions(made) == (None if len(dims) == 1 else dims)
    element = rinterface.baseenv["[["]
    for index in np.ndindex(*dims):
        assert r_memory.view(element(made, *(i + 1 for i in index)))[0] == values[index]


def test_arrays_that_are_not_contiguous_cross_too(rinterface):
    values = np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1)[::2]
    assert np.array_equal(tensor(to_r(values)), values)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 4)])
def test_empty_arrays_keep_their_dimensions(rinterface, shape):
    assert tensor(to_r(np.empty(shape, np.float32))).shape == shape


@pytest.mark.parametrize(
    "value, code",
    [
        (None, "NULL"),
        (True, "TRUE"),
        (3, "3L"),
        (2**40, "2^40"),
        (-(2**31), "-2^31"),
        (0.5, "0.5"),
        (np.float32(0.5), "0.5"),
        (np.int64(7), "7L"),
        (np.array(2.5), "2.5"),
        ("Größe", "'Gr\\u00f6\\u00dfe'"),
        (["a", None], "c('a', NA)"),
        ([1.5, 2], "c(1.5, 2)"),
        ([1, None], "c(1L, NA)"),
        ([True, None], "c(TRUE, NA)"),
        ((1, 2), "1:2"),
        ([], "list()"),
        ([1, "a"], "list(1L, 'a')"),
        ({"a": 1.5, "b": "x"}, "list(a = 1.5, b = 'x')"),
        (b"\x00\xff", "as.raw(c(0, 255))"),
        (np.array([1.0, np.nan]), "c(1, NaN)"),
        (np.array([-(2**31), 1], np.int32), "c(-2147483648, 1)"),
        (np.array(["a", "b"]), "c('a', 'b')"),
        (
            Factor(np.array([2, 0], np.int32), ("d", "s", "u")),
            "factor(c('u', 'd'), levels = c('d', 's', 'u'))",
        ),
    ],
)
def test_values(same, value, code):
    assert same(value, code)


def test_a_frame(same):
    frame = pd.DataFrame(
        {
            "x": [1.5, np.nan],
            "n": np.array([1, 2], np.int32),
            "s": ["a", None],
            "f": pd.Categorical.from_codes([1, -1], categories=["d", "u"]),
        },
        index=[7, 9],
    )
    assert same(
        frame,
        "data.frame(x = c(1.5, NaN), n = 1:2, s = c('a', NA), f = factor(c('u', NA), levels = c('d', 'u')))",
    )


def test_times_come_back(rinterface):
    stamps = pd.to_datetime(["2024-03-31 01:30:00.123456", "2024-03-31 03:30:00.5"]).tz_localize(
        "Europe/Zurich"
    )
    back = plain(to_r(pd.DataFrame({"t": stamps})))
    assert str(back["t"].dt.tz) == "Europe/Zurich"
    assert abs((back["t"] - stamps).dt.total_seconds()).max() < 2e-6


@pytest.mark.parametrize("value", [object(), {1, 2}, np.array([1j]), lambda: 1])
def test_what_has_no_counterpart_is_a_type_error_and_never_null(rinterface, value):
    with pytest.raises(TypeError, match="no counterpart in R"):
        to_r(value)


def test_a_handle_is_marked_for_the_r_package(same):
    assert same(
        Handle(3, "p", "spec"),
        "structure(list(number = 3L, process = 'p', kind = 'spec'), class = 'speczoo_number')",
    )


def test_large_arrays_are_not_copied_element_by_element(rinterface):
    values = np.random.default_rng(0).random((100, 100, 50), np.float32)
    assert np.array_equal(tensor(to_r(values)), values)
