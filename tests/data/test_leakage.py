"""Change the future, and nothing before it moves."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book, recipe
from zoo import data
from zoo.data import Prepared
from zoo.data.features import build_features, feature_columns
from zoo.data.labels import label_values
from zoo.data.orderbook import Book
from zoo.data.recipe import EXTRAS, read_recipe

ROWS, LENGTH, HORIZON = 120, 6, 4


def with_other_future(book: Book, row: int, seed: int) -> Book:
    """The same book up to and with ``row``; noise in every later price and size."""
    rng = np.random.default_rng(seed)
    after = slice(row + 1, None)
    noise = random_book(rows=len(book), levels=book.levels, seed=seed + 1)
    fields = {name: getattr(book, name).copy() for name in ("ask_price", "ask_size", "bid_price", "bid_size")}
    factor = rng.uniform(0.2, 5.0)
    for name, values in fields.items():
        values[after] = getattr(noise, name)[after] * factor
    return dataclasses.replace(book, **fields)


FEATURES = st.fixed_dictionaries(
    {
        "levels": st.integers(1, 3),
        "set": st.sampled_from(["fields", "volumes"]),
        "prices": st.sampled_from(["raw", "relative_bps", "returns"]),
        "sizes": st.sampled_from(["raw", "log"]),
        "extra": st.lists(st.sampled_from(EXTRAS), unique=True),
    }
)


@settings(max_examples=60, deadline=None)
@given(features=FEATURES, row=st.integers(0, ROWS - 1), seed=st.integers(0, 1_000), cut=st.integers(1, ROWS))
def test_no_feature_reads_the_future(features: dict[str, Any], row: int, seed: int, cut: int) -> None:
    book = random_book(rows=ROWS, session=[0] * cut + [1] * (ROWS - cut))
    made = read_recipe(recipe(features=features)).features
    _, before = build_features(book, made)
    _, after = build_features(with_other_future(book, row, seed), made)
    np.testing.assert_array_equal(before[: row + 1], after[: row + 1])


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["forward", "two_sided", "return"]),
    horizon=st.integers(1, 20),
    smooth=st.integers(1, 20),
    row=st.integers(0, ROWS - 1),
    seed=st.integers(0, 1_000),
)
def test_no_label_reads_beyond_its_horizon(kind: str, horizon: int, smooth: int, row: int, seed: int) -> None:
    book = random_book(rows=ROWS)
    how: dict[str, Any] = {"kind": kind, "smooth": min(smooth, horizon), "groups": book.groups}
    before = label_values(book.mid, horizon, **how)
    after = label_values(with_other_future(book, row, seed).mid, horizon, **how)
    known = max(0, row + 1 - horizon)
    # A running sum of the whole past rounds the same only while the past is the same, which it is.
    np.testing.assert_array_equal(before[:known], after[:known])


def prepared(book: Book, classes: int | None = 3, **sections: Any) -> Prepared:
    made = recipe(**sections)
    features = len(feature_columns(book, read_recipe(made).features))
    steps = (LENGTH,) if made["label"].get("per_step") else ()
    return data.prepare(
        made,
        book,
        input_shapes={"book": (LENGTH, features)},
        outputs={"move": classes},
        output_shapes={"move": (*steps, classes or 1)},
    )


@settings(max_examples=60, deadline=None)
@given(
    scale=st.fixed_dictionaries(
        {"method": st.sampled_from(["zscore", "minmax", "robust"]), "by": st.sampled_from([[], ["symbol"]])}
    ),
    threshold=st.sampled_from(["half_mean_abs", "balanced", "spread", 1e-4]),
    kind=st.sampled_from(["forward", "two_sided", "return"]),
    purge=st.sampled_from(["auto", "strict", 9]),
    per_step=st.booleans(),
    classes=st.sampled_from([3, None]),
    seed=st.integers(0, 1_000),
)
def test_nothing_fitted_or_trained_on_has_seen_the_other_parts(
    scale: dict[str, Any],
    threshold: str | float,
    kind: str,
    purge: str | int,
    per_step: bool,
    classes: int | None,
    seed: int,
) -> None:
    sections: dict[str, Any] = {
        "scale": scale,
        "label": {"threshold": threshold, "kind": kind, "per_step": per_step},
        "split": {"purge": purge},
    }
    book = random_book(rows=ROWS, seed=seed)
    last = round(ROWS * 0.7) - 1
    before = prepared(book, classes, **sections)
    after = prepared(with_other_future(book, last, seed), classes, **sections)
    assert before.pipeline.to_dict() == after.pipeline.to_dict()
    np.testing.assert_array_equal(before.train.rows, after.train.rows)
    np.testing.assert_array_equal(before.train.x["book"][:], after.train.x["book"][:])
    np.testing.assert_array_equal(before.train.y["move"], after.train.y["move"])
    np.testing.assert_array_equal(before.train.persistence, after.train.persistence)


@settings(max_examples=40, deadline=None)
@given(row=st.integers(LENGTH, ROWS - 1), per_step=st.booleans(), seed=st.integers(0, 1_000))
def test_a_window_and_its_label_move_only_with_rows_they_may_see(row: int, per_step: bool, seed: int) -> None:
    book = random_book(rows=ROWS)
    pipeline = prepared(book, label={"per_step": per_step}).pipeline
    before = pipeline.transform(book, labels=True)
    after = pipeline.transform(with_other_future(book, row, seed), labels=True)
    seen = before.rows <= row
    np.testing.assert_array_equal(before.x["book"][:][seen], after.x["book"][:][seen])
    known = before.rows + HORIZON <= row
    np.testing.assert_array_equal(before.y["move"][known], after.y["move"][known])


@pytest.mark.parametrize("purge", ["auto", "strict"])
def test_the_last_training_label_ends_just_before_the_next_part(purge: str) -> None:
    ready = prepared(random_book(rows=ROWS), split={"purge": purge})
    first_of_validation = round(ROWS * 0.7)
    assert ready.train.rows[-1] + HORIZON == first_of_validation - 1
    expected = first_of_validation + (LENGTH - 1 if purge == "strict" else 0)
    assert ready.val.rows[0] == expected


def test_windows_never_mix_sessions_or_symbols() -> None:
    session, symbol = [0] * 40 + [1] * 40 + [0] * 40, [0] * 80 + [1] * 40
    book = random_book(rows=ROWS, session=session, symbol=symbol)
    ready = prepared(book)
    for part in (ready.train, ready.val, ready.test):
        for end in part.rows:
            reach = slice(end - LENGTH + 1, end + HORIZON + 1)
            assert len(set(zip(book.session[reach], book.symbol[reach], strict=True))) == 1
