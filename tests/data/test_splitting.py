"""Splits and purge: no training label's horizon reaches the next part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book
from zoo.data.recipe import Split, read_split
from zoo.data.splitting import assign_rows, select_windows
from zoo.data.windowing import window_ends
from zoo.errors import DataError


def split(**keys: Any) -> Split:
    return read_split(keys)


@settings(max_examples=120, deadline=None)
@given(
    sessions=st.lists(st.integers(5, 60), min_size=1, max_size=4),
    shares=st.tuples(st.integers(1, 8), st.integers(0, 4), st.integers(0, 4)),
    purge=st.sampled_from(["auto", "strict", 0, 12]),
    embargo=st.integers(0, 6),
    length=st.integers(1, 5),
    horizon=st.integers(1, 5),
)
def test_no_window_or_label_of_a_part_reaches_another(
    sessions: list[int],
    shares: tuple[int, int, int],
    purge: str | int,
    embargo: int,
    length: int,
    horizon: int,
) -> None:
    total = sum(shares)
    keys = dict(zip(("train", "val", "test"), (share / total for share in shares), strict=True))
    purge = max(purge, horizon) if isinstance(purge, int) else purge
    chosen = split(**keys, purge=purge, embargo=embargo)
    runs = np.repeat(np.arange(len(sessions)), sessions)
    book = random_book(rows=len(runs), levels=1, session=runs.tolist())
    parts = assign_rows(book, chosen)
    ends = window_ends(len(runs), length, 1, runs)
    ends = ends[[end + horizon < len(runs) and runs[end + horizon] == runs[end] for end in ends]]
    found = select_windows(ends, parts, runs, chosen, length=length, horizon=horizon)
    for number, name in enumerate(("train", "val", "test")):
        for end in ends[found[name]]:
            assert (parts[end : end + horizon + 1] == number).all()
            if isinstance(purge, int):
                inside = runs[end : end + purge + 1] == runs[end]
                assert (parts[end : end + purge + 1][inside] == number).all()
            if purge == "strict":
                assert (parts[end - length + 1 : end + 1] == number).all()
            before = np.flatnonzero((parts[:end] != number) & (runs[:end] == runs[end]))
            assert len(before) == 0 or end - before[-1] > embargo
    if purge == "auto" and embargo == 0:
        kept = sum(len(index) for index in found.values())
        assert kept == sum((parts[end : end + horizon + 1] == parts[end]).all() for end in ends)


def test_shares_become_rows_in_order() -> None:
    parts = assign_rows(random_book(rows=100), split())
    assert np.bincount(parts).tolist() == [70, 15, 15] and (np.diff(parts) >= 0).all()


def test_shares_left_out_take_the_rest() -> None:
    found = split(train=0.8)
    assert (found.train, found.val, found.test) == pytest.approx((0.8, 0.1, 0.1))
    assert split(val=0, test=0).train == 1.0


def test_rows_beyond_the_shares_belong_to_no_part() -> None:
    parts = assign_rows(random_book(rows=100), split(train=0.5, val=0.1, test=0.1))
    assert [(parts == number).sum() for number in (0, 1, 2, -1)] == [50, 10, 10, 30]


def test_each_symbol_is_cut_by_its_own_rows() -> None:
    book = random_book(rows=60, symbol=[0] * 40 + [1] * 20)
    parts = assign_rows(book, split(train=0.5, val=0.25, test=0.25))
    assert np.bincount(parts[:40]).tolist() == [20, 10, 10] and np.bincount(parts[40:]).tolist() == [10, 5, 5]


def test_whole_sessions() -> None:
    session = np.repeat(np.arange(6), 10).tolist()
    parts = assign_rows(random_book(rows=60, session=session), split(by="session"))
    assert parts[::10].tolist() == [0, 0, 0, 0, 1, 2]
    assert (parts.reshape(6, 10) == parts[::10, None]).all()


def test_whole_symbols() -> None:
    symbol = np.repeat(np.arange(3), 20).tolist()
    parts = assign_rows(random_book(rows=60, symbol=symbol), split(by="group"))
    assert parts[::20].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"by": "session"},
            "splitting by whole sessions into 3 parts needs at least 3 sessions; the data has 1",
        ),
        ({"by": "group"}, "splitting by whole symbols into 3 parts needs at least 3 symbols; the data has 1"),
        ({"by": "random"}, "a random split of overlapping windows puts almost the same window into training"),
    ],
)
def test_splits_that_cannot_be(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as caught:
        assign_rows(random_book(rows=60), split(**keys))
    assert message in caught.value.message and caught.value.code == "data.split"


def test_a_purge_shorter_than_the_horizon_is_refused() -> None:
    parts, runs = np.zeros(20, np.int8), np.zeros(20, np.int64)
    with pytest.raises(DataError) as caught:
        select_windows(np.arange(4, 20), parts, runs, split(purge=3), length=5, horizon=10)
    assert "`data.split.purge` is 3 rows, shorter than the label's horizon of 10" in caught.value.message
