"""The trainings of a walk, a search or a sweep all go one way, which is settled once and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import zoo
from zoo.errors import TrainError
from zoo.train import engine
from zoo.train.execution import choose as choosing
from zoo.train.execution.plan import ExecutionPlan, Timing
from zoo.train.walk import step as walk_step

SERIES = """
spec: 1
name: series
params: {units: {default: 4, min: 1, tune: [2, 4, 6]}}
inputs: {x: {shape: [5, 1]}}
graph: {y: [x, LSTM: =units, Dense: 1]}
outputs: {y: {loss: mse}}
data:
  kind: table
  time: time
  inputs: {x: {columns: [value], lookback: 5}}
  targets: {y: {column: value, type: numeric, horizon: 2}}
  scale: {method: zscore}
training: {optimizer: {Adam: {learning_rate: 0.02}}, epochs: 1, batch_size: 8, seed: 3}
"""


def frame() -> pd.DataFrame:
    values = np.random.default_rng(0).normal(size=80).cumsum() + 100
    return pd.DataFrame({"time": np.arange(80), "value": values})


def walk(**given: Any) -> zoo.WalkForward:
    return zoo.walk_forward(
        zoo.loads(SERIES), frame(), **{"first": 30, "step": 15, "epochs": 2, "verbose": 0, **given}
    )


@pytest.fixture(autouse=True)
def measured(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every training is long, and compiled loops are fast: how often that was measured."""
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(choosing.Path, "home", lambda: cache)
    monkeypatch.setattr(choosing, "_SECONDS", 0.0)
    found: list[int] = []

    def made(model: Any, batch: Any, size: int) -> ExecutionPlan:
        found.append(size)
        timings = {"keras": Timing(0.1, 0.5), "loops": Timing(0.1, 0.25), "xla": Timing(0.1, 0.1)}
        return ExecutionPlan("keras", {}, timings, size, "here")

    monkeypatch.setattr("zoo.train.execution.measure.measure", made)
    return found


def only_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ExecutionPlan.for_steps
    monkeypatch.setattr(
        ExecutionPlan, "for_steps", lambda self, steps, ways=(): real(self, steps, ("keras", "loops"))
    )


def ways_taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """A list that gets way and number of loops of each training of this process."""
    taken: list[tuple[str, int]] = []
    real = engine.executed

    def noted(model: Any, plan: ExecutionPlan) -> Any:
        taken.append((plan.way, len(plan.loops)))
        return real(model, plan)

    monkeypatch.setattr(engine, "executed", noted)
    return taken


