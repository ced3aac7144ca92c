"""Walk-forward folds: nothing that is trained on reaches into what is predicted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book
from zoo.data.folds import Fold, Spans, spans_of, ticks_of, walk_folds
from zoo.data.windowing import window_ends
from zoo.errors import DataError


def one_series(rows: int, past: int, ahead: int) -> Spans:
    ends = np.arange(past - 1, rows - ahead)
    return spans_of(ends, np.arange(rows), np.zeros(rows, np.int64), past=past, ahead=ahead)


@st.composite
def any_spans(draw: st.DrawFn) -> tuple[Spans, int, int]:
    """Sessions one after the other, or groups beside each other in time, with gaps and rows of one time."""
    past, ahead = draw(st.integers(1, 5)), draw(st.integers(0, 5))
    lengths = draw(st.lists(st.integers(past + ahead + 1, 30), min_size=1, max_size=3))
    runs = np.repeat(np.arange(len(lengths)), lengths)
    if draw(st.booleans()):
        time = np.concatenate(
            [np.cumsum(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))) for n in lengths]
        )
        ticks = ticks_of(time, 2, len(runs), "data")
    else:
        ticks = ticks_of(None, 1, len(runs), "data")
    ends = window_ends(len(runs), past, 1, runs)
    ends = ends[[end + ahead < len(runs) and runs[end + ahead] == runs[end] for end in ends]]
    return spans_of(ends, ticks, runs, past=past, ahead=ahead), past, ahead


@settings(max_examples=200, deadline=None)
@given(
    drawn=any_spans(),
    share=st.floats(0.3, 0.9),
    step=st.integers(1, 9),
    window=st.sampled_from(["anchored", "sliding"]),
    purge=st.sampled_from(["auto", "strict", 7]),
    embargo=st.integers(0, 4),
)
def test_nothing_trained_on_reaches_into_what_is_predicted(
    drawn: tuple[Spans, int, int], share: float, step: int, window: str, purge: Any, embargo: int
) -> None:
    spans, past, ahead = drawn
    first = max(1, int(share * len(spans)))
    if first >= len(spans):
        return
    try:
        folds = walk_folds(spans, first=first, step=step, window=window, purge=purge, embargo=embargo)
    except DataError as error:
        assert error.code == "data.walk"
        return
    for fold in folds:
        known_at = spans.now[fold.test].min()
        for sample in fold.train:
            row = spans.rows[sample]
            assert spans.ticks[row + ahead] < known_at - embargo
            if purge == "strict":
                assert spans.ticks[row + ahead] < spans.start[fold.test].min() - embargo
            if isinstance(purge, int):
                assert spans.now[sample] + purge < known_at - embargo
        # What a scaler is fitted on: every row that training windows read, and none that is predicted at.
        fitted = (spans.ticks >= fold.begin) & (spans.ticks < fold.cut)
        read = np.concatenate([np.arange(row - past + 1, row + ahead + 1) for row in spans.rows[fold.train]])
        assert fitted[read].all() and spans.ticks[fitted].max() < known_at
    tested = np.concatenate([fold.test for fold in folds])
    assert sorted(tested.tolist()) == sorted(np.argsort(spans.now, kind="stable")[first:].tolist())
    assert (np.diff(spans.now[tested]) >= 0).all()


@settings(max_examples=60, deadline=None)
@given(drawn=any_spans(), first=st.integers(1, 20), step=st.integers(1, 9))
def test_only_what_must_go_is_purged(drawn: tuple[Spans, int, int], first: int, step: int) -> None:
    spans, *_ = drawn
    if first >= len(spans):
        return
    try:
        folds = walk_folds(spans, first=first, step=step)
    except DataError:
        return
    order = np.argsort(spans.now, kind="stable")
    for number, fold in enumerate(folds):
        before = order[: first + number * step]
        assert sorted([*fold.train, *fold.purged]) == sorted(before)
        assert (spans.last[fold.purged] >= spans.now[fold.test].min()).all()


def test_the_walk_of_the_tutorial() -> None:
    folds = walk_folds(one_series(59, 15, 0), first=1, step=1)
    assert len(folds) == 44
    assert [fold.train.tolist() for fold in folds[:2]] == [[0], [0, 1]]
    assert [fold.test.tolist() for fold in folds[-2:]] == [[43], [44]]
    assert not any(len(fold.purged) for fold in folds)


def numbers(folds: list[Fold]) -> list[tuple[list[int], list[int], list[int]]]:
    return [(fold.train.tolist(), fold.purged.tolist(), fold.test.tolist()) for fold in folds]


def test_anchored_windows_grow_and_sliding_ones_move() -> None:
    spans = one_series(12, 2, 1)
    assert len(spans) == 10
    assert numbers(walk_folds(spans, first=4, step=3)) == [
        ([0, 1, 2], [3], [4, 5, 6]),
        ([0, 1, 2, 3, 4, 5], [6], [7, 8, 9]),
    ]
    assert numbers(walk_folds(spans, first=4, step=3, window="sliding"))[1] == ([3, 4, 5], [6], [7, 8, 9])


def test_strict_numbers_and_embargo_leave_more_out() -> None:
    spans = one_series(20, 3, 1)
    plain = walk_folds(spans, first=10, step=20)[0]
    assert plain.purged.tolist() == [9]
    assert walk_folds(spans, first=10, step=20, purge="strict")[0].purged.tolist() == [7, 8, 9]
    assert walk_folds(spans, first=10, step=20, purge=4)[0].purged.tolist() == [6, 7, 8, 9]
    assert walk_folds(spans, first=10, step=20, embargo=2)[0].purged.tolist() == [7, 8, 9]


def test_symbols_side_by_side_are_walked_in_time() -> None:
    # Two symbols of five rows each at the same five times, one below the other in the data.
    ticks = ticks_of(np.array([0, 1, 2, 3, 4] * 2), 2, 10, "data")
    spans = spans_of(np.arange(10), ticks, np.repeat([0, 1], 5), past=1, ahead=0)
    assert numbers(walk_folds(spans, first=4, step=2)) == [
        ([0, 5, 1, 6], [], [2, 7]),
        ([0, 5, 1, 6, 2, 7], [], [3, 8]),
        ([0, 5, 1, 6, 2, 7, 3, 8], [], [4, 9]),
    ]


def test_several_series_need_a_time() -> None:
    with pytest.raises(DataError) as caught:
        ticks_of(None, 2, 10, "prices.csv")
    assert "prices.csv holds 2 series and no times" in caught.value.message
    book = random_book(rows=10)
    assert ticks_of(book.time, 1, 10, "data").tolist() == list(range(10))


@pytest.mark.parametrize(
    ("first", "ahead", "message"),
    [
        (0, 0, "a walk over 18 windows cannot begin after 0 of them"),
        (18, 0, "a walk over 18 windows cannot begin after 18 of them"),
        (
            3,
            5,
            "what it predicts is read by the labels of all 3 before it",
        ),
    ],
)
def test_walks_that_cannot_be(first: int, ahead: int, message: str) -> None:
    with pytest.raises(DataError) as caught:
        walk_folds(one_series(20, 3, ahead), first=first, step=1)
    assert message in caught.value.message and caught.value.code == "data.walk"
