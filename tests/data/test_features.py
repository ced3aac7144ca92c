"""Features of a snapshot: names, order and values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.data.books import random_book, recipe
from zoo.data.features import build_features
from zoo.data.orderbook import Book
from zoo.data.recipe import read_recipe
from zoo.errors import DataError
from zoo.spec.rules import d306_features_and_shape


def build(book: Book, **features: Any) -> tuple[list[str], np.ndarray]:
    made = recipe()
    made["features"] = features
    return build_features(book, read_recipe(made).features)


def test_fields_go_level_by_level() -> None:
    book = random_book()
    names, values = build(book, levels=2)
    assert names == [
        f"{field}_{level}" for level in (1, 2) for field in ("ask_price", "ask_size", "bid_price", "bid_size")
    ]
    assert values.dtype == np.float32 and values.shape == (len(book), 8)
    np.testing.assert_array_equal(values[:, 4], book.ask_price[:, 1].astype(np.float32))


def test_fields_in_the_order_asked_for() -> None:
    names, _ = build(random_book(), levels=1, fields=["bid_size", "ask_size"])
    assert names == ["bid_size_1", "ask_size_1"]


def test_all_levels_by_default() -> None:
    assert len(build(random_book(levels=3))[0]) == 12


def test_volumes_run_from_the_deepest_ask_to_the_deepest_bid() -> None:
    book = random_book()
    names, values = build(book, set="volumes")
    assert names == [f"ask_size_{i}" for i in (3, 2, 1)] + [f"bid_size_{i}" for i in (1, 2, 3)]
    np.testing.assert_array_equal(
        values, np.hstack([book.ask_size[:, ::-1], book.bid_size]).astype(np.float32)
    )


def test_relative_prices_are_basis_points_from_the_mid() -> None:
    book = random_book()
    _, values = build(book, levels=1, fields=["ask_price", "bid_price"], prices="relative_bps")
    expected = (book.ask_price[:, 0] / book.mid - 1) * 1e4
    np.testing.assert_allclose(values[:, 0], expected, rtol=1e-6)
    np.testing.assert_allclose(values[:, 1], -expected, rtol=1e-6)


def test_returns_are_basis_points_from_the_row_before_and_zero_where_a_session_begins() -> None:
    book = random_book(rows=8, session=[0, 0, 0, 1, 1, 1, 1, 1])
    _, values = build(book, levels=1, fields=["ask_price"], prices="returns")
    price = book.ask_price[:, 0]
    expected = np.concatenate(([0], (price[1:] / price[:-1] - 1) * 1e4))
    expected[3] = 0
    np.testing.assert_allclose(values[:, 0], expected, rtol=1e-5, atol=1e-6)


def test_log_sizes() -> None:
    book = random_book()
    _, values = build(book, levels=1, fields=["bid_size"], sizes="log")
    np.testing.assert_allclose(values[:, 0], np.log1p(book.bid_size[:, 0]), rtol=1e-6)


def slow_flow(book: Book) -> list[float]:
    flow = [0.0]
    for now in range(1, len(book)):
        before, total = now - 1, 0.0
        for sign, price, size in (
            (1, book.bid_price[:, 0], book.bid_size[:, 0]),
            (-1, book.ask_price[:, 0], book.ask_size[:, 0]),
        ):
            better = sign * (price[now] - price[before])
            if better >= 0:
                total += sign * size[now]
            if better <= 0:
                total -= sign * size[before]
        flow.append(total if book.session[now] == book.session[before] else 0.0)
    return flow


def test_extra_features() -> None:
    book = random_book(rows=40, session=[0] * 15 + [1] * 25)
    extra = ["spread", "imbalance", "microprice", "order_flow_imbalance"]
    names, values = build(book, levels=1, fields=["ask_size"], extra=extra)
    assert names[1:] == extra
    ask, bid = book.ask_size[:, 0], book.bid_size[:, 0]
    np.testing.assert_allclose(values[:, 1], book.spread, rtol=1e-6)
    np.testing.assert_allclose(values[:, 2], (bid - ask) / (bid + ask), rtol=1e-6, atol=1e-7)
    micro = (book.ask_price[:, 0] * bid + book.bid_price[:, 0] * ask) / (bid + ask)
    np.testing.assert_allclose(values[:, 3], micro, rtol=1e-6)
    np.testing.assert_allclose(values[:, 4], slow_flow(book), rtol=1e-6)


def test_extra_features_in_basis_points_beside_relative_prices() -> None:
    book = random_book()
    extra = ["spread", "microprice"]
    _, values = build(book, levels=1, fields=["ask_price"], prices="relative_bps", extra=extra)
    ask, bid = book.ask_size[:, 0], book.bid_size[:, 0]
    micro = (book.ask_price[:, 0] * bid + book.bid_price[:, 0] * ask) / (bid + ask)
    np.testing.assert_allclose(values[:, 1], book.spread / book.mid * 1e4, rtol=1e-5)
    np.testing.assert_allclose(values[:, 2], (micro / book.mid - 1) * 1e4, rtol=1e-4, atol=1e-4)


def test_an_empty_best_price_has_no_imbalance() -> None:
    book = random_book(rows=3)
    book.ask_size[1, 0] = book.bid_size[1, 0] = 0.0
    _, values = build(book, levels=1, fields=["ask_price"], extra=["imbalance", "microprice"])
    assert values[1, 1] == 0 and values[1, 2] == np.float32(book.mid[1])


def test_more_levels_than_the_book_has() -> None:
    with pytest.raises(DataError) as caught:
        build(random_book(levels=3), levels=5)
    assert caught.value.message == "`data.features.levels` asks for 5 levels, test book has 3"
    assert caught.value.help == "set `levels: 3` or fewer"


@pytest.mark.parametrize("set_", ["fields", "volumes"])
@pytest.mark.parametrize("extra", [[], ["spread"], ["multi_level_order_flow_imbalance", "imbalance"]])
def test_the_rule_on_shapes_counts_as_many_features_as_there_are(set_: str, extra: list[str]) -> None:
    features = {"levels": 3, "set": set_, "extra": extra}
    assert d306_features_and_shape._count(features) == len(build(random_book(levels=3), **features)[0])
