"""Whole runs on tables: reports, bundles, files, and states that are carried from window to window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import zoo
from tests.data.rows import frame
from zoo.train.tasks import task
from zoo.train.trained import Trained

MIXED = """
spec: 1
name: mixed
inputs: {past: {shape: [6, 2]}}
graph:
  code: [past, Flatten]
  value: [code, Dense: 1]
  path: [code, Dense: 6, Reshape: [3, 2]]
  side: [code, Dense: {units: 3, activation: softmax}]
outputs:
  value: {loss: mse}
  path: {loss: mae}
  side: {loss: sparse_categorical_crossentropy}
data:
  kind: table
  time: time
  inputs: {past: {columns: [x, y]}}
  targets:
    value: {column: x, horizon: 4}
    path:  {column: [x, y], horizon: 3}
    side:  {column: side, horizon: 2}
training: {epochs: 2, batch_size: 16, seed: 7}
"""

WAVE = """
spec: 1
name: wave
params: {units: 8}
inputs: {wave: {shape: [5, 1], batch_size: 1}}
graph:
  next: [wave, SimpleRNN: {units: =units, return_sequences: true, stateful: true}, Dense: 1]
outputs: {next: {loss: mse}}
data:
  kind: table
  source: {toy: sine, samples: 150, period: 10}
  inputs: {wave: {columns: [value]}}
  targets: {next: {column: value, horizon: 1}}
  window: {stride: 5}
  label: {per_step: true}
  scale: {method: none}
training: {epochs: 2, batch_size: 1, shuffle: false, seed: 7, reset_states: epoch}
"""


@pytest.fixture(scope="module")
def run() -> Trained:
    return zoo.train(zoo.loads(MIXED), frame(400), verbose=0)


@pytest.fixture(scope="module")
def wave() -> Trained:
    return zoo.train(zoo.loads(WAVE), verbose=0)


def test_the_last_value_is_that_of_the_row_the_window_ends_at(run: Trained) -> None:
    table = frame(400)
    x = table["x"].to_numpy()
    rows = run.prepared.test.rows
    expected = np.sqrt(((x[rows] - x[rows + 4]) ** 2).mean())
    assert run.evaluation.baselines["last_value"]["value_rmse"] == pytest.approx(expected, rel=1e-5)
    # Of several columns no one unit would be true.
    scaled = np.stack(
        [(table[name] - run.pipeline.scaler[name][0]) * run.pipeline.scaler[name][1] for name in "xy"], 1
    )
    errors = np.stack([scaled[rows] - scaled[rows + step] for step in (1, 2, 3)])
    assert run.evaluation.baselines["last_value"]["path_mae"] == pytest.approx(
        np.abs(errors).mean(), rel=1e-5
    )
    side = table["side"].to_numpy()
    right = (side[rows] == side[rows + 2]).mean()
    assert run.evaluation.baselines["persistence"]["side_accuracy"] == pytest.approx(right)


def test_the_report_says_what_is_predicted_and_in_which_unit(run: Trained) -> None:
    text = " ".join(str(run.evaluation).split())
    assert "targets: x 4 ahead; x, y 1…3 ahead; side 2 ahead; scores of numbers in the unit" in text
    assert "of their column; scores of path in scaled units (zscore)" in text
    assert "data frame: 400 rows × 2 columns" in text
    assert "buy" in text and "purge auto" in text
    assert max(map(len, str(run.evaluation).splitlines())) <= 60


def test_a_bundle_judges_and_predicts_as_the_run_did(run: Trained, tmp_path: Path) -> None:
    again = zoo.open(run.save(tmp_path / "mixed.zoo"))
    seen, new = frame(400), frame(200, seed=5)
    new.to_csv(tmp_path / "new.csv", index=False)
    # Rows that the model was trained on are judged on their test part, others on all.
    assert again.evaluate(seen).metrics == run.metrics
    assert again.evaluate(seen).context.part == "test"
    judged = again.evaluate(tmp_path / "new.csv")
    assert judged.context.part == "all" and judged.context.about == "new.csv, 200 rows"
    assert judged.metrics == run.evaluate(new).metrics
    for name, values in again.predict(tmp_path / "new.csv").items():
        np.testing.assert_array_equal(values, run.predict(new.drop(columns="side"))[name])


def test_jax_carries_the_state_too() -> None:
    code = f"""
import numpy as np, keras, zoo
from zoo.layers.reset_states import states_of
run = zoo.train.trained.Trained.untrained(zoo.loads({WAVE!r}))
x = np.random.default_rng(0).normal(size=(2, 5, 1)).astype(np.float32)
both, alone = run.predict(x), run.predict(x[1:])
again = run.predict(x)
assert np.array_equal(both, again) and not np.allclose(both[1], alone[0])
class Watch(keras.callbacks.Callback):
    def __init__(self): self.begun, self.ended = [], []
    def on_epoch_begin(self, epoch, logs=None): self.begun.append(np.array(states_of(self.model)[0]))
    def on_epoch_end(self, epoch, logs=None): self.ended.append(np.array(states_of(self.model)[0]))
