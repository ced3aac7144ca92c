"""A book on disk: made a block of rows at a time, the same numbers, and memory that does not grow with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.books import random_book, recipe
from zoo.data import prepare
from zoo.data.blocks import Made, collect, spans
from zoo.data.orderbook import Book
from zoo.errors import DataError

SESSIONS = np.repeat(np.arange(6), [90, 3, 140, 67, 90, 110]).tolist()
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "two-sided, smoothed": {"label": {"kind": "two_sided", "horizon": 30, "smooth": 9}},
    "the return, balanced": {"label": {"kind": "return", "horizon": 7, "threshold": "balanced"}},
    "a threshold from the spread": {"label": {"horizon": 7, "threshold": "spread"}},
    "two classes": {"label": {"horizon": 7, "drop_stationary": True}},
    "flows, and prices from the row before": {
        "features": {"levels": 2, "prices": "returns", "extra": ["spread", "order_flow_imbalance"]}
    },
    "by session, robust": {"split": {"by": "session", "purge": "strict"}, "scale": {"method": "robust"}},
    "an embargo, every third": {"split": {"embargo": 11}, "window": {"length": 6, "stride": 3}},
    "by the sessions before": {"scale": {"method": "rolling_sessions", "sessions": 2}},
    "by symbol": {"scale": {"by": ["symbol"]}, "split": {"by": "time"}},
    "labels of the data's own": {
        "label": {"kind": "column", "column": "own", "horizon": 5, "threshold": None}
    },
}


def book_of(case: str) -> Book:
    symbol = [0] * 233 + [1] * 267 if case == "by symbol" else None
    book = random_book(rows=500, session=SESSIONS, **({} if symbol is None else {"symbol": symbol}))
    return replace(book, columns={"own": np.random.default_rng(5).integers(0, 3, 500).astype(float)})


@pytest.mark.parametrize("case", CASES)
def test_blocks_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    made, book = recipe(**CASES[case]), book_of(case)
    shapes: dict[str, Any] = {
        "input_shapes": {"book": (6, 10 if "flows" in case else 8)},
        "outputs": {"move": 2 if case == "two classes" else 3},
    }
    plain = prepare(made, book, **shapes)
    again = plain.pipeline.transform(book, labels=True)
    monkeypatch.setattr("zoo.data.blocks.BLOCK", 64)
    stored = prepare(made | {"store": str(tmp_path)}, book, **shapes)
    whole = stored.pipeline.transform(book, labels=True)
    assert stored.pipeline.thresholds == pytest.approx(plain.pipeline.thresholds, rel=1e-12)
    for mine, other in zip(
        (stored.train, stored.val, stored.test, whole),
        (plain.train, plain.val, plain.test, again),
        strict=True,
    ):
        np.testing.assert_array_equal(mine.rows, other.rows)
        np.testing.assert_allclose(mine.x["book"][:], other.x["book"][:], rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(mine.y["move"], other.y["move"])
        np.testing.assert_array_equal(mine.persistence, other.persistence)
        np.testing.assert_array_equal(mine.runs, other.runs)


def test_numbers_as_labels_and_at_each_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of("numbers")
    for label, outputs in (({"horizon": 4}, {"move": None}), ({"horizon": 4, "per_step": True}, {"move": 3})):
        shapes: dict[str, Any] = {"input_shapes": {"book": (6, 8)}, "outputs": outputs}
        shapes["output_shapes"] = {"move": (6, 3) if label.get("per_step") else (1,)}
        monkeypatch.setattr("zoo.data.blocks.BLOCK", 2**16)
        plain = prepare(recipe(label=label), book, **shapes)
        monkeypatch.setattr("zoo.data.blocks.BLOCK", 64)
        stored = prepare(recipe(label=label, store=str(tmp_path)), book, **shapes)
        np.testing.assert_allclose(stored.train.y["move"], plain.train.y["move"], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(stored.test.persistence, plain.test.persistence, rtol=1e-5, atol=1e-6)


def test_collected_blocks_and_columns_made_where_they_are_read(tmp_path: Path) -> None:
    blocks = [np.arange(3), np.arange(0), np.arange(5)]
    for folder in (None, tmp_path):
        np.testing.assert_array_equal(collect(iter(blocks), np.int32, folder), [0, 1, 2, 0, 1, 2, 3, 4])
        assert collect([], float, folder).shape == (0,)
    assert list(tmp_path.iterdir()) == []
    assert [(some.start, some.stop) for some in spans(7, 3)] == [(0, 3), (3, 6), (6, 7)]
    column = Made(5, lambda rows: np.arange(rows.start, rows.stop))
    assert column[1:].tolist() == [1, 2, 3, 4] and len(column) == 5
    with pytest.raises(DataError, match="cannot keep data in") as caught:
        collect([np.arange(3)], float, tmp_path / "nowhere")
    assert caught.value.code == "data.store"


def test_a_longer_book_takes_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window is 3,200 bytes, a row's features 160, its label and its window's number 16: none is kept."""
    monkeypatch.setattr("zoo.data.blocks.BLOCK", 1_000)
    made = recipe(store=str(tmp_path), features={"levels": 10}, window={"length": 20})
    shapes: dict[str, Any] = {"input_shapes": {"book": (20, 40)}, "outputs": {"move": 3}}
    books = {rows: random_book(rows, levels=10) for rows in (10_000, 50_000)}

    def peak(work: Callable[[], Any]) -> int:
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # Once for each: what is measured then is what is mapped from the disk.
    ready = [prepare(made, book, **shapes).pipeline for book in books.values()][0]
    works: dict[str, Callable[[Book], Any]] = {
        "prepare": lambda book: prepare(made, book, **shapes),
        "transform": ready.transform,
    }
    for what, work in works.items():
        taken = {rows: peak(partial(work, book)) for rows, book in books.items()}
        # Which part a row is in, and whether it counts, is a byte each.
        assert taken[50_000] - taken[10_000] < 40_000 * 8, (what, taken)
