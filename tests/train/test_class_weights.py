"""Weights of classes become weights of samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zoo.errors import TrainError
from zoo.train.class_weights import sample_weights
from zoo.train.tasks import task

TASKS = {
    "move": task("sparse_categorical_crossentropy", (3,)),
    "flag": task("binary_crossentropy", (1,)),
    "size": task("mse", (1,)),
}
Y = {
    "move": np.array([0, 0, 0, 2], dtype=np.int32),
    "flag": np.array([[1], [0], [0], [0]], dtype=np.float32),
    "size": np.zeros((4, 1), dtype=np.float32),
}
ONE = {"move": TASKS["move"]}


def test_nothing_to_weigh() -> None:
    assert sample_weights(None, Y, TASKS) is None


def test_balanced_makes_classes_count_alike() -> None:
    found = sample_weights("balanced", Y, TASKS)
    assert found is not None
    assert sorted(found) == ["flag", "move"]
    np.testing.assert_allclose(found["move"], [4 / 9, 4 / 9, 4 / 9, 4 / 3], rtol=1e-6)
    np.testing.assert_allclose(found["flag"], [2, 2 / 3, 2 / 3, 2 / 3], rtol=1e-6)


@pytest.mark.parametrize("given", [{0: 1.0, 2: 3.0}, {"0": 1, "2": 3}, {"move": {0: 1.0, 2: 3.0}}])
def test_a_map(given: Any) -> None:
    found = sample_weights(given, Y, ONE)
    assert found is not None
    np.testing.assert_allclose(found["move"], [1, 1, 1, 3])


def test_labels_per_step_are_weighed_per_step() -> None:
    steps = {"move": task("sparse_categorical_crossentropy", (2, 3))}
    found = sample_weights({1: 5.0}, {"move": np.array([[0, 1], [1, 1]])}, steps)
    assert found is not None
    np.testing.assert_allclose(found["move"], [[1, 5], [5, 5]])


@pytest.mark.parametrize(
    ("given", "tasks", "said"),
    [
        ({3: 1.0}, ONE, "no class `3`; classes run from 0 to 2"),
        ({0: -1.0}, ONE, "must be 0 or more"),
        ({0: "much"}, ONE, "is no number"),
        ("even", ONE, "`balanced` or a map"),
        ({0: 1.0}, TASKS, "weights by class, and the model has 3 outputs"),
        ({"mve": "balanced"}, TASKS, "`mve`, which is no output"),
        ({"size": "balanced"}, TASKS, "an output of numbers"),
        ("balanced", {"size": TASKS["size"]}, "no output has classes"),
    ],
)
def test_mistakes(given: Any, tasks: Any, said: str) -> None:
    with pytest.raises(TrainError) as caught:
        sample_weights(given, Y, tasks)
    assert said in caught.value.message
    assert caught.value.help
