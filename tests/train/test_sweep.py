"""Sweeps: what goes over what, nothing done twice, the walk's score, the pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.train.specs import TINY
from zoo.errors import SpecError, TrainError
from zoo.train.search.sweep import _with
from zoo.train.search.sweep_values import read_over

SPEC = TINY.replace("\ninputs:", "\nparams: {units: {default: 4, min: 1, max: 9}}\ninputs:", 1).replace(
    "Flatten,", "Flatten, Dense: =units,"
)


def swept(**options: Any) -> Any:
    return zoo.sweep(zoo.loads(SPEC), **{"epochs": 1, "verbose": 0, **options})


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("1..4", [1, 2, 3, 4]),
        ("1..24..8", [1, 9, 17]),
        ("0.1..0.3..0.1", [0.1, 0.2, 0.3]),
        ("1,2,5", [1, 2, 5]),
        ("1e-3, 1e-2", [0.001, 0.01]),
        ("7", [7]),
        (range(2, 5), [2, 3, 4]),
        (np.array([1, 2, 2]), [1, 2]),
        ([3, np.int64(4)], [3, 4]),
        (5, [5]),
    ],
)
def test_values_however_they_are_written(given: Any, values: list[Any]) -> None:
    assert read_over({"units": given}, zoo.loads(SPEC)) == {"units": values}


@pytest.mark.parametrize(
    ("over", "text"),
    [
        ({}, "none was given"),
        ({"unit": [1]}, "did you mean `units`"),
        ({"units": "4..1"}, "gives no values of `units`"),
        ({"units": "a..b"}, "gives no values of `units`"),
        ({"units": []}, "gives no values of `units`"),
        ({"units": "1..1e9"}, "gives no values of `units`"),
    ],
)
def test_values_that_cannot_be_meant(over: Any, text: str) -> None:
    with pytest.raises(TrainError) as caught:
        read_over(over, zoo.loads(SPEC))
    assert text in str(caught.value)


def test_a_sweep_scores_each_value_and_does_nothing_twice(tmp_path: Path) -> None:
    found = swept(over={"units": [2, 4]}, seeds=2, out=tmp_path)
    assert list(found.frame["value"]) == [2, 2, 4, 4]
    assert found.frame["score"].notna().all()
    assert found.frame["seed"].nunique() == 2
    means = found.frame.groupby("value")["score"].mean()
    assert found.best == {"units": means.idxmin()}
    assert list(found.table["mean"]) == pytest.approx(list(means))
    assert (tmp_path / "sweep_units.png").read_bytes().startswith(b"\x89PNG")
    assert len(pd.read_csv(tmp_path / "sweep.csv")) == 4
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "items").iterdir()}
    longer = swept(over={"units": "2,4,6"}, seeds=2, out=tmp_path)
    assert longer.frame["score"][:4].tolist() == found.frame["score"].tolist()
    after = {file: file.stat().st_mtime_ns for file in (tmp_path / "items").iterdir()}
    assert len(after) == 6 and before.items() <= after.items()


def test_numbers_of_the_recipe_are_swept_over_too() -> None:
    spec = zoo.loads(SPEC)
    numbers = {"epochs": 1, "batch_size": None}
    assert _with(spec, "batch_size", 8, numbers) == (spec.to_yaml(), {"epochs": 1, "batch_size": 8})
    text, options = _with(spec, "learning_rate", 0.5, numbers)
    assert options == numbers
    assert zoo.loads(text).training["optimizer"] == {"Adam": {"learning_rate": 0.5}}
    schedule = SPEC.replace(
        "learning_rate: 0.01", "learning_rate: {CosineDecay: {initial_learning_rate: 1, decay_steps: 9}}"
    )
    text, _ = _with(zoo.loads(schedule), "learning_rate", 0.5, numbers)
    assert zoo.loads(text).training["optimizer"] == {"Adam": {"learning_rate": 0.5}}
    with pytest.raises(TrainError, match="batch_size must be a whole number"):
        swept(over={"batch_size": [0]})


def test_a_value_that_the_spec_refuses_is_the_users_mistake() -> None:
    with pytest.raises(SpecError, match="P101"):
        swept(over={"units": [4, 10]})


def test_the_score_of_a_walk(tmp_path: Path) -> None:
    text = SPEC.replace("  seed: 7", "  seed: 7\n  walk_forward: {first: 0.8, step: 0.1, refit: warm}")
    found = zoo.sweep(zoo.loads(text), over={"units": [2]}, score="walk_forward", epochs=1, verbose=0)
    walk = zoo.walk_forward(zoo.load(_saved(tmp_path, text), units=2), epochs=1, verbose=0)
    assert found.frame["score"].tolist() == [pytest.approx(walk.score, rel=1e-5)]


def _saved(folder: Path, text: str) -> Path:
    (folder / "tiny.yaml").write_text(text)
    return folder / "tiny.yaml"


def test_a_sweep_of_which_nothing_works() -> None:
    with pytest.raises(TrainError, match="none of the 1 trainings") as caught:
        swept(over={"learning_rate": [1e30]})
    assert "training stopped" in caught.value.help


@pytest.mark.parametrize("seeds", [0, 1.5, [1, 1], [], "two"])
def test_seeds_that_cannot_be_meant(seeds: Any) -> None:
    with pytest.raises(TrainError, match="seeds must be"):
        swept(over={"units": [2]}, seeds=seeds)
