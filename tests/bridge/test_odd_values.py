"""Values people rarely have, and what is refused: by name, by place, and never by a guess."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from r_bridge import r_memory
from r_bridge.errors import RValueError
from r_bridge.tensors import tensor
from r_bridge.to_python import plain
from r_bridge.to_r import to_r


@pytest.mark.parametrize(
    "code, word",
    [
        ("new.env()", "an R environment"),
        ("sum", "an R function"),
        ("function(x) x", "an R function"),
        ("y ~ x", "an R call of class formula"),
        ("quote(a)", "an R symbol"),
        ("expression(1)", "an R expression"),
        ("as.pairlist(list(a = 1))", "a pairlist"),
        ("1i", "a complex vector"),
        ("setClass('Point', representation(x = 'numeric'))(x = 1)", "an S4 object of class Point"),
        ("structure(list(f = sum), class = 'thing')", r"`value\$f` is an R function"),
    ],
)
def test_what_has_no_counterpart_is_named(r, code, word):
    with pytest.raises(RValueError, match=word):
        plain(r(code), "value")


def test_texts_in_every_encoding(r):
    assert plain(r("{ x <- 'fa\\xE7ile'; Encoding(x) <- 'latin1'; x }")) == "façile"
    assert plain(r("'\\u00df\\U1F600'")) == "ß😀"
    for mark in ("bytes", "UTF-8"):
        with pytest.raises(RValueError, match=r"\[2\] of `name`") as caught:
            plain(r(f"{{ x <- c('a', 'fa\\xE7ile'); Encoding(x) <- '{mark}'; x }}"), "name")
        assert caught.value.code == "value.encoding"


def test_names_with_odd_characters(r):
    code = "setNames(list(1, 2, 3), c('a b', '\\u00e4-\\n`', '$\\\\'))"
    assert plain(r(code)) == {"a b": 1, "ä-\n`": 2, "$\\": 3}
    assert plain(to_r({"ä b": {"`": [1.5, "$"]}})) == {"ä b": {"`": [1.5, "$"]}}


def test_a_character_matrix_keeps_its_dimensions(r):
    made = plain(r("matrix(c('a', 'b', 'c', NA), 2)"))
    assert made.tolist() == [["a", "c"], ["b", None]]


@pytest.mark.parametrize(
    "code, values",
    [("1:1e6", np.arange(1, 10**6 + 1)), ("rev(1:5)", [5, 4, 3, 2, 1]), ("-2:2", range(-2, 3))],
)
def test_compact_sequences_are_numbers(r, code, values):
    assert np.array_equal(tensor(r(code)), values)


def test_whole_numbers_of_64_bits(r):
    whole = r("structure(c(4.9406564584124654e-324, 1.4821969375237396e-323), class = 'integer64')")
    assert plain(whole) == [1, 3]
    assert tensor(whole, dtype="float32").tolist() == [1, 3]
    with pytest.raises(RValueError, match=r"integer64\) has a missing value .* \[2\]"):
        tensor(r("structure(c(4.9406564584124654e-324, -0), class = 'integer64')"), "x")


@pytest.mark.parametrize(
    "code, dtype, wrong",
    [("c(1, 300)", "uint8", "300"), ("c(1, 2^40)", "int32", "1.0995"), ("0:2", "bool", "2")],
)
def test_numbers_out_of_range_are_no_codes(r, code, dtype, wrong):
    with pytest.raises(RValueError, match=rf"must hold whole numbers \({dtype}\); \[\d\] is {wrong}"):
        tensor(r(code), "x", dtype)


def test_an_empty_level_is_a_level_and_na_is_none(r):
    assert plain(r("factor(c('a', ''))")).levels == ("", "a")
    with pytest.raises(RValueError, match="`y` .* has the level NA"):
        tensor(r("addNA(factor(c('a', NA)))"), "y")


@pytest.mark.parametrize(
    "code, message",
    [
        ("data.frame(a = 1, a = 2, check.names = FALSE)", "two columns named `a`"),
        ("{ d <- data.frame(a = 1:2); d$m <- matrix(1:4, 2); d }", r"`d\$m` is a matrix"),
        ("{ d <- data.frame(a = 1:2); d$n <- data.frame(b = 1:2); d }", r"`d\$n` is a data frame"),
        ("data.frame(a = c(1L, NA))", r"`d\$a` \(integer\) has a missing value"),
    ],
)
def test_frames_that_pandas_cannot_hold_are_refused(r, code, message):
    with pytest.raises(RValueError, match=message):
        plain(r(code), "d")


def test_frames_without_rows_or_columns(r):
    assert plain(r("data.frame()")).shape == (0, 0)
    assert plain(r("data.frame(row.names = 1:3)")).shape == (3, 0)
    assert plain(r("data.frame(a = integer(), b = character())")).shape == (0, 2)


def test_a_tibble_with_a_list_column(r):
    frame = plain(r("tibble::tibble(n = 1:2, l = list(1, c('a', 'b')))"))
    assert frame["n"].tolist() == [1, 2] and frame["l"].tolist() == [1, ["a", "b"]]


def test_a_frame_of_numbers_is_one_matrix_of_the_types_it_holds(r):
    code = "{ d <- data.frame(a = c(1.5, 2), b = 3:4, c = c(TRUE, FALSE)); d$m <- matrix(5:8, 2); d }"
    made = tensor(r(code))
    assert made.dtype == np.float32 and made.flags.c_contiguous
    assert made.tolist() == [[1.5, 3, 1, 5, 7], [2, 4, 0, 6, 8]]
    assert tensor(r("data.frame(a = 1:2, b = c(TRUE, FALSE))")).dtype == np.int32
    with pytest.raises(RValueError, match=r"`x\$b` \(numeric\) has a missing value .* at \[2\]"):
        tensor(r("data.frame(a = 1:2, b = c(1, NA))"), "x")
    many = tensor(r("as.data.frame(matrix(as.numeric(1:60000), 20000))"))
    assert np.array_equal(many, np.arange(1, 60001, dtype=np.float32).reshape(3, 20000).T)


@pytest.mark.parametrize(
    "column, code",
    [
        (pd.Series([1, None], dtype="Int64"), "c(1L, NA)"),
        (pd.Series([True, None], dtype="boolean"), "c(TRUE, NA)"),
        (pd.Series([1.5, None], dtype=object), "c(1.5, NA)"),
        (pd.Series([1, "a"]), "c('1', 'a')"),
        (pd.Index(["a", "b"]), "c('a', 'b')"),
        (pd.period_range("2024", "2025", freq="Y"), "c('2024', '2025')"),
        (np.array(["a", "b"], np.dtypes.StringDType()), "c('a', 'b')"),
        (memoryview(b"ab"), "as.raw(c(97, 98))"),
    ],
)
def test_pythons_odd_columns(r, column, code):
    assert bool(r_memory.view(r("identical")(to_r(column), r(code)))[0])


def test_na_is_not_nan(r):
    assert r_memory.view(r("function(x) is.na(x) & !is.nan(x)")(to_r([1.5, None]))).tolist() == [0, 1]
    assert r_memory.view(r("is.nan")(to_r([1.5, float("nan")]))).tolist() == [0, 1]


def test_arrays_beyond_rs_limits_are_refused_before_memory_is_asked_for(rinterface):
    with pytest.raises(RValueError, match="larger than R can hold"):
        to_r(np.broadcast_to(np.float64(1), (2**31, 1)))
    with pytest.raises(RValueError, match="no memory for an R vector"):
        to_r(np.broadcast_to(np.float64(1), (2**24, 2**24)))


@pytest.mark.slow
def test_long_vectors(r):
    assert tensor(r("long <- numeric(1e8)")).shape == (10**8,)
    r("rm(long)")
    size = 2**31 + 5  # one place more than an integer counts, in bytes: raw vectors are the smallest
    assert len(plain(r(f"{{ long <- raw({size}); long[{size}] <- as.raw(7); long }}"))) == size
    r("rm(long); invisible(gc())")
