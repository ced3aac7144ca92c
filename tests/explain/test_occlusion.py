"""Occlusion: what is lost is what the patch was worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import zoo
from tests.explain.planted import planted_run
from tests.train.specs import TINY
from zoo.errors import TrainError
from zoo.explain.grouped import grouped
from zoo.explain.names import input_names
from zoo.explain.occlusion import occlusion, patches

RNG = np.random.default_rng(0)
WEIGHTS = {"a": RNG.normal(size=(4, 3)), "b": RNG.normal(size=2)}
X = {"a": RNG.normal(size=(6, 4, 3)), "b": RNG.normal(size=(6, 2))}
BASELINE = {"a": RNG.normal(size=(4, 3)), "b": RNG.normal(size=2)}
NAMES = {"a": input_names("a", (4, 3)), "b": input_names("b", (2,))}


def linear(x: Mapping[str, Any]) -> np.ndarray:
    rows = np.arange(6)
    return sum((np.asarray(x[name][rows]) * WEIGHTS[name]).reshape(6, -1).sum(axis=1) for name in x) + 5.0


def test_of_a_linear_model_each_number_is_worth_its_weight_times_its_distance() -> None:
    found = occlusion(linear, X, BASELINE, patches(NAMES, 1, 1))
    for name in X:
        assert found[name] == pytest.approx(WEIGHTS[name] * (X[name] - BASELINE[name]), abs=1e-5)


def test_a_patchs_numbers_share_what_it_is_worth() -> None:
    found = occlusion(linear, X, BASELINE, patches(NAMES, 2, 3))
    worth = WEIGHTS["a"] * (X["a"] - BASELINE["a"])
    assert found["a"].sum(axis=(1, 2)) == pytest.approx(worth.sum(axis=(1, 2)), abs=1e-5)
    assert np.ptp(found["a"][0, :2]) == 0 and np.ptp(found["a"][0, 2:]) == 0
    assert found["a"][0, 0, 0] == pytest.approx(worth[0, :2].sum() / 6, abs=1e-6)


def test_the_windows_themselves_stay_as_they_are() -> None:
    before = {name: values.copy() for name, values in X.items()}
    occlusion(linear, X, BASELINE, patches(NAMES, 2, 2))
    assert all(np.array_equal(X[name], before[name]) for name in X)


def test_groups_add_up_what_is_theirs() -> None:
    found = occlusion(linear, X, BASELINE, patches(NAMES, 1, 1))
    frame, columns = grouped(found, NAMES, "input", block=np.arange(6), rng=np.random.default_rng(0))
    assert columns == ("input",) and list(frame["input"]) == ["a", "b"]
    for name, line in zip(X, frame.to_dict("records"), strict=True):
        sums = found[name].reshape(6, -1).sum(axis=1)
        assert line["size"] == pytest.approx(np.abs(sums).mean()) and line["mean"] == pytest.approx(
            sums.mean()
        )
        assert line["low"] < line["size"] < line["high"]
    assert frame["share"].sum() == pytest.approx(1.0)
    both, _ = grouped(found, NAMES, ["input", "time"], block=np.arange(6), rng=np.random.default_rng(0))
    assert len(both) == 5


@pytest.fixture(scope="module")
def run() -> Any:
    return planted_run()


def test_a_planted_number_ranks_first(run: Any) -> None:
    by_feature, by_both = run.occlusion().frame, run.occlusion(by=["time", "feature"], patch=(1, 1)).frame
    assert by_feature.loc[by_feature["share"].idxmax(), "feature"] == "x_3"
    assert by_both.loc[by_both["size"].idxmax(), ["time", "feature"]].tolist() == [1, "x_3"]
    assert by_both["share"].max() > 0.5


def test_a_class_and_what_is_said(run: Any) -> None:
    one, zero, said = (run.occlusion(target=target).attributions["x"] for target in (1, "0", None))
    assert one == pytest.approx(-zero, abs=1e-5)
    picked = run.predict()[np.linspace(0, 134, 64).round().astype(int)].argmax(axis=1)
    assert said == pytest.approx(np.where(picked[:, None, None] == 1, one, zero), abs=1e-6)


def test_of_a_book_by_level_and_patch() -> None:
    run = zoo.train(zoo.loads(TINY), epochs=1, verbose=0)
    found = run.occlusion(target="up", by="side", patch=(5, 4), windows=10)
    assert np.ptp(found.attributions["book"], axis=(1, 2)) == pytest.approx(0, abs=1e-6)
    assert "`up` of `direction`, less as 5 × 4 are covered by mean; test part, 10 windows" in str(found)
    assert run.occlusion(by="time", patch=(5, 4), windows=10).frame["time"].tolist() == ["0-4"]
    # all of it covered is the mean window itself
    assert not np.allclose(
        found.attributions["book"], run.occlusion(baseline="zeros", windows=10).attributions["book"]
    )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"target": "up"}, "explain.target"),
        ({"output": "y"}, "explain.output"),
        ({"patch": (0, 1)}, "explain.patch"),
        ({"patch": 5}, "explain.patch"),
        ({"baseline": "median"}, "explain.baseline"),
        ({"by": "depth"}, "explain.by"),
    ],
)
def test_what_cannot_be_asked(run: Any, asked: dict[str, Any], code: str) -> None:
    with pytest.raises(TrainError) as caught:
        run.occlusion(**asked)
    assert caught.value.code == code and caught.value.help
