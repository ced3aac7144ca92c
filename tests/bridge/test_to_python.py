"""R values as Python values, number by number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from r_bridge import r_memory
from r_bridge.errors import RArgumentError, RValueError
from r_bridge.tensors import named_tensors, tensor
from r_bridge.to_python import plain
from r_bridge.without_na import Factor


@pytest.mark.parametrize("dims", [(4,), (2, 3), (2, 3, 4), (2, 3, 4, 5), (1, 1), (3, 1, 2), (2, 2, 2, 2, 3)])
def test_x_i_j_k_in_r_is_x_i_j_k_less_one_in_python(r, dims):
    text = ", ".join(map(str, dims))
    made = tensor(r(f"x <- array(runif({np.prod(dims)}), c({text}))"))
    assert made.shape == dims and made.dtype == np.float32 and made.flags.c_contiguous
    for index in np.ndindex(*dims):
        place = ", ".join(str(i + 1) for i in index)
        assert made[index] == np.float32(r_memory.view(r(f"x[{place}]"))[0])


@pytest.mark.parametrize(
    "code, dtype", [("1:6", "int32"), ("c(TRUE, FALSE)", "bool"), ("c(1, 2)", "float32")]
)
def test_each_type_keeps_its_kind(r, code, dtype):
    assert tensor(r(code)).dtype == dtype


def test_an_input_decides_the_type(r):
    assert tensor(r("matrix(c(1, 2, 3, 4), 2)"), "x", "int32").tolist() == [[1, 3], [2, 4]]
    assert tensor(r("1:3"), "x", "float32").dtype == np.float32
    assert tensor(r("c(TRUE, FALSE)"), "x", "float32").tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    "code, shape", [("numeric(0)", (0,)), ("matrix(0, 0, 3)", (0, 3)), ("array(0, c(2, 0, 3))", (2, 0, 3))]
)
def test_empty_arrays_keep_their_dimensions(r, code, shape):
    assert tensor(r(code)).shape == shape


def test_a_copy_is_made_and_the_view_cannot_be_written(r):
    vector = r("shared <- c(1, 2, 3)")
    view = r_memory.view(vector)
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 9
    made = tensor(vector)
    made[0] = 9
    assert r_memory.view(r("shared")).tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "code, kind, position, count",
    [
        ("c(1L, NA, 3L)", "integer", "[2]", "a missing value"),
        ("c(TRUE, NA, NA)", "logical", "[2]", "2 missing values"),
        ("factor(c('a', NA))", "factor", "[2]", "a missing value"),
        ("c(1, NA, NaN)", "numeric", "[2]", "2 missing values"),
        ("{ x <- array(0, c(2, 3, 4)); x[2, 3, 1] <- NA; x }", "numeric", "[2, 3, 1]", "a missing value"),
    ],
)
def test_missing_values_name_their_place(r, code, kind, position, count):
    with pytest.raises(RValueError) as caught:
        tensor(r(code), "x")
    assert kind in caught.value.message and count in caught.value.message
    assert caught.value.message.endswith(f"the first at {position}")


def test_missing_settings_are_refused_too(r):
    with pytest.raises(RValueError, match=r"`epochs` \(integer\) has a missing value"):
        plain(r("NA_integer_"), "epochs")


def test_infinite_values_name_their_place(r):
    with pytest.raises(RValueError, match=r"infinite.*\[1, 2\]"):
        tensor(r("matrix(c(1, 2, Inf, 4), 2)"), "x")


def test_fractions_are_no_codes(r):
    with pytest.raises(RValueError, match=r"whole numbers \(int32\); \[2\] is 1.5"):
        tensor(r("c(1, 1.5)"), "tokens", "int32")


def test_a_factor_counts_from_0_and_keeps_its_levels(r):
    made = tensor(r("factor(c('up', 'down', 'up'), levels = c('down', 'same', 'up'))"))
    assert isinstance(made, Factor)
    assert made.codes.tolist() == [2, 0, 2] and made.codes.dtype == np.int32
    assert made.levels == ("down", "same", "up")


def test_a_data_frame_of_numbers_is_a_matrix(r):
    made = tensor(r("data.frame(a = c(1, 2), b = 3:4)"))
    assert made.tolist() == [[1, 3], [2, 4]]
    with pytest.raises(RValueError, match=r"`x\$g` is a factor"):
        tensor(r("data.frame(a = 1, g = factor('u'))"))


@pytest.mark.parametrize(
    "code, word", [("'a'", "a character vector"), ("sum", "an R function"), ("1i", "a complex vector")]
)
def test_what_is_no_number_is_named(r, code, word):
    with pytest.raises(RValueError, match=word):
        tensor(r(code), "x")


@pytest.mark.parametrize(
    "code, value",
    [
        ("NULL", None),
        ("64", 64),
        ("0.5", 0.5),
        ("3L", 3),
        ("TRUE", True),
        ("'Größe'", "Größe"),
        ("c('a', NA)", ["a", None]),
        ("c(1, 2.5)", [1, 2.5]),
        ("c(main = 1, aux = 0.2)", {"main": 1, "aux": 0.2}),
        ("c(main = 1)", {"main": 1}),
        ("list(1, 'a')", [1, "a"]),
        ("list(Adam = list(learning_rate = 1e-3))", {"Adam": {"learning_rate": 1e-3}}),
        ("list()", []),
        ("as.raw(c(0, 255))", b"\x00\xff"),
    ],
)
def test_settings_become_what_a_person_would_write(r, code, value):
    made = plain(r(code))
    assert made == value and type(made) is type(value)


def test_a_partly_named_list_is_an_error(r):
    with pytest.raises(RArgumentError, match="`loss` is only partly named: element 2 has no name"):
        plain(r("list(main = 'mse', 'mae')"), "loss")
    with pytest.raises(RArgumentError, match="two elements named `a`"):
        plain(r("list(a = 1, a = 2)"), "x")


def test_lists_go_by_name_or_in_order(r):
    for code in ("list(a = 1:2, b = c(5, 6))", "list(b = c(5, 6), a = 1:2)", "list(1:2, c(5, 6))"):
        made = named_tensors(r(code), ["a", "b"], "x")
        assert list(made) == ["a", "b"]
        assert made["a"].tolist() == [1, 2] and made["b"].tolist() == [5, 6]


@pytest.mark.parametrize(
    "code, message, help",
    [
        ("list(a = 1, bb = 2)", "an element named `bb`", "did you mean `b`?"),
        ("list(a = 1)", "lacks `b`", ""),
        ("list(1)", "has 1 elements, but the model has 2", "list(a = ..., b = ...)"),
        ("c(1, 2)", "is one value, but the model has 2", "list(a = ..., b = ...)"),
        ("list(a = 1, 2)", "partly named", "name every element"),
    ],
)
def test_misnamed_lists_say_what_is_there(r, code, message, help):
    with pytest.raises(RArgumentError) as caught:
        named_tensors(r(code), ["a", "b"], "x")
    assert message in caught.value.message and help in caught.value.help


def test_a_data_frame_keeps_columns_order_types_and_time_zone(r):
    frame = plain(
        r(
            "data.frame(z = c(1.5, NA), n = 1:2, s = c('ä', NA), f = factor(c('u', 'd')), "
            "d = as.Date(c('2024-02-29', NA)), "
            "t = as.POSIXct(c(0.25, 86400), origin = '1970-01-01', tz = 'Europe/Zurich'))"
        )
    )
    assert list(frame.columns) == ["z", "n", "s", "f", "d", "t"]
    assert frame["z"].dtype == np.float64 and frame["z"][0] == 1.5 and np.isnan(frame["z"][1])
    assert frame["n"].tolist() == [1, 2]
    assert frame["s"][0] == "ä" and pd.isna(frame["s"][1])
    assert list(frame["f"].cat.categories) == ["d", "u"] and frame["f"].tolist() == ["u", "d"]
    assert frame["d"][0] == pd.Timestamp("2024-02-29") and pd.isna(frame["d"][1])
    assert str(frame["t"].dt.tz) == "Europe/Zurich"
    assert frame["t"][0] == pd.Timestamp("1970-01-01 00:00:00.25", tz="UTC")
