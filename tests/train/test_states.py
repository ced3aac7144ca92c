"""States of stateful layers: where they begin, how far they are carried, and what must not touch them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest

import zoo
from zoo.data.history import with_history
from zoo.layers.reset_states import states_of
from zoo.train import prediction_file
from zoo.train.batches import Batches
from zoo.train.trained import Trained

WAVE = """
spec: 1
name: wave
params: {batch: 1, reset: epoch, epochs: 1}
inputs: {wave: {shape: [5, 1], batch_size: =batch}}
graph:
  next: [wave, SimpleRNN: {units: 4, return_sequences: true, stateful: true}, Dense: 1]
outputs: {next: {loss: mse}}
data:
  kind: table
  group: [symbol]
  inputs: {wave: {columns: [value]}}
  targets: {next: {column: value, horizon: 1}}
  window: {stride: 5}
  label: {per_step: true}
  split: {by: time, train: 0.6, val: 0.2, test: 0.2}
training: {epochs: =epochs, batch_size: =batch, shuffle: false, seed: 7, reset_states: =reset}
"""


def table(rows: int = 150, *symbols: str) -> pd.DataFrame:
    """A noisy wave for each symbol."""
    rng = np.random.default_rng(3)
    named = symbols or ("A",)
    return pd.concat(
        [
            pd.DataFrame({"symbol": symbol, "value": np.sin(np.arange(rows)) + 0.1 * rng.normal(size=rows)})
            for symbol in named
        ],
        ignore_index=True,
    )


def trained(data: pd.DataFrame, callbacks: Any = (), **params: Any) -> Trained:
    return zoo.train(zoo.loads(WAVE, **params), data, callbacks=callbacks, verbose=0)


@pytest.fixture(scope="module")
def run() -> Trained:
    return trained(table())


class Watch(keras.callbacks.Callback):
    """The states before each step of training and of validation, and after a validation."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[np.ndarray] = []
        self.tests: list[np.ndarray] = []
        self.after_epoch: list[np.ndarray] = []

    def _state(self) -> np.ndarray:
        return np.array(states_of(self.model)[0])

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.steps.append(self._state())

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.tests.append(self._state())

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.after_epoch.append(self._state())


def _unrolled(run: Trained, values: np.ndarray) -> np.ndarray:
    """The same cells over a whole stretch at once."""
    recurrent, dense = run.model.layers[1:]
    plain = keras.Sequential(
        [
            keras.Input((len(values), 1)),
            keras.layers.SimpleRNN(4, return_sequences=True),
            keras.layers.Dense(1),
        ]
    )
    plain.set_weights([*recurrent.get_weights()[:3], *dense.get_weights()])
    return np.array(plain(values[None, :, None]))[0, :, 0]


def test_a_part_goes_on_from_the_windows_before_it(run: Trained) -> None:
    test = run.prepared.test
    whole = _unrolled(run, test.values[:, 0])
    for name in ("test", "val", "train"):
        part = getattr(run.prepared, name)
        expected = np.stack([whole[end - 4 : end + 1] for end in part.rows])
        np.testing.assert_allclose(run.raw_outputs(part.x, part)["next"][..., 0], expected, atol=1e-5)
    np.testing.assert_array_equal(run.predict(part="test"), run.predict(part="test"))


def test_two_calls_say_what_one_says(run: Trained) -> None:
    whole = run.pipeline.transform(table())
    both = run.predict(table())
    for part in (run.prepared.val, run.prepared.test):
        np.testing.assert_allclose(run.predict(part), both[np.isin(whole.rows, part.rows)], atol=1e-6)


def test_a_report_is_on_the_same_predictions(run: Trained) -> None:
    test = run.prepared.test
    told = run.pipeline.in_units("next", np.asarray(test.y["next"]))
    rmse = np.sqrt(((run.predict() - told) ** 2).mean())
    assert run.metrics["rmse"] == pytest.approx(rmse, rel=1e-5)


def test_a_symbol_does_not_know_the_one_before_it(run: Trained) -> None:
    joined = table(60, "A", "B")
    alone = joined[joined["symbol"] == "B"]
    windows = run.pipeline.transform(joined)
    np.testing.assert_allclose(run.predict(joined)[windows.runs == 1], run.predict(alone), atol=1e-6)


def test_windows_that_nobody_asked_for_are_seen_too_and_none_after(run: Trained) -> None:
    test = run.prepared.test
    history = with_history(test)
    assert history is not None
    ends = history.x["wave"].windows.ends
    np.testing.assert_array_equal(ends, np.arange(4, test.rows[-1] + 1, 5))
    np.testing.assert_array_equal(ends[history.kept], test.rows)
    assert history.starts.tolist() == [True] + [False] * (len(ends) - 1)


