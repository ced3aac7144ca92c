"""Walks: each step knows its past and nothing else, broken off or not, in one process or in several."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

import zoo
from tests.train.specs import TINY
from zoo.errors import SpecError, TrainError
from zoo.train.walk import step as walk_step

SERIES = """
spec: 1
name: series
inputs: {x: {shape: [4, 1]}}
graph: {y: [x, Flatten, Dropout: 0.2, Dense: 1]}
outputs: {y: {loss: mse}}
data:
  kind: table
  time: time
  inputs: {x: {columns: [value], lookback: 4}}
  targets: {y: {column: value, type: numeric, horizon: 2}}
  scale: {method: zscore}
training: {optimizer: {Adam: {learning_rate: 0.02}}, epochs: 2, batch_size: 8, seed: 3}
"""


def frame(rows: int = 60, seed: int = 0) -> pd.DataFrame:
    values = np.random.default_rng(seed).normal(size=rows).cumsum() + 100
    return pd.DataFrame({"time": np.arange(rows), "value": values})


def walk(data: pd.DataFrame, **given: object) -> zoo.WalkForward:
    return zoo.walk_forward(zoo.loads(SERIES), data, **{"first": 20, "step": 7, "verbose": 0, **given})


@pytest.mark.parametrize("refit", ["cold", "warm"])
def test_what_comes_later_changes_nothing_that_was_predicted(refit: str) -> None:
    data = frame()
    whole = walk(data, refit=refit).frame
    cut = 45
    noisy = data.assign(value=np.where(data["time"] < cut, data["value"], 7 * data["value"] - 900))
    later = walk(noisy, refit=refit).frame
    # A target two rows ahead is read at row + 2, counted from 1; a step is trained before its first window.
    first_rows = whole.groupby("step")["row"].transform("min")
    before = (first_rows <= cut).to_numpy() & (whole["row"] <= cut).to_numpy()
    assert before.sum() > 10
    assert np.array_equal(whole["predicted"][before], later["predicted"][before])
    assert not np.array_equal(whole["predicted"], later["predicted"])


def test_predictions_and_targets_are_in_the_unit_of_the_data() -> None:
    data = frame()
    walked = walk(data)
    said = walked.frame
    assert said.columns.tolist() == ["step", "row", "time", "output", "actual", "predicted", "loss"]
    assert said["row"].tolist() == list(range(24, 59)) and said["step"].nunique() == 5
    assert said["actual"].to_numpy() == pytest.approx(data["value"].to_numpy()[said["row"] + 1])
    assert said["predicted"].between(80, 120).all()
    assert walked.step_loss == pytest.approx(said.groupby("step")["loss"].mean().to_numpy())
    assert walked.score == pytest.approx(walked.step_loss[-2:].mean())
    assert walked.metrics["mae"] == pytest.approx((said["actual"] - said["predicted"]).abs().mean())
    assert {"mean", "last_value"} <= set(walked.evaluation.baselines)
    # Two windows before each step have labels that reach into what it predicts.
    assert walked.trained == tuple(range(18, 47, 7))


@pytest.mark.parametrize("refit", ["cold", "warm"])
def test_a_walk_that_was_broken_off_goes_on_to_the_same_end(
    refit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = walk(frame(), refit=refit)
    step = walk_step.Walker.step
    trained: list[int] = []

    def broken(self: walk_step.Walker, number: int) -> object:
        if number == 3:
            raise KeyboardInterrupt
        return step(self, number)

    def counted(self: walk_step.Walker, number: int) -> None:
        trained.append(number)
        fit(self, number)

    with monkeypatch.context() as patch:
        patch.setattr(walk_step.Walker, "step", broken)
        with pytest.raises(KeyboardInterrupt):
            walk(frame(), refit=refit, out=tmp_path)
    with pytest.raises(TrainError, match="unfinished run"):
        walk(frame(), refit=refit, out=tmp_path)
    fit = walk_step.Walker._fit
    monkeypatch.setattr(walk_step.Walker, "_fit", counted)
    resumed = walk(frame(), refit=refit, out=tmp_path, resume=True)
    assert resumed.frame.equals(whole.frame) and resumed.losses.equals(whole.losses)
    # A warm walk also repeats the step whose state had not been written yet, and no other.
    assert trained == ([3, 4] if refit == "cold" else [2, 3, 4])
    again = walk(frame(), refit=refit, out=tmp_path, resume=True)
    assert again.frame.equals(whole.frame) and len(trained) == len(set(trained))
    assert {
        "walk.csv",
        "losses.csv",
        "metrics.json",
        "predictions.png",
        "step_loss.png",
        "training_loss.png",
    } <= {file.name for file in tmp_path.iterdir()}


def test_the_report_names_callbacks_that_have_nothing_to_watch(tmp_path: Path) -> None:
    callbacks = (
        "callbacks: [EarlyStopping: {monitor: val_loss}, TerminateOnNaN, EarlyStopping: {monitor: loss}]"
    )
    spec = zoo.loads(SERIES.rstrip()[:-1] + f", {callbacks}}}\n")
    walked = zoo.walk_forward(spec, frame(), first=40, step=9, epochs=1, verbose=0, out=tmp_path)
    assert walked.left_out == ("EarlyStopping",)
    assert "left out of the walk, whose steps have no validation part to watch: EarlyStopping" in str(walked)
    assert json.loads((tmp_path / "metrics.json").read_text())["left_out"] == ["EarlyStopping"]
    assert "left out" not in str(walk(frame(), first=40, step=9, epochs=1))


def test_several_processes_walk_as_one_does(tmp_path: Path) -> None:
    spec = zoo.loads(TINY)
    one = zoo.walk_forward(spec, first=0.7, step=0.2, epochs=1, verbose=0)
    two = zoo.walk_forward(spec, first=0.7, step=0.2, epochs=1, workers=2, verbose=0, out=tmp_path)
    columns = ["step", "row", "actual", "predicted"]
    assert two.frame[columns].equals(one.frame[columns])
    assert np.allclose(two.frame["p_up"], one.frame["p_up"], atol=1e-6)
    assert set(one.frame["actual"]) <= {"down", "stationary", "up"}
    assert "majority" in str(one) and "walk of 2 steps" in str(one)


def test_a_sliding_walk_forgets() -> None:
    assert walk(frame(), window="sliding").trained == (18,) * 5


def test_samples_without_time_do_not_walk() -> None:
    with pytest.raises(TrainError) as refused:
        zoo.walk_forward("headline", verbose=0, epochs=1)
    assert refused.value.code == "train.walk_order"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first": 0}, "`first` of a walk is a number of windows"),
        ({"first": 100}, "cannot begin after 100"),
        ({"window": "slide"}, "one of anchored, sliding"),
        ({"refit": "warm", "workers": 2}, "cannot be shared out"),
        ({"first": 2}, "has no window to train on"),
    ],
)
def test_mistakes_are_told(given: dict[str, object], said: str) -> None:
    with pytest.raises(zoo.ZooError, match=said):
        walk(frame(), **given)


def test_the_specs_own_words_count_where_the_call_has_none() -> None:
    spec = zoo.loads(SERIES.rstrip()[:-1] + ", walk_forward: {first: 30, step: 10, window: sliding}}\n")
    walked = zoo.walk_forward(spec, frame(), step=13, epochs=1, verbose=0)
    assert (walked.plan.first, walked.plan.step, walked.plan.window) == (30, 13, "sliding")
    with pytest.raises(SpecError, match="no key `steps`"):
        zoo.loads(SERIES.rstrip()[:-1] + ", walk_forward: {steps: 30}}\n")


def test_a_step_does_not_make_tensorflow_forget_what_it_has_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    # Giving TensorFlow a seed clears its functions: each step of a warm walk would trace them again.
    seed = keras.utils.set_random_seed
    seeded: list[int] = []

    def counted(number: int) -> None:
        seeded.append(number)
        seed(number)

    monkeypatch.setattr(keras.utils, "set_random_seed", counted)
    walk(frame(), refit="warm", step=12)
    few = len(seeded)
    walk(frame(), refit="warm", step=4)
    assert few > 0 and len(seeded) == 2 * few
