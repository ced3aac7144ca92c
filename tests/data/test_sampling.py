"""Fewer snapshots, each way against a slow reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book, recipe
from zoo.data.features import build_features
from zoo.data.order_flow import level_flow_imbalance, quoted_volume
from zoo.data.orderbook import Book
from zoo.data.recipe import read_recipe
from zoo.data.sampling import sample_book
from zoo.data.sources import load_book
from zoo.errors import DataError


def slow_flow(book: Book, row: int, level: int) -> tuple[float, float]:
    """(bid, ask) flow of one row, by the words of the definition."""
    if row == 0 or (book.session[row], book.symbol[row]) != (book.session[row - 1], book.symbol[row - 1]):
        return 0.0, 0.0
    found = []
    for price, size, better in (
        (book.bid_price[:, level], book.bid_size[:, level], 1),
        (book.ask_price[:, level], book.ask_size[:, level], -1),
    ):
        if price[row] == price[row - 1]:
            found.append(size[row] - size[row - 1])
        elif (price[row] - price[row - 1]) * better > 0:
            found.append(size[row])  # a better quote has come
        else:
            found.append(-size[row - 1])  # the best quote has gone
    return found[0], found[1]


def kept_rows(book: Book, sampled: Book) -> list[int]:
    places = {int(time): row for row, time in enumerate(book.time)}
    return [places[int(time)] for time in sampled.time]


SESSIONS = st.lists(st.integers(1, 25), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(sessions=SESSIONS, seed=st.integers(0, 1_000), level=st.integers(0, 2))
def test_order_flow_of_every_level_equals_the_slow_reference(
    sessions: list[int], seed: int, level: int
) -> None:
    codes = np.repeat(np.arange(len(sessions)), sessions).tolist()
    book = random_book(rows=len(codes), session=codes, seed=seed)
    flows = [slow_flow(book, row, level) for row in range(len(book))]
    np.testing.assert_array_equal(level_flow_imbalance(book, level), [bid - ask for bid, ask in flows])
    best = [slow_flow(book, row, 0) for row in range(len(book))]
    np.testing.assert_array_equal(quoted_volume(book), [abs(bid) + abs(ask) for bid, ask in best])


@settings(max_examples=60, deadline=None)
@given(sessions=SESSIONS, every=st.sampled_from([1.0, 7.5, 40.0, 100.0, 1e6]), seed=st.integers(0, 1_000))
def test_by_volume_keeps_the_snapshot_that_fills_the_next_bucket(
    sessions: list[int], every: float, seed: int
) -> None:
    codes = np.repeat(np.arange(len(sessions)), sessions).tolist()
    book = random_book(rows=len(codes), session=codes, seed=seed)
    expected, total, full = [], 0.0, 0
    for row in range(len(book)):
        if row == 0 or codes[row] != codes[row - 1]:
            total, full = 0.0, 0
            expected.append(row)
            continue
        total += sum(map(abs, slow_flow(book, row, 0)))
        if total >= (full + 1) * every:
            full = int(total // every)
            expected.append(row)
    assert kept_rows(book, sample_book(book, "volume", every)) == expected


def test_by_event_and_by_time() -> None:
    book = random_book(rows=60, session=[0] * 25 + [1] * 35)
    assert kept_rows(book, sample_book(book, "event", 10)) == [0, 10, 20, 25, 35, 45, 55]
    assert sample_book(book, "event", 1) is book
    last: dict[tuple[int, int], int] = {}
    for row in range(60):
        last[(int(book.session[row]), int(book.time[row] // 2_000_000_000))] = row
    assert kept_rows(book, sample_book(book, "time", 2)) == list(last.values())


@pytest.mark.parametrize(("by", "every"), [("event", 7), ("time", 3.0), ("volume", 150.0)])
def test_the_order_flow_of_rows_left_out_is_not_lost(by: str, every: float) -> None:
    codes = [0] * 40 + [1] * 50
    book = random_book(rows=90, session=codes)
    features = {"levels": 2, "fields": ["ask_size"], "extra": ["multi_level_order_flow_imbalance"]}
    made = recipe(features=features | {"sizes": "raw"}, sample={"by": by, "every": every})
    sampled = load_book(book, made)
    names, values = build_features(sampled, read_recipe(made).features)
    assert names[2:] == ["order_flow_imbalance_1", "order_flow_imbalance_2"]
    rows = kept_rows(book, sampled)
    for place, row in enumerate(rows):
        begins = place == 0 or codes[row] != codes[rows[place - 1]]
        first = codes.index(codes[row]) if begins else rows[place - 1] + 1
        for level in range(2):
            flows = [slow_flow(book, between, level) for between in range(first, row + 1)]
            assert values[place, 2 + level] == pytest.approx(sum(bid - ask for bid, ask in flows))


def test_an_unsampled_book_needs_no_sums() -> None:
    book = random_book(rows=30)
    made = recipe(features={"extra": ["order_flow_imbalance"]}, sample={"by": "volume", "every": 1e-9})
    assert sample_book(book, "event", 1, 1).flow is None
    sampled = load_book(book, made)
    np.testing.assert_array_equal(
        level_flow_imbalance(sampled, 0),
        level_flow_imbalance(book.take(np.array(kept_rows(book, sampled))), 0),
    )


@settings(max_examples=40, deadline=None)
@given(every=st.sampled_from([20.0, 90.0]), row=st.integers(0, 99), seed=st.integers(0, 1_000))
def test_no_row_is_kept_for_what_comes_after_it(every: float, row: int, seed: int) -> None:
    book = random_book(rows=100)
    other = random_book(rows=100, seed=seed + 1)
    for name in ("ask_price", "ask_size", "bid_price", "bid_size"):
        getattr(other, name)[: row + 1] = getattr(book, name)[: row + 1]
    other.time[:] = book.time
    before, after = (kept_rows(item, sample_book(item, "volume", every)) for item in (book, other))
    assert [kept for kept in before if kept <= row] == [kept for kept in after if kept <= row]


def test_mistakes() -> None:
    book = random_book(rows=30)
    with pytest.raises(DataError, match="is a whole number of events; received 2.5"):
        sample_book(book, "event", 2.5)