def test_all_steps_of_a_walk_go_the_way_that_was_measured_once(
    measured: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_loops(monkeypatch)
    taken = ways_taken(monkeypatch)
    walked = walk(out=tmp_path)
    assert measured == [8]
    assert taken == [("loops", 1)] * len(walked.step_loss)
    assert json.loads((tmp_path / "run.json").read_text())["options"]["plan"] == "loops"
    assert json.loads((tmp_path / "execution.json").read_text())["way"] == "loops"
    own = walk(plan="off")
    assert taken[-1] == ("keras", 0)
    np.testing.assert_allclose(walked.frame["predicted"], own.frame["predicted"], rtol=1e-5)


def test_a_walk_may_go_by_whole_steps_that_xla_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = ways_taken(monkeypatch)
    walked, own = walk(), walk(plan="off")
    assert taken[0] == ("xla", 0) and taken[-1] == ("keras", 0)
    np.testing.assert_allclose(walked.frame["predicted"], own.frame["predicted"], rtol=1e-5)


def test_several_processes_walk_the_same_way_to_the_same_numbers(
    measured: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_loops(monkeypatch)
    one, two = walk(), walk(workers=2, out=tmp_path)
    assert len(measured) == 1
    assert one.frame.equals(two.frame) and one.losses.equals(two.losses)


@pytest.mark.parametrize("refit", ["cold", "warm"])
def test_a_walk_that_goes_on_keeps_to_its_way(
    refit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_loops(monkeypatch)
    whole = walk(refit=refit)
    step = walk_step.Walker.step

    def broken(self: walk_step.Walker, number: int) -> object:
        if number == 2:
            raise KeyboardInterrupt
        return step(self, number)

    with monkeypatch.context() as patch:
        patch.setattr(walk_step.Walker, "step", broken)
        with pytest.raises(KeyboardInterrupt):
            walk(refit=refit, out=tmp_path)
    # this machine has forgotten what it measured, and another one would measure otherwise
    monkeypatch.setattr(choosing, "_SECONDS", 1e9)
    with pytest.raises(TrainError, match="`plan` is None, the run's is 'loops'"):
        walk(refit=refit, out=tmp_path, resume=True, plan="off")
    taken = ways_taken(monkeypatch)
    resumed = walk(refit=refit, out=tmp_path, resume=True)
    assert {way for way, _ in taken} == {"loops"} and len(taken) < len(whole.step_loss)
    assert resumed.frame.equals(whole.frame) and resumed.losses.equals(whole.losses)
    finished = walk(refit=refit, out=tmp_path, resume=True)
    assert finished.frame.equals(whole.frame)


def test_a_walk_that_was_begun_keras_s_way_ends_it(
    measured: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(choosing, "_SECONDS", 1e9)
        whole = walk(out=tmp_path)
    taken = ways_taken(monkeypatch)
    assert walk(out=tmp_path, resume=True).frame.equals(whole.frame)
    assert not taken and not measured and not (tmp_path / "execution.json").exists()


def test_a_short_walk_measures_nothing(measured: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_SECONDS", 60.0)
    taken = ways_taken(monkeypatch)
    walk()
    assert not measured and {way for way, _ in taken} == {"keras"}


def test_trials_of_other_sizes_go_one_way_and_never_by_a_step_that_xla_might_refuse(
    measured: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("optuna", reason="a search needs Optuna, which is not installed")
    taken = ways_taken(monkeypatch)
    spec = zoo.loads(SERIES)
    tuned = zoo.tune(spec, frame(), sampler="grid", out=tmp_path, verbose=0)
    assert len(tuned.frame) == 3 and (tuned.frame["state"] == "finished").all()
    assert taken[:3] == [("loops", 1)] * 3
    assert json.loads((tmp_path / "run.json").read_text())["options"]["plan"] == "loops"
    # the spec as it is given, and the final model, whose plan is its own
    assert len(measured) <= 2
    again = zoo.tune(spec, frame(), sampler="grid", out=tmp_path, resume=True, verbose=0)
    assert again.frame.equals(tuned.frame)


def test_a_sweep_that_goes_on_keeps_to_its_way(
    measured: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = ways_taken(monkeypatch)
    spec = zoo.loads(SERIES)
    first = zoo.sweep(spec, frame(), over={"units": [2, 4]}, out=tmp_path, verbose=0)
    monkeypatch.setattr(choosing, "_SECONDS", 1e9)
    longer = zoo.sweep(spec, frame(), over={"units": [2, 4, 6]}, out=tmp_path, verbose=0)
    assert taken == [("loops", 1)] * 3 and len(measured) == 1
    assert longer.frame["score"][:2].tolist() == first.frame["score"].tolist()
    own = zoo.sweep(spec, frame(), over={"units": [2]}, plan="off", verbose=0)
    assert taken[-1] == ("keras", 0)
    np.testing.assert_allclose(own.frame["score"][0], first.frame["score"][0], rtol=1e-5)


def test_a_plan_that_there_is_not_is_told_at_once() -> None:
    spec = zoo.loads(SERIES)
    for call in (
        lambda: walk(plan="of"),
        lambda: zoo.tune(spec, frame(), plan="of"),
        lambda: zoo.sweep(spec, frame(), over={"units": [2]}, plan="of"),
    ):
        with pytest.raises(TrainError, match="there is no plan `of`"):
            call()
