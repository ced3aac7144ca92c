"""Occlusion: what is lost is what the patch was worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

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
