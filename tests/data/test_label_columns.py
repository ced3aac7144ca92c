"""Labels that came with the data."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book, recipe
from tests.data.test_fi2010 import numbers, write
from zoo import data
from zoo.data import Pipeline, Prepared
from zoo.data.label_columns import column_labels, known_labels
from zoo.data.orderbook import Book
from zoo.errors import DataError


def published(rows: int = 200, **options: Any) -> Book:
    book = random_book(rows=rows, **options)
    rng = np.random.default_rng(1)
    labels = {"label_4": rng.integers(0, 3, rows).astype(float), "depth": rng.normal(size=rows)}
    return dataclasses.replace(book, columns=labels)


def prepared(source: Any, outputs: dict[str, int | None], shapes: Any = (6, 8), **label: Any) -> Prepared:
    made = recipe(label={"kind": "column", "threshold": None, "horizon": 4, **label})
    return data.prepare(made, source, input_shapes={"book": shapes}, outputs=outputs)


def test_classes_are_those_of_the_column_of_the_horizon() -> None:
    book = published(session=[0] * 110 + [1] * 90)
    ready = prepared(book, {"move": 3})
    for part in (ready.train, ready.val, ready.test):
        np.testing.assert_array_equal(part.y["move"], book.columns["label_4"][part.rows])
        # No label looks out of its session.
        assert (book.session[part.rows + 4] == book.session[part.rows]).all()
        assert part.persistence is not None
        for row, said in zip(part.rows, part.persistence, strict=True):
            known = row >= 4 and book.session[row - 4] == book.session[row]
            assert said == (book.columns["label_4"][row - 4] if known else 1)
    assert ready.train.rows[-1] == 139 - 4 and ready.pipeline.thresholds == {}
    assert ready.pipeline.levels == ["down", "stationary", "up"]


def test_rows_without_a_label_and_stationary_ones_make_no_windows() -> None:
    book = published()
    book.columns["label_4"][50:60] = np.nan
    ready = prepared(book, {"move": 2}, drop_stationary=True)
    assert not set(range(50, 60)) & set(ready.train.rows.tolist())
    assert set(ready.train.persistence) <= {0, 1}
    np.testing.assert_array_equal(ready.train.y["move"] * 2, book.columns["label_4"][ready.train.rows])


def test_a_column_of_numbers_is_scaled_and_comes_back() -> None:
    book = published()
    ready = prepared(book, {"depth": None, "other": None}, column=["depth", "label_4"], horizon=[4, 2])
    part = ready.test
    found = ready.pipeline.in_units("depth", part.y["depth"])
    np.testing.assert_allclose(found, book.columns["depth"][part.rows], rtol=1e-5, atol=1e-6)
    known = ready.pipeline.in_units("depth", part.persistences["depth"])
    np.testing.assert_allclose(known, book.columns["depth"][part.rows - 4], rtol=1e-6, atol=1e-9)


def test_a_file_to_predict_needs_no_labels(tmp_path: Path) -> None:
    book = published()
    frame = book.to_frame().assign(label_4=book.columns["label_4"])
    frame.to_csv(tmp_path / "labelled.csv", index=False)
    ready = prepared(tmp_path / "labelled.csv", {"move": 3})
    np.testing.assert_array_equal(ready.test.y["move"], book.columns["label_4"][ready.test.rows])
    again = Pipeline.from_dict(json.loads(json.dumps(ready.pipeline.to_dict())))
    part = again.transform(frame.drop(columns="label_4"))
    assert len(part) == 195 and part.persistence is None
    assert len(again.transform(frame, labels=True).y["move"]) == 191


def test_fi2010_is_trained_on_its_own_labels(tmp_path: Path) -> None:
    values = numbers(events=120, stocks=1)
    file = write(tmp_path, values)
    made = recipe(features={"levels": 10}, label={"kind": "column", "threshold": None, "horizon": [1, 10]})
    outputs: dict[str, int | None] = {"soon": 3, "later": 3}
    ready = data.prepare(made, file, input_shapes={"book": (6, 40)}, outputs=outputs)
    for line, name in ((144, "soon"), (148, "later")):
        np.testing.assert_array_equal(ready.train.y[name], 3 - values[line, ready.train.rows])
    assert ready.train.rows[-1] == 83 - 10


@settings(max_examples=60, deadline=None)
@given(
    sessions=st.lists(st.integers(1, 15), min_size=1, max_size=4),
    horizon=st.integers(1, 20),
    seed=st.integers(0, 999),
)
def test_columns_equal_the_slow_reference(sessions: list[int], horizon: int, seed: int) -> None:
    codes = np.repeat(np.arange(len(sessions)), sessions)
    rows = len(codes)
    labels = np.random.default_rng(seed).integers(0, 3, rows).astype(float)
    book = dataclasses.replace(random_book(rows=rows, session=codes.tolist()), columns={"own": labels})
    found = column_labels(book, "own", horizon, 3)
    inside = [row + horizon < rows and codes[row + horizon] == codes[row] for row in range(rows)]
    np.testing.assert_array_equal(found, np.where(inside, labels, np.nan))
    before = [
        labels[row - horizon] if row >= horizon and codes[row - horizon] == codes[row] else 1.0
        for row in range(rows)
    ]
    np.testing.assert_array_equal(known_labels(found, horizon, book.groups, 1.0), before)


def test_mistakes() -> None:
    with pytest.raises(DataError) as caught:
        prepared(published(), {"move": 3}, horizon=9)
    assert caught.value.message == (
        "`data.label` reads the column `label_9`, test book has these further columns: label_4, depth"
    )
    book = published()
    book.columns["label_4"][7] = 5
    with pytest.raises(DataError, match="the column `label_4` of test book holds 5 in row 8"):
        prepared(book, {"move": 3})
