"""Labels and values as the losses take them, and what is said when they are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zoo.errors import TrainError
from zoo.train.targets import check_target, check_targets
from zoo.train.tasks import Task, task

LABELS = task("sparse_categorical_crossentropy", (3,))
ONE_HOT = task("categorical_crossentropy", (3,))
STEPS = task("sparse_categorical_crossentropy", (4, 3))
BINARY = task("binary_crossentropy", (1,))
NUMBER = task("mse", (1,))


@pytest.mark.parametrize(
    ("loss", "kind"),
    [
        ("sparse_categorical_crossentropy", "labels"),
        ("SparseCategoricalCrossentropy", "labels"),
        ({"SparseCategoricalCrossentropy": {"from_logits": True}}, "labels"),
        ("categorical_crossentropy", "one_hot"),
        ("binary_crossentropy", "binary"),
        ("BinaryFocalCrossentropy", "binary"),
        ("mse", "numbers"),
        ({"Huber": {"delta": 1.0}}, "numbers"),
        (None, "numbers"),
        (np.mean, "numbers"),
    ],
)
def test_what_a_loss_asks_for(loss: Any, kind: str) -> None:
    assert task(loss, (3,)).kind == kind


def test_a_keras_loss_object() -> None:
    import keras

    found = task(keras.losses.SparseCategoricalCrossentropy(from_logits=True), (3,))
    assert (found.kind, found.from_logits, found.classes) == ("labels", True, 3)


@pytest.mark.parametrize(
    ("y", "wanted", "expected"),
    [
        ([0, 1, 2], LABELS, [0, 1, 2]),
        ([0.0, 1.0, 2.0], LABELS, [0, 1, 2]),
        ([[0], [1], [2]], LABELS, [0, 1, 2]),
        ([True, False, True], LABELS, [1, 0, 1]),
        (np.eye(3)[[2, 0, 1]], LABELS, [2, 0, 1]),
        ([[0, 1, 2, 2]] * 3, STEPS, [[0, 1, 2, 2]] * 3),
        ([2, 0, 1], ONE_HOT, np.eye(3)[[2, 0, 1]]),
        (np.eye(3), ONE_HOT, np.eye(3)),
        ([[0.2, 0.3, 0.5]] * 3, ONE_HOT, [[0.2, 0.3, 0.5]] * 3),
        ([0, 1, 1], BINARY, [[0], [1], [1]]),
        ([1.5, 2.5, 3.5], NUMBER, [[1.5], [2.5], [3.5]]),
        ([[1.5], [2.5], [3.5]], task("mse", ()), [1.5, 2.5, 3.5]),
    ],
)
def test_targets_that_fit(y: Any, wanted: Task, expected: Any) -> None:
    found = check_target(y, wanted, "out", 3)
    np.testing.assert_allclose(found, np.asarray(expected), rtol=1e-6)
    assert found.dtype == (np.int32 if wanted.kind == "labels" else np.float32)


CASES: list[tuple[str, Any, Task, str, str]] = [
    (
        "labels",
        [1, 2, 3],
        LABELS,
        "1 labels lie outside 0…2, the first (3) at [2]",
        "run from 1 to 3: subtract 1",
    ),
    ("labels", [0, -1, 7], LABELS, "2 labels lie outside 0…2, the first (-1) at [1]", "has 3 classes"),
    ("labels", [0, 0.5, 1], LABELS, "received fractions", "whole"),
    ("labels", [1, 2, 3], ONE_HOT, "outside 0…2", "count from 0"),
    ("labels", [[0.5, 0.1, 0.1]] * 3, ONE_HOT, "no probabilities", "one-hot"),
    ("labels", [1, 2, 1], BINARY, "0 to 1, received 1 to 2", "0 and 1"),
    ("shape", np.zeros((3, 5)), LABELS, "expected (batch,), received (3, 5)", "class numbers from 0 to 2"),
    ("shape", np.zeros((3, 2)), NUMBER, "expected (batch, 1), received (3, 2)", "numbers"),
    ("length", [0, 1], LABELS, "has 2 samples, x has 3", "one row of y"),
    ("length", 1, LABELS, "a single number", "one row of y"),
    ("dtype", ["up", "down", "up"], LABELS, "received text", "whole numbers from 0"),
    ("not_finite", [0.0, np.nan, 1.0], NUMBER, "1 value that is NaN", "drop"),
    ("not_finite", [0.0, np.nan, 1.0], LABELS, "at [1]", "drop"),
]


@pytest.mark.parametrize(("code", "y", "wanted", "said", "helped"), CASES)
def test_mistakes(code: str, y: Any, wanted: Task, said: str, helped: str) -> None:
    with pytest.raises(TrainError) as caught:
        check_target(y, wanted, "out", 3)
    assert caught.value.code == f"train.{code}"
    assert said in caught.value.message
    assert helped in caught.value.help
    assert "`out`" in caught.value.message


def test_outputs_by_name_in_the_specs_order() -> None:
    tasks = {"zz": LABELS, "aa": NUMBER}
    found = check_targets({"aa": [1.0, 2.0], "zz": [0, 1]}, tasks, 2)
    assert list(found) == ["zz", "aa"]
    np.testing.assert_array_equal(check_targets([[0, 1], [1.0, 2.0]], tasks, 2)["zz"], [0, 1])
    with pytest.raises(TrainError, match="no output `a`") as caught:
        check_targets({"a": [1.0, 2.0], "zz": [0, 1]}, tasks, 2)
    assert "did you mean `aa`" in caught.value.help


def test_chances_of_logits_and_of_one_unit() -> None:
    logits = task({"SparseCategoricalCrossentropy": {"from_logits": True}}, (3,))
    np.testing.assert_allclose(logits.probabilities(np.array([[0.0, 0.0, np.log(2)]])), [[0.25, 0.25, 0.5]])
    np.testing.assert_allclose(BINARY.probabilities(np.array([[0.2]])), [[0.8, 0.2]])
    sigmoid = task({"BinaryCrossentropy": {"from_logits": True}}, (1,))
    np.testing.assert_allclose(sigmoid.probabilities(np.array([[0.0]])), [[0.5, 0.5]])


@pytest.mark.parametrize(
    ("loss", "width"), [({"Pinball": {"quantiles": [0.1, 0.5, 0.9]}}, 3), ("student_t", 3)]
)
def test_a_distribution_has_one_number_as_its_target(loss: object, width: int) -> None:
    one = task(loss, (5, width))
    for given in (np.ones((2, 5)), np.ones((2, 5, 1))):
        assert check_target(given, one, "y").shape == (2, 5, 1)
    with pytest.raises(TrainError, match=r"expected \(batch, 5, 1\), received \(2, 5, 3\)"):
        check_target(np.ones((2, 5, 3)), one, "y")
