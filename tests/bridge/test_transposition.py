"""Copies from R's order of elements to Python's: every number where it belongs, whatever the tiles."""

from __future__ import annotations

import numpy as np
import pytest

from r_bridge.transposition import c_ordered, copy_across

SHAPES = [
    (0,),
    (0, 5),
    (70_000,),
    (300, 301),
    (1, 200, 1, 300),
    (40_000, 1),
    (3, 40_000),
    (131, 17, 29),
    (150, 100, 3, 2),
    (2, 3, 100, 150),
    (9, 8, 7, 6, 30),
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_both_directions_are_numpys_own_copy(shape, dtype):
    values = np.random.default_rng(0).normal(size=shape)
    as_r = np.asfortranarray(values)
    made = c_ordered(as_r, np.dtype(dtype))
    assert made.flags.c_contiguous and np.array_equal(made, values.astype(dtype))
    back = np.empty(shape[::-1], np.float64)
    copy_across(back, made.T)
    assert np.array_equal(back.T, made)


def test_an_array_in_no_order_crosses_too():
    values = np.arange(400.0 * 401 * 2).reshape(400, 401, 2).transpose(1, 2, 0)[::-2]
    assert np.array_equal(c_ordered(values), values)
