"""Permutations stay within their runs and keep neighbours; blocks never span two runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.explain.resampling import blocks_of, draws, interval, shuffled


@given(
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=4),
    block=st.integers(1, 12),
    seed=st.integers(0, 99),
)
def test_a_run_keeps_its_own_numbers(sizes: list[int], block: int, seed: int) -> None:
    runs = np.repeat(np.arange(len(sizes)), sizes)
    order = shuffled(len(runs), np.random.default_rng(seed), block=block, runs=runs)
    assert sorted(order.tolist()) == list(range(len(runs)))
    assert (runs[order] == runs).all()


def test_neighbours_of_a_block_stay_neighbours() -> None:
    order = shuffled(1000, np.random.default_rng(0), block=50)
    # Cut at 20 places, and once where the series was turned.
    assert (np.diff(order) != 1).sum() <= 21
    single = shuffled(1000, np.random.default_rng(0))
    assert (np.diff(single) == 1).sum() < 20


def test_where_the_cuts_lie_is_another_matter_each_time() -> None:
    rng = np.random.default_rng(0)
    cuts = [set(np.flatnonzero(np.diff(shuffled(200, rng, block=20)) != 1)) for _ in range(2)]
    firsts = [shuffled(200, rng, block=20)[0] % 20 for _ in range(20)]
    assert cuts[0] and len(set(firsts)) > 3


def test_blocks_do_not_span_runs_and_are_at_least_ten() -> None:
    runs = np.repeat([0, 1, 2], [25, 50, 25])
    block = blocks_of(100, 8, runs)
    assert all(len(set(runs[block == number])) == 1 for number in range(block[-1] + 1))
    assert blocks_of(30, 500)[-1] + 1 >= 10
    assert blocks_of(3, 500).tolist() == [0, 1, 2]


def test_draws_are_with_replacement_and_as_many() -> None:
    lots = draws(12, 50, np.random.default_rng(0))
    assert (lots.sum(axis=1) == 12).all() and lots.max() > 1


def test_an_interval_leaves_out_what_has_no_value() -> None:
    assert interval(np.array([np.nan, *np.linspace(0, 1, 101)])) == pytest.approx((0.025, 0.975))
    assert np.isnan(interval(np.full(3, np.nan))).all()
