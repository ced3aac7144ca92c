"""Execution plans: the ways of a step are Keras's own in numbers; one is chosen, kept and explained."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import zoo
import zoo.tensorflow_loops.layers as execution_layers
from zoo.tensorflow_loops.compiled_loop import CompiledLoop
from zoo.tensorflow_loops.layers import loops_of
from zoo.train.batches import Batches
from zoo.train.execution import choose as choosing
from zoo.train.execution import measure as measuring
from zoo.train.execution.execute import executed
from zoo.train.execution.measure import measure
from zoo.train.execution.plan import ExecutionPlan, Timing, this_machine
from zoo.train.trained import Trained


def _plan(**seconds: tuple[float, float]) -> ExecutionPlan:
    return ExecutionPlan("keras", {}, {way: Timing(*timing) for way, timing in seconds.items()}, 64, "here")


@pytest.mark.parametrize(
    ("steps", "way"), [(1, "keras"), (30, "keras"), (100, "loops"), (10_000, "xla"), (None, "xla")]
)
def test_the_way_that_ends_first_is_taken(steps: int | None, way: str) -> None:
    plan = _plan(keras=(2.0, 0.1), loops=(3.0, 0.05), xla=(20.0, 0.04))
    assert plan.for_steps(steps).way == way


def test_a_small_gain_is_not_taken() -> None:
    assert _plan(keras=(2.0, 0.1), loops=(0.0, 0.099)).for_steps(None).way == "keras"


def test_a_plan_is_kept_as_it_is() -> None:
    plan = ExecutionPlan(
        "loops",
        {"1.lstm": CompiledLoop(4, True)},
        {"keras": Timing(1, 2), "loops": Timing(1, 1, 1e-7)},
        8,
        "m",
        {"xla": "no code"},
    )
    assert ExecutionPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def test_a_plan_of_an_earlier_version_says_nothing_of_what_was_refused() -> None:
    kept = _plan(keras=(1, 1)).to_dict()
    del kept["refused"]
    assert ExecutionPlan.from_dict(kept) == _plan(keras=(1, 1))


@pytest.mark.parametrize(
    "found",
    [
        None,
        [],
        {},
        {"way": "keras"},
        _plan(keras=(1, 0)).to_dict(),
        {**_plan(keras=(1, 1)).to_dict(), "way": "x"},
    ],
)
def test_a_damaged_plan_is_none(found: Any) -> None:
    assert ExecutionPlan.from_dict(found) is None


def test_where_memory_is_not_kept_other_timings_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CPU_ALLOCATOR_USE_BFC", "true")
    kept = this_machine()
    monkeypatch.setenv("TF_CPU_ALLOCATOR_USE_BFC", "false")
    assert "memory kept" in kept and "memory kept" not in this_machine()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Batches]:
    """A model of two recurrent layers, and its batches; what the machine keeps begins empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(choosing.Path, "home", lambda: tmp_path / "cache")
    monkeypatch.setattr(measuring, "_SECONDS", 0.0)
    spec = zoo.load("hrnn_lob", window=4, features=5, row_units=4, window_units=4)
    random = np.random.default_rng(0)
    x = random.standard_normal((48, *next(iter(spec.inputs.values())).shape)).astype(np.float32)
    y = random.integers(0, 3, 48)
    batches = Batches({next(iter(spec.inputs)): x}, {next(iter(spec.outputs)): y}, 16)
    return spec, batches


def test_a_training_by_compiled_loops_is_the_same(small: Any) -> None:
    spec, batches = small
    name, target = next(iter(batches.x)), next(iter(batches.y))
    weights, histories, configs = [], [], []
    for way in ("keras", "loops"):
        run = Trained.untrained(spec, seed=1)
        before = run.model.to_json()
        loops = loops_of(run.model, 16)
        assert len(loops) == 2
        with executed(run.model, ExecutionPlan(way, loops)):
            found = run.model.fit(batches.x[name], batches.y[target], batch_size=16, verbose=0, shuffle=False)
        histories.append(found.history)
        weights.append(run.model.get_weights())
        configs.append(run.model.to_json() == before)
    assert histories[1]["loss"] == pytest.approx(histories[0]["loss"], rel=1e-5)
    for one, two in zip(*weights, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5)
    assert configs == [True, True]


def test_a_step_is_traced_anew_only_where_the_plan_is_another(small: Any) -> None:
    spec, batches = small
    model = Trained.untrained(spec, seed=1).model
    loops = ExecutionPlan("loops", loops_of(model, 16))
    kept = []
    for plan in (loops, loops, ExecutionPlan()):
        with executed(model, plan):
            model.fit(batches, verbose=0)
        kept.append(model.train_function)
    assert kept[0] is kept[1] is not kept[2]


def test_all_ways_are_measured_and_agree(small: Any) -> None:
    spec, batches = small
    plan = measure(Trained.untrained(spec, seed=1).model, batches[0], 16)
    assert {"keras", "loops"} <= set(plan.timings)
    assert all(timing.difference <= 1e-5 for timing in plan.timings.values())
    assert plan.batch_size == 16 and "keras" in plan.machine
    assert len(plan.lines()) == len(plan.timings) + len(plan.refused) + 1


