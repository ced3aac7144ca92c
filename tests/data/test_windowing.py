"""Windows: values, views, groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.data.windowing import cut_windows
from zoo.errors import DataError


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(1, 15), min_size=1, max_size=5),
    st.integers(1, 6),
    st.integers(1, 5),
)
def test_windows_equal_slices_and_never_cross_a_group(runs: list[int], length: int, stride: int) -> None:
    groups = np.repeat(np.arange(len(runs)), runs)
    values = np.arange(2 * len(groups)).reshape(-1, 2)
    expected, first = [], 0
    for size in runs:
        ends = range(first + length - 1, first + size, stride)
        expected += [values[end - length + 1 : end + 1] for end in ends]
        first += size
    if not expected:
        with pytest.raises(DataError, match="no window of"):
            cut_windows(values, length, stride, groups)
        return
    found = cut_windows(values, length, stride, groups)
    assert len(found) == len(expected)
    np.testing.assert_array_equal(found[:], np.stack(expected))
    assert (groups[found.ends] == groups[found.ends - length + 1]).all()


def test_indexing() -> None:
    found = cut_windows(np.arange(20.0).reshape(10, 2), 3)
    assert found[0].shape == (3, 2)
    assert found[2:4].shape == (2, 3, 2)
    np.testing.assert_array_equal(found[[5, 0]], np.stack([found[5], found[0]]))
    assert found[np.array([], dtype=np.int64)].shape == (0, 3, 2)
    np.testing.assert_array_equal(found[-1], [[14, 15], [16, 17], [18, 19]])
    assert repr(found) == "Windows(8 × 3 × 2)"
    with pytest.raises(IndexError):
        found[8]


def test_the_view_shares_memory_and_cannot_be_written() -> None:
    values = np.arange(40.0).reshape(20, 2)
    for stride in (1, 3):
        found = cut_windows(values, 5, stride)
        assert np.shares_memory(found.view, values)
        np.testing.assert_array_equal(found.view, found[:])
        with pytest.raises(ValueError, match="read-only"):
            found.view[0, 0, 0] = 1


def test_a_copy_of_some_windows_leaves_the_rows_alone() -> None:
    values = np.zeros((9, 1))
    cut_windows(values, 3)[0:2][:] = 1
    assert not values.any()


def test_windows_of_several_groups_have_no_single_view() -> None:
    found = cut_windows(np.zeros((10, 1)), 3, groups=[0] * 5 + [1] * 5)
    with pytest.raises(DataError, match="windows of several groups have no single view"):
        _ = found.view


def test_one_column() -> None:
    assert cut_windows([1, 2, 3, 4], 2).shape == (3, 2, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((3, 1)), 4), "no window of 4 rows fits: the data has 3 rows"),
        ((np.zeros((4, 1)), 3, 1, [0, 0, 1, 1]), "no window of 3 rows fits: the longest session has 2 rows"),
        ((np.zeros((3, 1)), 0), "window length is a whole number from 1; received 0"),
        ((np.zeros((3, 1)), 2, 1.5), "window stride is a whole number from 1; received 1.5"),
        (
            (np.zeros((3, 1, 1)), 2),
            "windows need rows of features, (row, feature); received an array of shape",
        ),
        ((np.zeros((3, 1)), 2, 1, [0, 0]), "`groups` has shape (2,), the rows are 3"),
    ],
)
def test_mistakes(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(DataError) as caught:
        cut_windows(*arguments)
    assert message in caught.value.message and caught.value.code == "data.window"
