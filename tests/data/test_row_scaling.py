"""Scalers of each symbol, and of each session by those before it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book, recipe
from zoo import data
from zoo.data import Pipeline, Prepared
from zoo.data.orderbook import Book
from zoo.data.row_scaling import Session, remembered, row_scaling
from zoo.data.scale_recipe import Scale
from zoo.errors import DataError

FEATURES = {"levels": 2, "prices": "raw", "sizes": "raw"}


def prepared(book: Book, **sections: Any) -> Prepared:
    made = recipe(features=FEATURES, **sections)
    return data.prepare(made, book, input_shapes={"book": (6, 8)}, outputs={"move": 3})


def book_of(days: list[int], symbols: int = 1, seed: int = 0) -> Book:
    """Symbols one after the other, each with days of these lengths; every symbol's days begin anew."""
    session = [day for _ in range(symbols) for day, rows in enumerate(days) for _ in range(rows)]
    symbol = [number for number in range(symbols) for _ in range(sum(days))]
    book = random_book(rows=len(session), session=session, symbol=symbol, seed=seed)
    for number in range(symbols):
        rows = book.symbol == number
        book.time[rows] = 1_000_000_000 * np.arange(rows.sum())
        book.ask_size[rows] *= 1 + 10 * number
    return book


def slow_rolling(column: np.ndarray, book: Book, sessions: int) -> np.ndarray:
    """The definition: mean and deviation of all rows of the last few sessions before, of the same symbol."""
    found = np.full(len(column), np.nan)
    for symbol in np.unique(book.symbol):
        for day in np.unique(book.session):
            own = (book.symbol == symbol) & (book.session == day)
            past = (book.symbol == symbol) & (book.session < day) & (book.session >= day - sessions)
            if past.any():
                found[own] = (column[own] - column[past].mean()) / column[past].std()
    return found


@pytest.mark.parametrize("sessions", [1, 2, 5])
@pytest.mark.parametrize("symbols", [1, 2])
def test_a_session_is_scaled_by_those_before_it_of_its_own_symbol(sessions: int, symbols: int) -> None:
    book = book_of([30, 25, 40, 35], symbols)
    ready = prepared(book, scale={"method": "rolling_sessions", "sessions": sessions})
    for place, column in ((0, book.ask_price[:, 0]), (5, book.ask_size[:, 1])):
        np.testing.assert_allclose(
            ready.train.values[:, place], slow_rolling(column, book, sessions), rtol=1e-4, atol=1e-4
        )
    for part in (ready.train, ready.val, ready.test):
        assert np.isfinite(part.x["book"][:]).all() and (book.session[part.rows] > 0).all()


def test_new_data_goes_on_from_the_sessions_that_were_fitted_on() -> None:
    book = book_of([30, 25, 40, 35, 20], symbols=2)
    old, new = book.take(book.session < 3), book.take(book.session >= 3)
    scale = {"method": "rolling_sessions", "sessions": 2}
    state = json.loads(json.dumps(prepared(old, scale=scale).pipeline.to_dict()))
    found = Pipeline.from_dict(state).transform(new)
    whole = prepared(book, scale=scale).train.values[book.session >= 3]
    np.testing.assert_allclose(found.values, whole, rtol=1e-4, atol=1e-5)


def test_data_seen_before_is_scaled_as_it_was_then() -> None:
    book = book_of([30, 25, 40, 35])
    ready = prepared(book, scale={"method": "rolling_sessions", "sessions": 2})
    again = ready.pipeline.transform(book)
    np.testing.assert_array_equal(again.values, ready.train.values)
    # Of the middle days alone the first has nothing before it: what came later is no past.
    middle = ready.pipeline.transform(book.take((book.session == 1) | (book.session == 2)))
    np.testing.assert_array_equal(np.isfinite(middle.values[:, 0]), [False] * 25 + [True] * 40)