def test_a_way_that_fails_or_differs_is_left_out(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, batches = small

    def wrong(*args: Any, **options: Any) -> Any:
        outputs, after = real(*args, **options)
        return outputs, [item * 1.01 for item in after]

    real = execution_layers.loop
    monkeypatch.setattr(execution_layers, "loop", wrong)
    plan = measure(Trained.untrained(spec, seed=1).model, batches[0], 16)
    assert "loops" not in plan.timings
    assert "off Keras's after a step" in plan.refused["loops"]

    def fails(*args: Any, **options: Any) -> Any:
        raise tf.errors.UnimplementedError(None, None, "XLA has no code for this")

    monkeypatch.setattr(execution_layers, "loop", fails)
    plan = measure(Trained.untrained(spec, seed=1).model, batches[0], 16)
    assert "loops" not in plan.timings
    (line,) = (line for line in plan.lines() if line.startswith("  loops"))
    assert "not possible, UnimplementedError: XLA has no code for this" in line


def _choose(small: Any, epochs: int = 1, **options: Any) -> ExecutionPlan:
    spec, batches = small
    return choosing.choose(Trained.untrained(spec, seed=1).model, spec, batches, epochs, **options)


def test_a_short_training_measures_nothing(small: Any, tmp_path: Path) -> None:
    assert _choose(small) == _choose(small, asked="off", epochs=10**9) == ExecutionPlan()
    assert not (tmp_path / "cache").exists()


def test_a_long_training_goes_by_what_was_measured_once(
    small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured, said = [], []

    def made(*args: Any) -> ExecutionPlan:
        measured.append(1)
        return replace(_plan(keras=(1, 0.5), loops=(1, 0.25)), batch_size=args[2])

    monkeypatch.setattr("zoo.train.execution.measure.measure", made)
    (tmp_path / "run").mkdir()
    assert _choose(small, 10**5, folder=tmp_path / "run", say=said.append).way == "loops"
    assert _choose(small, 10**5).way == "loops"
    assert len(measured) == 1
    assert "2.0 × as fast" in said[-1]
    _choose(small, asked="measure")
    assert len(measured) == 2


def test_a_run_that_goes_on_does_so_as_it_began(
    small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = replace(_plan(keras=(1, 0.5), loops=(1, 0.25)), batch_size=16)
    monkeypatch.setattr("zoo.train.execution.measure.measure", lambda *args: made)
    said: list[str] = []
    going_on = {"folder": tmp_path, "resumed": True, "say": said.append}
    # none was kept: it was Keras's own way
    assert _choose(small, 10**5, **going_on) == ExecutionPlan() and not said
    assert _choose(small, 10**5, folder=tmp_path).way == "loops"
    assert _choose(small, 1, **going_on).way == "loops"
    assert "as the run began" in said.pop()
    # told to leave it, it says so, and so it stays
    assert _choose(small, 10**5, asked="off", **going_on).way == "keras"
    assert "from here on; the epochs so far had recurrent loops" in said.pop()
    assert _choose(small, 10**5, **going_on).way == "keras" and not said
    # a run that is written over another's folder has a plan of its own
    assert _choose(small, 10**5, folder=tmp_path).way == "loops"
    assert _choose(small, 10**5, asked="off", folder=tmp_path) == ExecutionPlan()
    assert _choose(small, 10**5, **going_on) == ExecutionPlan() and not said
    (tmp_path / "execution.json").write_text("{")
    assert _choose(small, 10**5, **going_on).way == "keras"


def test_a_machine_that_keeps_nothing_measures_again(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("zoo.train.execution.measure.measure", lambda *args: _plan(keras=(1, 1)))
    monkeypatch.setattr(choosing, "write_atomic", refused)
    assert _choose(small, 10**5).way == "keras"


def test_measuring_leaves_the_generators_alone(small: Any) -> None:
    import random

    random.seed(5)
    np.random.seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist()
    zoo.plan(small[0], {"x": small[1].x, "y": small[1].y}, batch_size=16)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_a_file_that_is_not_there_is_told_also_where_the_plan_is_kept(tmp_path: Path) -> None:
    with pytest.raises(zoo.DataError, match="there is no file") as caught:
        zoo.plan("gru_lob", tmp_path / "nofile.csv")
    assert caught.value.code == "data.no_file"


def test_an_unknown_plan_is_named() -> None:
    with pytest.raises(zoo.TrainError, match="there is no plan `of`") as caught:
        zoo.train("hrnn_lob", plan="of", epochs=1)
    assert caught.value.code == "train.plan"
    assert "off" in caught.value.help


def test_a_run_keeps_its_plan_and_gives_keras_s_numbers(small: Any, tmp_path: Path) -> None:
    spec, batches = small
    data = {"x": batches.x, "y": batches.y}
    runs = [
        zoo.train(spec, data, epochs=2, seed=1, batch_size=16, out=tmp_path / way, verbose=0, plan=way)
        for way in ("off", "measure")
    ]
    kept = json.loads((tmp_path / "measure" / "execution.json").read_text())
    assert {"keras", "loops"} <= set(kept["timings"])
    assert not (tmp_path / "off" / "execution.json").exists()
    assert runs[1].history["loss"] == pytest.approx(runs[0].history["loss"], rel=1e-5)


def test_one_of_many_trainings_measures_nothing_by_itself() -> None:
    # the walk or the search does, for all of them
    from inspect import signature

    from zoo.train.run import fit_recipe

    assert signature(fit_recipe).parameters["execution"].default == "off"
