"""What a fold of a walk fits and trains on, for each kind of data: of the past alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data import test_leakage as books
from tests.data import test_table_leakage as tables
from tests.data.books import random_book, recipe
from tests.data.rows import frame
from zoo import data
from zoo.data.folds import Fold
from zoo.data.pipeline import Pipeline
from zoo.data.timeline import ALL_TRAINING, Timeline, timeline_of
from zoo.errors import DataError


def of_book(book: Any, **sections: Any) -> Timeline:
    raw = recipe(**sections)
    classes = 2 if "drop_stationary" in raw["label"] else 3
    found = data.prepare(
        raw | {"split": dict(ALL_TRAINING)}, book, input_shapes={"book": (6, 8)}, outputs={"move": classes}
    ).pipeline
    found.recipe["split"] = raw.get("split")
    return timeline_of(found, book, {"move": (classes,)})


def of_table(table: pd.DataFrame, **sections: Any) -> Timeline:
    split = sections.pop("split", None)
    found = tables.made(table, **sections, split=dict(ALL_TRAINING)).pipeline
    found.recipe["split"] = split
    return timeline_of(found, table, tables.OUTPUT_SHAPES)


def trained_on(timeline: Timeline, fold: Fold) -> tuple[Pipeline, dict[str, np.ndarray]]:
    """What was fitted, and the numbers of the training samples."""
    pipeline, part, places = timeline.part(fold)
    rows = places[fold.train]
    rows = rows[rows >= 0]
    assert len(rows)
    samples = {**part.x, **{f"{name} (y)": y for name, y in part.y.items()}}
    return pipeline, {name: np.asarray(values[rows]) for name, values in samples.items()}


def assert_blind(before: Timeline, after: Timeline, fold: Fold) -> None:
    (one, first), (other, second) = trained_on(before, fold), trained_on(after, fold)
    assert one.to_dict() == other.to_dict()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name], name)


WALKS = st.fixed_dictionaries(
    {
        "first": st.integers(20, 70),
        "step": st.integers(5, 30),
        "window": st.sampled_from(["anchored", "sliding"]),
    }
)
SPLITS = st.fixed_dictionaries(
    {"purge": st.sampled_from(["auto", "strict", 9]), "embargo": st.integers(0, 4)}
)
METHODS = st.sampled_from(["zscore", "minmax", "robust", "none"])


@settings(max_examples=15, deadline=None)
@given(walk=WALKS, split=SPLITS, method=METHODS, seed=st.integers(0, 1_000), data_=st.data())
def test_a_fold_of_a_book_has_not_seen_what_it_predicts(
    walk: dict[str, Any], split: dict[str, Any], method: str, seed: int, data_: st.DataObject
) -> None:
    book = random_book(rows=120, levels=2, seed=seed)
    sections = {"split": split, "scale": {"method": method}}
    timeline = of_book(book, **sections)
    fold = data_.draw(st.sampled_from(timeline.folds(**walk)))
    now = int(timeline.spans.now[fold.test[0]]) - split["embargo"]
    assert_blind(timeline, of_book(books.with_other_future(book, now - 1, seed), **sections), fold)


@settings(max_examples=15, deadline=None)
@given(
    walk=WALKS, split=SPLITS, method=METHODS, group=st.booleans(), seed=st.integers(0, 1_000), data_=st.data()
)
def test_a_fold_of_a_table_has_not_seen_what_it_predicts(
    walk: dict[str, Any],
    split: dict[str, Any],
    method: str,
    group: bool,
    seed: int,
    data_: st.DataObject,
) -> None:
    table = frame(tables.ROWS, seed=seed, symbol=np.arange(tables.ROWS) % 2)
    sections: dict[str, Any] = {
        "split": split,
        "scale": {"method": method},
        "group": ["symbol"] if group else [],
    }
    timeline = of_table(table, **sections)
    fold = data_.draw(st.sampled_from(timeline.folds(**walk)))
    # The two symbols' rows alternate: the clock's tick is the row of the table.
    now = int(timeline.spans.now[fold.test].min()) - split["embargo"]
    assert_blind(timeline, of_table(tables.with_other_future(table, now - 1, seed), **sections), fold)


def test_a_scaler_is_fitted_on_the_training_rows_of_its_fold() -> None:
    table = frame(tables.ROWS)
    timeline = of_table(table, scale={"method": "zscore"})
    early, *_, late = timeline.folds(first=30, step=10, window="anchored")
    for fold in (early, late):
        shift, _ = timeline.part(fold)[0].scaler["x"]
        assert shift == pytest.approx(table["x"][: fold.cut].mean())
    moving = timeline.folds(first=30, step=10, window="sliding")[-1]
    assert moving.begin > 0
    shift, _ = timeline.part(moving)[0].scaler["x"]
    assert shift == pytest.approx(table["x"][moving.begin : moving.cut].mean())


def test_windows_that_a_threshold_drops_are_told() -> None:
    timeline = of_book(random_book(rows=200, levels=2), label={"drop_stationary": True})
    pipeline, part, places = timeline.part(timeline.folds(first=60, step=30, window="anchored")[0])
    assert len(part) == (places >= 0).sum() < len(timeline.spans)
    np.testing.assert_array_equal(part.rows, timeline.spans.rows[places >= 0])
    assert pipeline.levels == ["down", "up"]


def test_arrays_are_walked_in_their_order() -> None:
    x, y = np.arange(24, dtype=np.float32).reshape(12, 2), np.arange(12) % 3
    found = data.prepare({}, (x, y), input_shapes={"x": (2,)}, outputs={"y": 3})
    timeline = timeline_of(found.pipeline, (x, y), {"y": (3,)})
    fold = timeline.folds(first=8, step=2, window="sliding")[1]
    assert fold.train.tolist() == list(range(2, 10)) and fold.test.tolist() == [10, 11]
    _, part, places = timeline.part(fold)
    np.testing.assert_array_equal(np.asarray(part.x["x"])[places[fold.test]], x[10:])
    assert timeline.parts().tolist() == [0] * 8 + [1] * 2 + [2] * 2


def test_a_purge_shorter_than_the_horizon_is_refused() -> None:
    timeline = of_book(random_book(), split={"purge": 2})
    with pytest.raises(DataError) as caught:
        timeline.folds(first=20, step=5, window="anchored")
    assert "`data.split.purge` is 2 rows, shorter than the label's horizon of 4" in caught.value.message
