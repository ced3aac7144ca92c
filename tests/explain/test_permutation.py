"""Permutation importance: what decides comes first, what is not read is worth nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import zoo
from tests.explain.planted import FEATURE, STEP, planted_run, planted_samples
from tests.train.specs import TINY
from zoo.errors import TrainError
from zoo.explain.mixed import Mixed, borrowed
from zoo.explain.resampling import shuffled
from zoo.train.trained import Trained

PLANTED = f"x_{FEATURE + 1}"
AGO = 5 - STEP

BLIND = """
spec: 1
name: blind
inputs: {x: {shape: [6, 4]}, z: {shape: [3]}}
graph:
  last:  [x, at: {1: [-2, null]}, Flatten]
  value: [last, Dense: 2]
  unused: [z, Dense: 2]
  total: [[value, unused], Add]
outputs: {total: {loss: mse}}
training: {epochs: 1, batch_size: 32, seed: 3}
"""

STATEFUL = """
spec: 1
name: stateful
inputs: {book: {shape: [2, 4], batch_size: 1}}
graph:
  direction: [book, LSTM: {units: 3, stateful: true}, Dense: {units: 3, activation: softmax}]
outputs:
  direction: {loss: sparse_categorical_crossentropy}
data:
  kind: orderbook
  source: {simulate: {snapshots: 260, levels: 1, seed: 1}}
  features: {levels: 1, prices: relative_bps, sizes: log}
  window: {length: 2, stride: 2}
  label: {kind: forward, horizon: 2}
training: {optimizer: sgd, epochs: 1, batch_size: 1, seed: 7, shuffle: false}
"""


@pytest.fixture(scope="module")
def run() -> Trained:
    return planted_run()


@pytest.fixture(scope="module")
def book() -> Trained:
    return zoo.train(zoo.loads(TINY), verbose=0)


@pytest.mark.parametrize("metric", ["macro_f1", "nll", "accuracy"])
def test_a_planted_feature_ranks_first(run: Trained, metric: str) -> None:
    found = run.importance(by="feature", metric=metric)
    first, second = found.ranked().to_dict("records")[:2]
    assert first["feature"] == PLANTED
    assert first["low"] > second["high"] and first["importance"] > 0.2
    others = found.frame[found.frame["feature"] != PLANTED]
    assert (others["low"] < 0.02).all()


def test_so_does_its_step(run: Trained) -> None:
    assert run.importance(by="time").ranked()["time"].iloc[0] == AGO
    both = run.importance(by=["time", "feature"], repeats=2).ranked().iloc[0]
    assert (both["time"], both["feature"]) == (AGO, PLANTED)


def test_the_score_is_the_reports(run: Trained) -> None:
    frame = run.importance(by="input").frame
    assert frame["score"].iloc[0] == pytest.approx(run.metrics["macro_f1"])
    assert frame["importance"].iloc[0] == pytest.approx(frame["score"].iloc[0] - frame["permuted"].iloc[0])
    assert frame["low"].iloc[0] < frame["importance"].iloc[0] < frame["high"].iloc[0]
    assert list(frame) == [
        "input",
        "output",
        "metric",
        "score",
        "permuted",
        "importance",
        "sd",
        "low",
        "high",
    ]


def test_the_same_seed_gives_the_same_numbers_and_another_others(run: Trained) -> None:
    one, two, three = (run.importance(repeats=2, seed=seed).frame for seed in (1, 1, 2))
    assert one.equals(two) and not one.equals(three)


def test_more_repeats_of_the_same_samples_tell_the_mean_more_exactly(run: Trained) -> None:
    assert np.isnan(run.importance(repeats=1).frame["sd"]).all()
    frame = run.importance(repeats=8).frame
    assert (frame["sd"] < (frame["high"] - frame["low"])).all()


def test_a_group_of_ones_own_is_permuted_together(run: Trained) -> None:
    found = run.importance(by={"all": ["x_1", "x_2", "x_3", "x_4"], "rest": ["x_1", "x_2", "x_4"]}).frame
    all_of_it, rest = found["importance"]
    assert all_of_it > 0.3 > rest
    assert run.importance(by="input").frame["importance"].iloc[0] == pytest.approx(all_of_it)


def test_what_a_model_does_not_read_is_worth_exactly_nothing() -> None:
    rng = np.random.default_rng(0)
    x = {"x": rng.normal(size=(200, 6, 4)).astype("f4"), "z": rng.normal(size=(200, 3)).astype("f4")}
    run = zoo.train(zoo.loads(BLIND), (x, x["x"][:, -1, :2]), epochs=4, verbose=0)
    unused = run.get_weights("unused")["unused"]
    run.set_weights({"unused": {name: np.zeros_like(values) for name, values in unused.items()}})
    frame = run.importance((x, x["x"][:, -1, :2]), by=["input", "time"], metric="rmse").frame
    unread = (frame["input"] == "z") | (frame["time"] > 1)
    assert (frame.loc[unread, ["importance", "low", "high"]] == 0).all(axis=None)
    assert (frame.loc[~unread, "importance"] > 0).any()


def test_within_a_session_a_number_of_the_session_tells_nothing() -> None:
    """A column that is the same all session long loses nothing by being exchanged within it."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(60, 3, 1)).astype("f4")
    values[:, :, 0] = np.repeat([0.0, 1.0, 2.0], 20)[:, None]
    cells = {"x": np.ones((3, 1), bool)}
    runs = np.repeat([0, 1, 2], 20)
    inside = borrowed({"x": values}, cells, shuffled(60, rng, runs=runs))["x"][np.arange(60)]
    among = borrowed({"x": values}, cells, shuffled(60, rng))["x"][np.arange(60)]
    assert np.array_equal(inside, values) and not np.array_equal(among, values)


