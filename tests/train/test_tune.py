"""Searches: what may be chosen, who proposes it, what is left after a kill, and the final run."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import zoo
from tests.train.specs import TINY
from zoo.errors import SpecError, TrainError
from zoo.train.search.plan import SearchPlan
from zoo.train.search.space import Choices, Range, SearchSpace
from zoo.train.search.study import Study

PARAMS = """
params:
  depth: {default: 1, min: 1, tune: [1, 2]}
  units: {default: 8, min: 1, tune: {from: 4, to: 16, step: 4, when: =depth > 1}}
  rate:  {default: 0.01, min: 0, tune: {from: 1e-3, to: 1e-1, log: true}}
  batch: {default: 64, min: 1, tune: [32, 64]}
inputs:"""
SPEC = (
    TINY.replace("\ninputs:", PARAMS, 1)
    .replace("Flatten,", "Flatten, repeat: {times: =depth - 1, do: [Dense: =units]},")
    .replace("learning_rate: 0.01", "learning_rate: =rate")
    .replace("batch_size: 64", "batch_size: =batch")
)


def spec_with(**tunes: str) -> zoo.Spec:
    lines = "\n".join(f"  {name}: {text}" for name, text in tunes.items())
    uses = "".join(f", Dense: {{units: {10 + i}, name: {name}_{i}}}" for i, name in enumerate(tunes))
    return zoo.loads(
        f"spec: 1\nname: s\nparams:\n{lines}\ninputs: {{x: {{shape: [4]}}}}\n"
        f"graph: {{y: [x{uses}, Dense: 1]}}\noutputs: {{y: {{loss: mse}}}}\n"
    )


def search(folder: Path, **options: Any) -> Any:
    return zoo.tune(zoo.loads(SPEC), **{"trials": 3, "epochs": 1, "out": folder, "verbose": 0, **options})


def chosen(tuned: Any) -> list[dict[str, Any]]:
    return [dict(item) for item in tuned.choices]


def test_the_space_follows_what_was_chosen_above() -> None:
    space = SearchSpace(zoo.loads(SPEC))
    seen: dict[str, Any] = {}
    low = space.walk(lambda name, found: seen.setdefault(name, found) and 1)
    assert low == {"depth": 1, "rate": 1, "batch": 1}
    assert space.walk(lambda name, _: 2)["units"] == 2
    assert seen["depth"] == Choices((1, 2))
    assert seen["rate"] == Range(0.001, 0.1, None, True, False)


def test_a_grid_has_each_point_once_and_no_parameter_that_does_not_matter() -> None:
    space = SearchSpace(
        spec_with(
            cell="{default: a, tune: [a, b]}",
            size="{default: 1, tune: {from: 1, to: 5, step: 2, when: =cell == 'b'}}",
            share="{default: 0.1, tune: {choices: [0.1, 0.2], when: =size > 1}}",
        )
    )
    assert space.points() == [
        {"cell": "a"},
        {"cell": "b", "size": 1},
        *({"cell": "b", "size": size, "share": share} for size in (3, 5) for share in (0.1, 0.2)),
    ]


def test_a_grid_needs_steps() -> None:
    with pytest.raises(TrainError, match="has no step"):
        SearchSpace(spec_with(rate="{default: 0.1, tune: {from: 0.1, to: 1.0}}")).points()


def test_a_spec_without_a_space_says_how_to_write_one() -> None:
    with pytest.raises(TrainError, match="no parameter of `tiny` has a space") as caught:
        zoo.tune(zoo.loads(TINY))
    assert "tune: [16, 32, 64]" in caught.value.help


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"objective": "test_macro_f1"}, "score of the test part"),
        ({"objective": "macro_f1"}, "no score `macro_f1`"),
        ({"sampler": "tpa"}, "did you mean `tpe`"),
        ({"trials": 0}, "trials must be a whole number"),
        ({"prune": "often"}, "prune is 'often'"),
        ({"seconds": -1}, "seconds must be a number above 0"),
    ],
)
def test_a_plan_that_cannot_be_meant(given: dict[str, Any], text: str) -> None:
    with pytest.raises(TrainError) as caught:
        SearchPlan.of(zoo.loads(SPEC), given)
    assert text in str(caught.value)


def test_a_misspelt_key_of_tune_is_found_in_the_spec() -> None:
    with pytest.raises(SpecError, match="S106"):
        zoo.loads(SPEC.replace("  seed: 7", "  seed: 7\n  tune: {trails: 3}"))


def test_a_search_ends_with_an_ordinary_run(tmp_path: Path) -> None:
    tuned = search(tmp_path)
    assert list(tuned.frame["state"]) == ["finished"] * 3
    assert tuned.best_value == tuned.frame["value"].min()
    # The final run is the best trial again, so its validation score is that trial's.
    assert tuned.run.history["val_loss"][-1] == pytest.approx(tuned.best_value, abs=1e-6)
    kept = zoo.open(tmp_path / "best" / "tiny.zoo")
    assert {name: kept.spec.params[name] for name in tuned.best_params} == tuned.best_params
    assert kept.metrics == tuned.run.metrics
    files = {
        "trials.csv",
        "trials.png",
        "parameters.png",
        "importance.csv",
        "best.yaml",
        "tune.json",
        "run.json",
    }
    assert files <= {file.name for file in tmp_path.iterdir()}
    assert json.loads((tmp_path / "tune.json").read_text())["best_params"] == tuned.best_params
    assert len(pd.read_csv(tmp_path / "trials.csv")) == 3
    scores = [json.loads(file.read_text())["value"]["scores"] for file in (tmp_path / "items").iterdir()]
    assert all(name.startswith("val_") for score in scores for name in score)
    assert str(tuned).startswith("tiny: 3 trials (3 finished), by val_loss")
    with pytest.raises(TrainError, match="holds a finished run"):
        search(tmp_path)
    longer = search(tmp_path, trials=4, resume=True)
    assert chosen(longer)[:3] == chosen(tuned)
    assert len(longer.frame) == 4


def test_the_same_seed_proposes_the_same_trials(tmp_path: Path) -> None:
    with Study(tmp_path / "x", plan := _plan(), SearchSpace(zoo.loads(SPEC)), 3, 1) as study:
        first = [dict(study.ask(4).params) for _ in range(4)]
        assert study.ask(4) is None
    with Study(tmp_path / "x", plan, SearchSpace(zoo.loads(SPEC)), 3, 1) as study:
        # None of them ended: they are asked for again, as the same trials.
        assert [dict(study.ask(4).params) for _ in range(4)] == first
    with Study(tmp_path / "y", plan, SearchSpace(zoo.loads(SPEC)), 4, 1) as study:
        assert [dict(study.ask(4).params) for _ in range(4)] != first


def test_tpe_goes_on_as_it_would_have(tmp_path: Path) -> None:
    def ask(study: Study, count: int) -> list[dict[str, Any]]:
        found = []
        for _ in range(count):
            asked = study.ask(15)
            study.tell(asked.number, math.log(asked.params["rate"]) ** 2)
            found.append(dict(asked.params))
        return found

    def study(name: str) -> Study:
        return Study(tmp_path / name, _plan("tpe"), SearchSpace(zoo.loads(SPEC)), 3, 1)

    with study("whole") as one:
        whole = ask(one, 15)
    with study("broken") as one:
        broken = ask(one, 12)
        one.ask(15)
    with study("broken") as one:
        assert broken + ask(one, 3) == whole


def _plan(sampler: str = "random", prune: str = "none") -> SearchPlan:
    return SearchPlan(None, sampler, prune, "val_loss", None)


def test_a_grid_is_searched_whole(tmp_path: Path) -> None:
    spec = spec_with(a="{default: 1, tune: [1, 2]}", b="{default: [1], tune: [[1], [2, 3]]}")
    with Study(tmp_path, _plan("grid"), SearchSpace(spec), 3, 1) as study:
        total = study.total(None, None)
        assert total == 4 and study.total(9, None) == 4
        asked = [study.ask(total) for _ in range(total)]
    found = sorted((item.params["a"], tuple(item.params["b"])) for item in asked)
    assert found == [(1, (1,)), (1, (2, 3)), (2, (1,)), (2, (2, 3))]


def test_a_trial_that_promises_nothing_ends_early(tmp_path: Path) -> None:
    with Study(tmp_path, _plan(prune="median"), SearchSpace(zoo.loads(SPEC)), 3, 4) as study:
        for _ in range(5):
            good = study.ask(9)
            assert not any(study.report(good.number, epoch, 1.0) for epoch in (1, 2))
            study.tell(good.number, 1.0, epochs=2)
        bad = study.ask(9)
        assert study.report(bad.number, 1, 5.0)
        study.tell(bad.number, 5.0, pruned=True, epochs=1)
        assert [trial.state.name for trial in study.trials()] == ["COMPLETE"] * 5 + ["PRUNED"]


def test_hyperband_prunes_in_a_search(tmp_path: Path) -> None:
    tuned = search(tmp_path, prune="hyperband", epochs=2, trials=2, objective="val_macro_f1")
    assert set(tuned.frame["state"]) <= {"finished", "pruned"}
    assert tuned.maximised and tuned.best_value == tuned.ranking["value"].max()


def test_what_the_caller_gives_is_not_searched(tmp_path: Path) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_text(SPEC)
    tuned = zoo.tune(file, params={"depth": 1, "rate": 0.02}, trials=1, epochs=1, verbose=0)
    assert set(tuned.best_params) == {"batch"}
    assert tuned.run.spec.params["rate"] == 0.02
    assert SearchSpace(zoo.load(file, units=8, batch=32)).names == ["depth", "rate"]


def test_a_trial_that_fails_is_a_line_of_the_table() -> None:
    # A rate at which the loss becomes NaN is one that the spec allows.
    text = SPEC.replace("tune: {from: 1e-3, to: 1e-1, log: true}", "tune: [1e-2, 1e30]")
    tuned = zoo.tune(zoo.loads(text), sampler="grid", params=None, trials=6, epochs=1, verbose=0)
    failed = tuned.frame[tuned.frame["state"] == "failed"]
    assert set(failed["rate"]) == {1e30}
    assert all("training stopped" in text for text in failed["error"])
    assert tuned.best_params["rate"] == 1e-2


def test_no_trial_without_a_validation_part_has_a_score(tmp_path: Path) -> None:
    text = SPEC.replace("  label:", "  split: {by: time, train: 0.8, val: 0, test: 0.2}\n  label:")
    with pytest.raises(TrainError, match="none of the 1 trials") as caught:
        zoo.tune(zoo.loads(text), trials=1, epochs=1, verbose=0)
    assert "leaves no validation part" in caught.value.help


def test_without_optuna_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(TrainError, match="needs Optuna, which is not installed") as caught:
        zoo.tune(zoo.loads(SPEC), trials=1, verbose=0)
    assert "pip install 'speczoo[tune]'" in caught.value.help


def test_seconds_end_the_asking(tmp_path: Path) -> None:
    tuned = search(tmp_path, trials=50, seconds=0.001 + 2.0)
    assert 1 <= len(tuned.frame) < 50


def test_two_workers_share_a_study(tmp_path: Path) -> None:
    tuned = search(tmp_path, workers=2, trials=4)
    assert list(tuned.frame["trial"]) == [1, 2, 3, 4]
    assert set(tuned.frame["state"]) == {"finished"}
    with Study(tmp_path / "alone", _plan(), SearchSpace(zoo.loads(SPEC)), 7, 1) as study:
        # Proposed at random: who does them makes no difference to what they are.
        assert chosen(tuned) == [dict(study.ask(4).params) for _ in range(4)]


SCRIPT = """
import sys, zoo
from tests.train.test_tune import SPEC
print("begun", flush=True)
zoo.tune(zoo.loads(SPEC), trials=40, epochs=3, out=sys.argv[1], verbose=2)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_study_that_is_ended_goes_on(how: signal.Signals, tmp_path: Path, root: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")
    assert next(line for line in lines if line.startswith("3/40"))
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -how
    if how == signal.SIGINT:
        assert len(pd.read_csv(tmp_path / "trials.csv")) >= 2
        assert zoo.load(tmp_path / "best.yaml").name == "tiny"
        assert json.loads((tmp_path / "run.json").read_text())["state"] == "interrupted"
    done = len(list((tmp_path / "items").glob("*.json")))
    tuned = search(tmp_path, trials=done + 1, epochs=3, resume=True)
    assert len(tuned.frame) == done + 1
    assert set(tuned.frame["state"]) == {"finished"}
    assert len(list((tmp_path / "items").glob("*.json"))) == done + 1
