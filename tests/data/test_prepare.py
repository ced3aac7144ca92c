"""`prepare` end to end, the pipeline's state, and the mistakes a user can make."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.books import random_book, recipe
from zoo import data
from zoo.data import Pipeline, Prepared
from zoo.data.orderbook import Book
from zoo.errors import DataError

SHAPES = {"book": (6, 8, 1)}
OUTPUTS: dict[str, int | None] = {"move": 3}


def prepare(made: dict[str, Any], source: Any = None, **options: Any) -> Prepared:
    return data.prepare(made, source, **({"input_shapes": SHAPES, "outputs": OUTPUTS} | options))


def failure(*arguments: Any, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        prepare(*arguments, **options)
    assert caught.value.help and caught.value.code.startswith("data.")
    return caught.value


def test_shapes_types_and_order() -> None:
    book = random_book(rows=200)
    ready = prepare(recipe(), book)
    for part in (ready.train, ready.val, ready.test):
        x = part.x["book"]
        assert len(part) == len(x) == len(part.y["move"]) == len(part.rows)
        batch = x[np.array([3, 0])]
        assert batch.shape == (2, 6, 8, 1) and batch.dtype == np.float32
        np.testing.assert_array_equal(batch[0, :, :, 0], part.values[part.rows[3] - 5 : part.rows[3] + 1])
        np.testing.assert_array_equal(part.last, np.asarray(x)[:, -1, :, 0])
        assert x[1].shape == (6, 8, 1) and x[2:4].shape == (2, 6, 8, 1) and x.shape == (len(part), 6, 8, 1)
        assert part.y["move"].dtype == np.int64
        assert (np.diff(part.rows) > 0).all()
        assert part.hidden is None
        np.testing.assert_array_equal(part.time, book.time[part.rows])
    assert ready.train.rows[-1] < ready.val.rows[0] <= ready.val.rows[-1] < ready.test.rows[0]
    assert ready.pipeline.levels == ["down", "stationary", "up"]
    assert ready.fingerprint == book.fingerprint() and not ready.simulated
    assert ready.about == (
        "test book: 200 snapshots × 8 features; windows of 6: training 131, validation 26, test 26"
    )


def test_the_training_rows_are_scaled_to_mean_zero() -> None:
    ready = prepare(recipe(), random_book(rows=200))
    np.testing.assert_allclose(ready.train.values[:140].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(ready.train.values[:140].std(axis=0), 1, atol=1e-5)


def test_gathering_a_batch_copies_no_more_than_the_batch() -> None:
    ready = prepare(recipe(), random_book(rows=200))
    first, second = ready.train.x["book"], ready.test.x["book"]
    assert first.windows.values is second.windows.values
    assert first[np.arange(4)].base is None or first[np.arange(4)].base.size == 4 * 6 * 8


def test_the_simulated_book_stands_in_and_says_so() -> None:
    made = recipe(source={"simulate": {"snapshots": 150, "seed": 3, "levels": 2}})
    ready = prepare(made)
    assert ready.simulated and ready.about.startswith("simulated order book (seed 3): 150 snapshots")
    assert ready.test.hidden is not None and ready.test.hidden.shape == (len(ready.test), 3)
    assert ready.fingerprint == data.orderbook.simulate(snapshots=150, seed=3, levels=2).fingerprint()


def test_a_file_or_frame_given_wins_over_the_recipe(tmp_path: Path) -> None:
    book = random_book(rows=200)
    book.to_frame().to_csv(tmp_path / "book.csv", index=False)
    made = recipe(source={"simulate": {"snapshots": 150}})
    for source in (tmp_path / "book.csv", str(tmp_path / "book.csv"), book.to_frame()):
        np.testing.assert_array_equal(prepare(made, source).train.last, prepare(made, book).train.last)
    named = recipe(source=str(tmp_path / "book.csv"))
    assert prepare(named).about.startswith("book.csv: 200 snapshots")


def test_dropped_rows_are_told() -> None:
    frame = random_book(rows=200).to_frame()
    frame.loc[7, "bid_price_1"] = frame.loc[7, "ask_price_1"]
    assert "199 snapshots × 8 features, dropped: 1 crossed" in prepare(recipe(clean="drop"), frame).about
    assert failure(recipe(), frame).code == "data.crossed"


def test_persistence_follows_its_definition() -> None:
    book = random_book(rows=200)
    ready = prepare(recipe(), book)
    alpha = ready.pipeline.thresholds["move"]
    for part in (ready.train, ready.test):
        for row, guess in zip(part.rows, part.persistence, strict=True):
            change = book.mid[row] / book.mid[max(0, row - 3) : row + 1].mean() - 1
            assert guess == 1 + (change > alpha) - (change < -alpha)


def test_the_threshold_is_half_the_mean_of_the_training_labels() -> None:
    book = random_book(rows=200)
    rows = range(140 - 4)
    labels = [abs(book.mid[row + 1 : row + 5].mean() / book.mid[row] - 1) for row in rows]
    assert prepare(recipe(), book).pipeline.thresholds["move"] == pytest.approx(np.mean(labels) / 2)


def test_two_classes_without_the_stationary_one() -> None:
    book = random_book(rows=300)
    ready = prepare(recipe(label={"drop_stationary": True}), book, outputs={"move": 2})
    assert ready.pipeline.levels == ["down", "up"]
    full = prepare(recipe(), book)
    moving = full.train.y["move"] != 1
    np.testing.assert_array_equal(ready.train.rows, full.train.rows[moving])
    np.testing.assert_array_equal(ready.train.y["move"], full.train.y["move"][moving] // 2)
    assert set(ready.train.persistence) <= {0, 1}


@pytest.mark.parametrize("method", ["zscore", "minmax", "robust", "none"])
def test_a_number_to_predict_is_scaled_and_comes_back_in_its_own_unit(method: str) -> None:
    book = random_book(rows=200)
    ready = prepare(recipe(scale={"method": method}), book, outputs={"change": None})
    assert ready.test.y["change"].dtype == np.float32
    change = ready.pipeline.in_units("change", ready.test.y["change"])
    expected = [book.mid[row + 1 : row + 5].mean() / book.mid[row] - 1 for row in ready.test.rows]
    np.testing.assert_allclose(change, expected, rtol=1e-5, atol=1e-9)
    # The rule to beat says that the mid stays where it is.
    np.testing.assert_allclose(ready.pipeline.in_units("change", ready.test.persistence), 0, atol=1e-9)
    assert ready.pipeline.about_labels().endswith("scaled units") == (method != "none")


def test_a_number_is_scaled_by_training_rows_whose_label_ends_in_the_training_part() -> None:
    book = random_book(rows=200)
    ready = prepare(recipe(), book, outputs={"change": None})
    cut = 140 - 4
    labels = [book.mid[row + 1 : row + 5].mean() / book.mid[row] - 1 for row in range(cut)]
    shift, factor = ready.pipeline.target_scalers["change"]
    assert (shift, 1 / factor) == pytest.approx((np.mean(labels), np.std(labels)))


def test_the_mid_that_stays_is_no_change_from_now_but_one_from_its_own_past() -> None:
    book = random_book(rows=200)
    made = recipe(label={"kind": "two_sided"}, scale={"method": "none"})
    ready = prepare(made, book, outputs={"change": None})
    expected = [book.mid[row] / book.mid[row - 3 : row + 1].mean() - 1 for row in ready.test.rows]
    np.testing.assert_allclose(ready.test.persistence, expected, atol=1e-12)


def test_a_label_for_each_step() -> None:
    book = random_book(rows=220, session=[0] * 100 + [1] * 120)
    shapes = {"output_shapes": {"move": (6, 3)}}
    ready = prepare(recipe(label={"per_step": True}), book, **shapes)
    alone = prepare(recipe(), book)
    whole = alone.pipeline.transform(book, labels=True)
    labels = dict(zip(whole.rows.tolist(), whole.y["move"].tolist(), strict=True))
    for part in (ready.train, ready.val, ready.test):
        assert part.y["move"].shape == (len(part), 6) and part.persistence.shape == (len(part), 6)
        assert part.y["move"].dtype == np.int64
        for end, steps in zip(part.rows.tolist(), part.y["move"].tolist(), strict=True):
            known = [
                (labels.get(row), step) for row, step in zip(range(end - 5, end + 1), steps, strict=True)
            ]
            # The first rows of a session end no window of one label: only those can be missing.
            assert all(label in (None, step) for label, step in known)
            assert known[-1][0] == known[-1][1]
    # No window reads or is labelled by a row of another part.
    assert ready.val.rows[0] == 154 + 5 and ready.train.rows[-1] == 154 - 1 - 4
    assert "each step" in ready.pipeline.about_labels()


def test_a_label_for_each_step_is_kept_where_each_step_has_one() -> None:
    made = recipe(label={"per_step": True, "kind": "two_sided"})
    ready = prepare(made, random_book(rows=200), output_shapes={"move": (6, 3)})
    # The first label needs four mids behind it, and the window's five steps before the last have one too.
    assert ready.train.rows[0] == 3 + 5


def test_a_number_for_each_step() -> None:
    made = recipe(label={"per_step": True}, scale={"method": "none"})
    book = random_book(rows=200)
    ready = prepare(made, book, outputs={"change": None}, output_shapes={"change": (6, 1)})
    row = int(ready.test.rows[2])
    expected = [book.mid[at + 1 : at + 5].mean() / book.mid[at] - 1 for at in range(row - 5, row + 1)]
    np.testing.assert_allclose(ready.test.y["change"][2], expected, atol=1e-7)


def test_steps_with_labels_need_an_output_with_steps() -> None:
    error = failure(recipe(label={"per_step": True}), random_book(rows=200), output_shapes={"move": (3,)})
    assert error.message.startswith("output `move` has shape [3], and `data.label.per_step` gives a label")
    assert error.help.startswith("give the output the shape [6, 3]") and error.code == "data.shape"


def test_a_window_in_the_shape_that_the_recipe_gives_it() -> None:
    book = random_book(rows=200)
    made = recipe(window={"reshape": [6, 2, None]})
    ready = prepare(made, book, input_shapes={"book": (None, None, 4)})
    plain = prepare(recipe(), book)
    assert ready.train.x["book"].shape[1:] == (6, 2, 4)
    np.testing.assert_array_equal(ready.train.x["book"][:].reshape(-1), plain.train.x["book"][:].reshape(-1))
    error = failure(made, book)
    assert error.message == (
        "input `book` has shape [6, 8, 1], `data.window.reshape` gives windows [6, 2, 4]"
    )
    assert (
        "`data.window.reshape` has shape [5, 2, 4]"
        in failure(recipe(window={"reshape": [5, 2, 4]}), book, input_shapes={"book": (5, 2, 4)}).message
    )


def test_one_horizon_each_output() -> None:
    book = random_book(rows=300)
    outputs: dict[str, int | None] = {"soon": 3, "later": 3}
    ready = prepare(recipe(label={"horizon": [2, 9]}), book, outputs=outputs)
    assert list(ready.train.y) == ["soon", "later"]
    alone = prepare(recipe(label={"horizon": 9}), book, outputs={"later": 3})
    np.testing.assert_array_equal(ready.test.y["later"], alone.test.y["later"])
    np.testing.assert_array_equal(ready.train.rows, alone.train.rows)
    both = prepare(recipe(), book, outputs=outputs)
    np.testing.assert_array_equal(both.train.y["soon"], both.train.y["later"])
    error = failure(recipe(label={"horizon": [1, 2, 3]}), book, outputs=outputs)
    assert error.message == "`data.label.horizon` lists 3 horizons, the spec has 2 outputs (`soon`, `later`)"


def test_sampling_every_second_event_and_by_time() -> None:
    book = random_book(rows=300)
    half = prepare(recipe(sample={"by": "event", "every": 2}), book)
    np.testing.assert_array_equal(half.train.last, prepare(recipe(), book.take(slice(0, None, 2))).train.last)
    slow = prepare(recipe(sample={"by": "time", "every": 0.7}), book)
    buckets = slow.train.time // 700_000_000
    assert (np.diff(buckets) > 0).all()
    error = failure(recipe(sample={"by": "time"}), dataclasses.replace(book, timed=False))
    assert "test book has no `time_ns` column" in error.message
    assert failure(recipe(sample={"every": 1.5}), book).code == "data.sample"


def test_several_inputs_see_the_same_window() -> None:
    ready = prepare(
        recipe(), random_book(rows=200), input_shapes={"a": (6, 8), "b": (48,), "c": (6, None, 2)}
    )
    first = ready.train.x["a"][[2]]
    np.testing.assert_array_equal(first.ravel(), ready.train.x["b"][[2]].ravel())
    assert ready.train.x["c"].shape[1:] == (6, 4, 2)


def test_the_pipeline_survives_json_and_does_the_same() -> None:
    book = random_book(rows=200)
    ready = prepare(recipe(scale={"method": "robust"}), book)
    state = json.loads(json.dumps(ready.pipeline.to_dict()))
    again = Pipeline.from_dict(state)
    assert again == ready.pipeline
    part = again.transform(book, labels=True)
    where = np.searchsorted(part.rows, ready.test.rows)
    np.testing.assert_array_equal(part.x["book"][where], ready.test.x["book"][:])
    np.testing.assert_array_equal(part.y["move"][where], ready.test.y["move"])
    np.testing.assert_array_equal(part.persistence[where], ready.test.persistence)


def test_new_data_needs_no_future() -> None:
    ready = prepare(recipe(), random_book(rows=200))
    part = ready.pipeline.transform(random_book(rows=6, seed=9))
    assert len(part) == 1 and part.y == {} and part.x["book"][[0]].shape == (1, 6, 8, 1)
    with pytest.raises(DataError, match="no window with a label"):
        ready.pipeline.transform(random_book(rows=6, seed=9), labels=True)
    with pytest.raises(DataError, match="no window of 6 rows fits"):
        ready.pipeline.transform(random_book(rows=5, seed=9))


@pytest.mark.parametrize("state", [None, {}, {"format": 2}, {"format": 1, "kind": "orderbook"}])
def test_a_damaged_or_newer_state(state: Any) -> None:
    with pytest.raises(DataError) as caught:
        Pipeline.from_dict(state)
    assert caught.value.code == "data.pipeline" and "the data pipeline's state" in caught.value.message


def still_book() -> Book:
    book = random_book(rows=200)
    fields = {name: np.repeat(getattr(book, name)[:1], 200, axis=0) for name in ("ask_price", "bid_price")}
    return dataclasses.replace(book, **fields)


MISTAKES: dict[str, tuple[dict[str, Any], Any, dict[str, Any], str]] = {
    "shape": (
        recipe(),
        None,
        {"input_shapes": {"book": (6, 20, 1)}},
        "input `book` has shape [6, 20, 1], the recipe's windows are [6, 8]: 6 snapshots of 8 features (",
    ),
    "window": (
        recipe(),
        None,
        {"input_shapes": {"book": (7, 8)}},
        "input `book` has shape [7, 8], the recipe's",
    ),
    "classes": (
        recipe(),
        None,
        {"outputs": {"move": 2}},
        "output `move` has 2 classes, the labels have 3: down, ",
    ),
    "no outputs": (recipe(), None, {"outputs": {}}, "the spec has no outputs to label"),
    "levels": (
        recipe(features={"levels": 9}),
        None,
        {},
        "`data.features.levels` asks for 9 levels, test book has 3",
    ),
    "short": (
        recipe(label={"horizon": 500}),
        None,
        {},
        "test book is too short: a window of 6 and a horizon of 500 need 506 snapshots of one session, "
        "the longest has 200",
    ),
    "no validation": (
        recipe(label={"horizon": 40}),
        None,
        {},
        "the validation part holds no window: 15% of 200 snapshots, less the rows purged before the next",
    ),
    "still": (
        recipe(),
        still_book(),
        {},
        "the mid price never moves in the 136 training rows that have a label",
    ),
    "kind": (recipe(kind="video"), None, {}, "`data.kind` is 'video'; this version prepares"),
    "no recipe": ({}, None, {}, "this spec has no `data` section"),
    "source": (recipe(), 5, {}, "an order book is a file, a data frame or a Book; received int"),
    "toy": (
        recipe(source={"toy": "moons"}),
        False,
        {},
        "`data.source` is a file or `{simulate: {…}}` for order",
    ),
    "simulate": (
        recipe(source={"simulate": {"snapshot": 9}}),
        False,
        {},
        "`data.source.simulate` takes snapshots, levels, seed, sessions; received {'snapshot': 9}",
    ),
    "purge": (recipe(split={"purge": 2}), None, {}, "`data.split.purge` is 2 rows, shorter than the label's"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes(case: str) -> None:
    made, source, options, message = MISTAKES[case]
    given = random_book(rows=200) if source is None else None if source is False else source
    assert failure(made, given, **options).message.startswith(message)