def test_the_numbers_do_not_depend_on_the_batch(run: Trained) -> None:
    three = Trained.untrained(zoo.loads(WAVE, batch=3))
    three.model.set_weights(run.model.get_weights())
    three.pipeline = run.pipeline
    np.testing.assert_allclose(three.predict(table()), run.predict(table()), atol=1e-6)


def test_a_later_row_moves_no_earlier_prediction(run: Trained) -> None:
    changed = table()
    changed.loc[100:, "value"] = 9.0
    seen = run.pipeline.transform(changed).rows < 100
    np.testing.assert_array_equal(run.predict(changed)[seen], run.predict(table())[seen])


def test_an_epoch_and_a_symbol_begin_at_zero_and_other_windows_do_not() -> None:
    watch = Watch()
    run = trained(table(60, "A", "B"), [watch], epochs=2)
    runs = run.prepared.train.runs
    starts = np.r_[True, runs[1:] != runs[:-1]]
    assert [bool(state.any()) for state in watch.steps] == [not start for start in np.tile(starts, 2)]


def test_never_carries_the_state_into_the_next_epoch() -> None:
    watch = Watch()
    trained(table(), [watch], epochs=2, reset="never")
    steps = len(watch.steps) // 2
    assert not watch.steps[0].any()
    np.testing.assert_array_equal(watch.steps[steps], watch.after_epoch[0])
    assert watch.steps[steps].any()


def test_validation_goes_on_from_training_and_gives_the_state_back() -> None:
    watch = Watch()
    trained(table(), [watch], epochs=2, reset="never")
    windows = len(watch.tests) // 2
    assert watch.tests[0].any()
    # What training left is what validation began with, and what the next epoch begins with.
    np.testing.assert_array_equal(watch.tests[0], watch.after_epoch[0])
    assert not np.array_equal(watch.tests[windows - 1], watch.after_epoch[0])


def test_validation_on_other_symbols_begins_at_zero() -> None:
    watch = Watch()
    trained(table(60, "A", "B"), [watch])
    assert not watch.tests[0].any()


def test_each_place_of_a_batch_follows_one_stretch() -> None:
    rows = np.arange(11)
    batches = Batches({"x": rows}, None, 3, drop_last=True, runs=np.repeat([0, 1], [5, 6]))
    assert [batch[0].tolist() for batch in batches] == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]
    assert [batches.begins(i).tolist() for i in range(3)] == [
        [False, True, False],
        [False, False, False],
        [False, True, False],
    ]
    assert Batches({"x": rows}, None, 3).begins(1) is None


def test_a_place_begins_anew_alone() -> None:
    watch = Watch()
    run = trained(table(60, "A", "B", "C"), [watch], batch=2)
    batches = Batches(run.prepared.train.x, None, 2, drop_last=True, runs=run.prepared.train.runs)
    begun = [batches.begins(i) for i in range(1, len(batches))]
    assert any(places.any() and not places.all() for places in begun)
    for state, places in zip(watch.steps[1:], begun, strict=True):
        np.testing.assert_array_equal(state.any(axis=1), ~places)


def test_a_prediction_or_a_score_leaves_the_state_as_it_is(run: Trained) -> None:
    x = np.random.default_rng(0).normal(size=(3, 5, 1)).astype(np.float32)
    run.model.predict_on_batch(x[:1])
    before = np.array(states_of(run.model)[0])
    run.predict()
    first = run.score(x, x, scaled=True)
    np.testing.assert_array_equal(before, states_of(run.model)[0])
    assert before.any() and run.score(x, x, scaled=True) == first


def test_a_file_is_written_in_pieces_and_the_state_goes_through_all(
    run: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, data = tmp_path / "found.csv", table(150, "A", "B")
    wanted, frames = run.predict_frame(data), []
    frame = prediction_file.prediction_frame
    monkeypatch.setattr(
        prediction_file, "prediction_frame", lambda *given: frames.append(frame(*given)) or frames[-1]
    )
    monkeypatch.setattr(prediction_file, "_PIECE", 8)
    assert run.predict_file(file, data) == len(wanted)
    assert len(frames) > 5
    # a table's predictions replace its own
    assert run.predict_file(file, data) == len(wanted)
    pd.testing.assert_frame_equal(pd.read_csv(file), wanted, check_dtype=False, rtol=1e-6)