for reset in ("epoch", "never"):
    watch = Watch()
    text = {WAVE!r}.replace("reset_states: epoch", "reset_states: " + reset)
    zoo.train(zoo.loads(text), callbacks=[watch], verbose=0)
    assert watch.ended[0].any() and watch.begun[1].any() == (reset == "never")
    assert reset == "epoch" or np.array_equal(watch.begun[1], watch.ended[0])
"""
    done = subprocess.run(
        [sys.executable, "-c", "import zoo.train.trained" + code],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_stateful_run_is_the_same_when_it_is_run_again(wave: Trained) -> None:
    again = zoo.train(zoo.loads(WAVE), verbose=0)
    assert again.history == wave.history
    assert zoo.from_bytes(wave.to_bytes()).evaluate().metrics == wave.metrics


def test_a_plain_stateful_model_can_be_fitted_and_saved(tmp_path: Path) -> None:
    model = zoo.build(zoo.loads(WAVE))
    x = np.random.default_rng(0).normal(size=(6, 5, 1)).astype(np.float32)
    history = model.fit(x, x, batch_size=1, shuffle=False, epochs=1, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    model.save(tmp_path / "wave.keras")
    plain = keras.models.load_model(tmp_path / "wave.keras")
    for item in (*model.layers, *plain.layers):
        if getattr(item, "stateful", False):
            item.reset_state()
    np.testing.assert_allclose(model(x[:1]), plain(x[:1]), atol=1e-6)


@pytest.mark.parametrize(
    ("loss", "place"),
    [({"Pinball": {"quantiles": [0.1, 0.4, 0.9]}}, 1), ("pinball", 1), ("StudentT", 0), ("student_t", 0)],
)
def test_a_distribution_has_one_target_and_is_judged_by_one_number(loss: object, place: int) -> None:
    asked = task(loss, (12, 3))
    raw = np.arange(2 * 12 * 3.0).reshape(2, 12, 3)
    assert asked.target_shape == asked.data_shape == (12, 1)
    np.testing.assert_array_equal(asked.numbers(raw)[..., 0], raw[..., place])


def test_quantiles_are_trained_on_a_table() -> None:
    text = (
        MIXED.split("graph:")[0]
        + """
graph: {value: [past, LSTM: {units: 4, return_sequences: true}, Dense: 3]}
outputs: {value: {loss: {Pinball: [0.1, 0.5, 0.9]}}}
data:
  kind: table
  time: time
  inputs: {past: {columns: [x, y]}}
  targets: {value: {column: x, horizon: 1}}
  label: {per_step: true}
training: {epochs: 1, batch_size: 16, seed: 7}
"""
    )
    run = zoo.train(zoo.loads(text), frame(200), verbose=0)
    assert run.prepared.train.y["value"].shape[1:] == (6, 1)
    predicted, test = run.predict(part="test"), run.prepared.test
    told = run.pipeline.in_units("value", test.y["value"])
    rmse = np.sqrt(((predicted[..., 1:2] - told) ** 2).mean())
    assert run.metrics["rmse"] == pytest.approx(rmse, rel=1e-5)


def test_a_class_for_each_step_is_set_beside_the_commonest_and_the_step_itself() -> None:
    text = (
        MIXED.split("graph:")[0]
        + """
graph: {side: [past, LSTM: {units: 4, return_sequences: true}, Dense: {units: 3, activation: softmax}]}
outputs: {side: {loss: sparse_categorical_crossentropy}}
data:
  kind: table
  time: time
  inputs: {past: {columns: [x, y]}}
  targets: {side: {column: side, horizon: 3}}
  label: {per_step: true}
training: {epochs: 1, batch_size: 16, seed: 7}
"""
    )
    run = zoo.train(zoo.loads(text), frame(200), verbose=0)
    # The side comes back after three rows.
    assert run.evaluation.baselines["persistence"]["accuracy"] == 1
    assert run.evaluation.baselines["majority"]["accuracy"] == pytest.approx(1 / 3, abs=0.01)


def test_an_autoencoder_has_no_last_value_to_go_by() -> None:
    text = (
        MIXED.split("graph:")[0]
        + """
graph: {value: [past, LSTM: 4, RepeatVector: 6, LSTM: {units: 4, return_sequences: true}, Dense: 2]}
outputs: {value: {loss: mse}}
data:
  kind: table
  time: time
  inputs: {past: {columns: [x, y]}}
  targets: {value: {column: [x, y], horizon: 0}}
  label: {per_step: true}
training: {epochs: 1, batch_size: 16, seed: 7}
"""
    )
    run = zoo.train(zoo.loads(text), frame(200), verbose=0)
    assert list(run.evaluation.baselines) == ["mean"]
