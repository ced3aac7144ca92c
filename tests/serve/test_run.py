"""``Trained.predictor`` and ``Trained.stream``: the numbers of ``Trained.predict``, row by row too."""

from __future__ import annotations

import numpy as np
import pytest

import zoo
from tests.models import small
from tests.serve.specs import HIERARCHY, SHORT_CUT, STATEFUL
from tests.train.specs import PAIR
from zoo.data import orderbook
from zoo.data.orderbook import Book
from zoo.errors import DataError, TrainError, ZooError
from zoo.train.trained import Trained


@pytest.fixture(scope="module")
def run() -> Trained:
    return zoo.train(zoo.loads(HIERARCHY))


@pytest.fixture(scope="module")
def book() -> Book:
    return orderbook.simulate(snapshots=120, levels=3, seed=5, sessions=2)


def cells(book: Book) -> np.ndarray:
    """(snapshot, 4·level) in the order of a wide file."""
    return np.stack([book.ask_price, book.ask_size, book.bid_price, book.bid_size], axis=2).reshape(
        len(book), -1
    )


def pushed(stream: object, book: Book) -> np.ndarray:
    """What a stream gives for all rows of a book, session by session."""
    found = []
    for row, (snapshot, group) in enumerate(zip(cells(book), book.groups, strict=True)):
        if row and group != book.groups[row - 1]:
            stream.reset()
        made = stream.push(snapshot)
        if made is not None:
            found.append(made)
    return np.array(found)


def test_a_stream_gives_what_predict_gives(run: Trained, book: Book):
    stream = run.stream()
    assert stream.coded
    assert (
        repr(stream)
        == f"Stream({run.spec.name!r}, {stream.engine}, windows of {run.model.inputs[0].shape[1]} snapshots)"
    )
    np.testing.assert_allclose(pushed(stream, book), run.predict(book), atol=1e-5)


def test_a_snapshot_may_come_by_names(run: Trained, book: Book):
    frame = book.to_frame()
    by_name, by_place = run.stream(), run.stream()
    for row in range(10):
        one, other = by_name.push(frame.iloc[row]), by_place.push(cells(book)[row])
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_array_equal(one, other)


def test_a_snapshot_that_cannot_be_is_told_and_not_kept(run: Trained, book: Book):
    stream, wanted = run.stream(), run.stream()
    for row in range(8):
        good = cells(book)[row]
        for bad, code in (
            (good[:3], "stream.row"),
            ({"ask_price_1": 1.0}, "stream.row"),
            ("book", "stream.row"),
            (good * np.nan, "data.missing"),
            (good[[2, 1, 0, 3, *range(4, 12)]], "data.crossed"),
            (-good, "data.price"),
        ):
            with pytest.raises(DataError) as caught:
                stream.push(bad)
            assert caught.value.code == code
        one, other = stream.push(good), wanted.push(good)
    np.testing.assert_array_equal(one, other)


def test_rows_that_clean_drops_are_skipped(book: Book):
    run = zoo.train(zoo.loads(HIERARCHY.replace("data:", "data:\n  clean: {rows: drop}", 1)))
    stream = run.stream()
    assert stream.push(cells(book)[0] * np.nan) is None
    assert stream.skipped == 1


def test_scaled_rows_of_a_model_without_a_pipeline():
    spec = small.spec("tcn")
    run = Trained.untrained(spec, seed=1)
    stream, shape = run.stream(), next(iter(spec.inputs.values())).shape
    values = np.random.default_rng(1).normal(size=(shape[0] + 3, *shape[1:])).astype(np.float32)
    found = [made for row in values if (made := stream.push(row.ravel())) is not None]
    x = np.stack([values[start : start + shape[0]] for start in range(4)])
    wanted = run.raw_outputs({next(iter(spec.inputs)): x})
    np.testing.assert_allclose(np.array(found), next(iter(wanted.values())), atol=1e-5)
    with pytest.raises(TrainError, match="finite numbers"):
        stream.push(np.zeros(3))


def test_what_has_no_stream_says_so():
    for text, code in ((STATEFUL, "stream.state"), (SHORT_CUT, "stream.inputs")):
        with pytest.raises(TrainError) as caught:
            Trained.untrained(zoo.loads(text), seed=1).stream()
        assert caught.value.code == code


@pytest.mark.parametrize(
    "changed", ["sample: {by: event, every: 2}", "scale: {method: zscore, by: [symbol]}"]
)
def test_a_recipe_that_needs_more_than_a_row_says_so(changed: str):
    run = zoo.train(zoo.loads(HIERARCHY.replace("data:", f"data:\n  {changed}", 1)))
    with pytest.raises(DataError) as caught:
        run.stream()
    assert caught.value.code in ("stream.sample", "stream.scale")


@pytest.mark.parametrize("engine", ["onnxruntime", "xla", "keras"])
def test_a_predictor_gives_what_predict_gives(run: Trained, book: Book, engine: str):
    fast = run.predictor(engine)
    assert fast.engine == engine
    np.testing.assert_allclose(fast.predict(book), run.predict(book), atol=1e-5)
    np.testing.assert_allclose(fast.predict(), run.predict(), atol=1e-5)
    ours, theirs = fast.predict_frame(book), run.predict_frame(book)
    assert list(ours) == list(theirs)
    assert (ours["row"] == theirs["row"]).all()


def test_one_window(run: Trained):
    window = run.prepared.test.x["book"][0]
    found = run.predictor().one(window)
    np.testing.assert_allclose(found, run.predict()[0], atol=1e-5)
    for wrong in ((), (window, window), (window[None],)):
        with pytest.raises(TrainError) as caught:
            run.predictor().one(*wrong)
        assert caught.value.code == "predict.window"


def test_one_window_of_several_inputs_and_outputs():
    run = Trained.untrained(zoo.loads(PAIR), seed=1)
    found = run.predictor().one(np.ones(4), np.ones(2))
    wanted = run.predict({"a": np.ones((1, 4)), "b": np.ones((1, 2))})
    assert list(found) == ["zz", "aa"]
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values[0], atol=1e-5)


def test_numbers_come_in_their_units():
    rows = np.cumsum(np.random.default_rng(0).normal(size=(300, 3)), axis=0) * 100
    run = zoo.train("lstm_stateless", rows, epochs=1)
    ours, theirs = run.predictor().predict(rows[:, :2]), run.predict(rows[:, :2])
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_a_state_is_carried_in_batches_and_one_window_refused():
    run = Trained.untrained(zoo.loads(STATEFUL), seed=1)
    x = np.random.default_rng(1).normal(size=(5, 6, 4))
    np.testing.assert_array_equal(run.predictor().predict(x), run.predict(x))
    with pytest.raises(ZooError) as caught:
        run.predictor().one(x[0])
    assert caught.value.code == "predict.state"
