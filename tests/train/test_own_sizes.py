"""A model with a caller's own sizes, for data of their own, is saved and opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import zoo
from zoo.train.trained import Trained


def test_sizes_that_the_recipe_does_not_fit(tmp_path: Path) -> None:
    spec = zoo.load("hrnn_lob", window=10, features=4, row_units=2, window_units=2)
    assert [(item.code, item.level) for item in spec.diagnostics] == [("D306", "warning")]
    run = Trained.untrained(spec)
    x = np.random.default_rng(0).normal(size=(3, 10, 4, 1)).astype("float32")
    run.save(tmp_path / "own.zoo")
    np.testing.assert_array_equal(zoo.open(tmp_path / "own.zoo").predict(x), run.predict(x))