def test_without_a_clock_a_session_of_another_name_is_another_one() -> None:
    book = dataclasses.replace(book_of([30, 25, 40]), timed=False)
    ready = prepared(book, scale={"method": "rolling_sessions"})
    np.testing.assert_array_equal(ready.pipeline.transform(book).values, ready.train.values)
    later = dataclasses.replace(book.take(book.session == 2), sessions=("a", "b", "day 9"))
    assert np.isfinite(ready.pipeline.transform(later).values).all()


def test_one_session_alone_has_no_past() -> None:
    with pytest.raises(DataError) as caught:
        prepared(random_book(rows=200), scale={"method": "rolling_sessions"})
    assert caught.value.message.endswith("no session has one before it") and caught.value.code == "data.scale"


def test_data_older_than_what_was_trained_on_has_no_past() -> None:
    book = book_of([40, 50, 60, 70])
    old, new = book.take(book.session == 0), book.take(book.session > 0)
    pipeline = prepared(new, scale={"method": "rolling_sessions"}).pipeline
    with pytest.raises(DataError, match="those trained on ended after it began, or have its name"):
        pipeline.transform(old)


def test_each_symbol_has_a_scaler_of_its_own() -> None:
    book = book_of([100], symbols=2)
    ready = prepared(book, scale={"method": "minmax", "range": [-1, 1], "by": ["symbol"]})
    for symbol in (0, 1):
        training = np.flatnonzero(book.symbol == symbol)[:70]
        column = ready.train.values[training, 1]
        assert (column.min(), column.max()) == pytest.approx((-1, 1), abs=1e-6)
    state = json.loads(json.dumps(ready.pipeline.to_dict()))
    again = Pipeline.from_dict(state).transform(book.take(book.symbol == 1))
    np.testing.assert_array_equal(again.values, ready.train.values[book.symbol == 1])


def test_a_symbol_never_trained_on_has_no_scaler() -> None:
    book = book_of([100], symbols=2)
    ready = prepared(book, scale={"by": "symbol"})
    other = dataclasses.replace(book.take(book.symbol == 1), symbols=("S0", "X"))
    with pytest.raises(DataError, match="`X` is none of those trained on: S0, S1"):
        ready.pipeline.transform(other)
    with pytest.raises(DataError, match="`S1` has no row in the training part"):
        prepared(book_of([60], symbols=3), scale={"by": "symbol"}, split={"by": "group"})


SESSIONS = [Session(0, 3, "a", "1"), Session(3, 6, "a", "2"), Session(6, 9, "b", "1")]


def test_only_as_many_sessions_are_remembered_as_are_needed() -> None:
    scale = Scale("rolling_sessions", (0.0, 1.0), sessions=1, by=("symbol",))
    assert [(item["group"], item["name"]) for item in remembered(scale, SESSIONS)] == [("a", "2"), ("b", "1")]
    column = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0, 5.0, 5.0, 5.0])
    scaling = row_scaling(scale, SESSIONS)
    state = scaling.fit(column, np.ones(9, bool))
    assert state == [[3.0, 20.0, pytest.approx(200 / 3)], [3.0, 5.0, 0.0]]
    expected = (column[3:6] - 2.0) / np.std([1.0, 2.0, 3.0])
    np.testing.assert_allclose(scaling.apply(column, state)[3:6], expected)
    assert scaling.known(9).tolist() == [False] * 3 + [True] * 3 + [False] * 3


@settings(max_examples=40, deadline=None)
@given(sessions=st.integers(1, 5), row=st.integers(60, 199), seed=st.integers(0, 1_000))
def test_no_scaled_row_moves_with_the_future(sessions: int, row: int, seed: int) -> None:
    book = book_of([40, 60, 50, 50])
    noise = random_book(rows=200, seed=seed + 1)
    fields = {name: getattr(book, name).copy() for name in ("ask_price", "ask_size", "bid_price", "bid_size")}
    for name, values in fields.items():
        values[row + 1 :] = getattr(noise, name)[row + 1 :] * 3
    scale = {"method": "rolling_sessions", "sessions": sessions}
    before, after = (prepared(item, scale=scale) for item in (book, dataclasses.replace(book, **fields)))
    np.testing.assert_array_equal(before.train.values[: row + 1], after.train.values[: row + 1])