def test_a_book_by_level_field_and_side(book: Trained) -> None:
    frame = book.importance(by=["side", "field"], repeats=2).frame
    assert list(zip(frame["side"], frame["field"], strict=True)) == [
        ("ask", "price"), ("ask", "size"), ("bid", "price"), ("bid", "size"),
    ]  # fmt: skip
    told = str(book.importance(by="level", repeats=2))
    assert "tiny: test part" in told and "windows" in told and "level 1" in told


def test_blocks_keep_neighbours_and_change_the_numbers(book: Trained) -> None:
    single, blocks = (book.importance(by="input", block=block, seed=5) for block in (1, 10))
    assert single.frame["permuted"].iloc[0] != blocks.frame["permuted"].iloc[0]
    assert "blocks of 10 permuted within their session" in str(blocks)


def test_fewer_windows(book: Trained) -> None:
    assert "40 windows" in book.importance(by="input", windows=40, repeats=1).about


def test_other_data_and_pairs_of_arrays(run: Trained) -> None:
    other = run.importance(planted_samples(200, seed=9)).ranked()
    assert other["feature"].iloc[0] == PLANTED
    with pytest.raises(TrainError, match="labels are missing"):
        run.importance(planted_samples(20)[0])


def test_a_state_goes_through_the_permuted_windows_in_order() -> None:
    run = zoo.train(zoo.loads(STATEFUL), verbose=0)
    before = run.predict()
    frame = run.importance(by="input", repeats=1, block=8, metric="nll").frame
    assert frame["score"].iloc[0] == pytest.approx(run.metrics["nll"])
    assert frame["permuted"].iloc[0] != frame["score"].iloc[0]
    assert np.array_equal(run.predict(), before)


def test_windows_are_gathered_a_batch_at_a_time() -> None:
    class Lazy:
        """Knows how many samples were asked for at once."""

        shape, dtype, most = (5000, 3, 2), np.dtype("f4"), 0

        def __len__(self) -> int:
            return 5000

        def __getitem__(self, index: np.ndarray) -> Any:
            self.most = max(self.most, len(index))
            return np.broadcast_to(index[:, None, None], (len(index), 3, 2)).astype("f4")

    lazy, cells = Lazy(), np.zeros((3, 2), bool)
    cells[1, 1] = True
    mixed = Mixed(lazy, cells, np.arange(5000)[::-1].copy())
    batch = mixed[np.arange(32)]
    assert lazy.most == 32
    assert batch[:, 1, 1].tolist() == list(range(4999, 4967, -1))
    assert batch[:, 0, 0].tolist() == list(range(32))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"repeats": 0}, "explain.repeats"),
        ({"block": True}, "explain.block"),
        ({"within": "day"}, "explain.within"),
        ({"metric": "f1"}, "explain.metric"),
        ({"by": "depth"}, "explain.by"),
        ({"windows": 0}, "explain.windows"),
        ({"part": "future"}, "train.part"),
    ],
)
def test_what_cannot_be_asked(run: Trained, asked: dict[str, Any], code: str) -> None:
    with pytest.raises(TrainError) as caught:
        run.importance(**asked)
    assert caught.value.code == code and caught.value.help
