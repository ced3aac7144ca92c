"""Arrays given in code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zoo import data
from zoo.data import Pipeline, Prepared
from zoo.errors import DataError

X = np.arange(40.0).reshape(20, 2)
Y = np.arange(20) % 3


def prepare(source: Any, made: dict[str, Any] | None = None, **options: Any) -> Prepared:
    given = {"input_shapes": {"x": (2,)}, "outputs": {"y": 3}} | options
    return data.prepare(made or {}, source, **given)


def failure(source: Any, made: dict[str, Any] | None = None, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        prepare(source, made, **options)
    assert caught.value.help
    return caught.value


@pytest.mark.parametrize(
    "source", [(X, Y), [X, Y], {"x": X, "y": Y}, ({"x": X}, {"y": Y}), (X.tolist(), Y.tolist())]
)
def test_parts_in_order_and_unscaled(source: Any) -> None:
    ready = prepare(source)
    assert [len(part) for part in (ready.train, ready.val, ready.test)] == [14, 3, 3]
    np.testing.assert_array_equal(ready.test.x["x"], X[17:].astype(np.float32))
    np.testing.assert_array_equal(ready.test.y["y"], Y[17:])
    assert ready.train.x["x"].dtype == np.float32 and ready.train.persistence is None
    assert ready.train.last is None and ready.train.hidden is None and ready.train.time is None
    assert ready.about == "arrays: 20 samples; training 14, validation 3, test 3" and not ready.simulated


def test_parts_are_views() -> None:
    x = X.astype(np.float32)
    assert np.shares_memory(prepare((x, Y)).train.x["x"], x)


def test_the_recipes_shares_are_used_and_random_is_seeded() -> None:
    assert len(prepare((X, Y), {"split": {"train": 0.5, "val": 0, "test": 0.5}}).train) == 10
    mixed = {"split": {"by": "random", "seed": 4}}
    first, again = prepare((X, Y), mixed), prepare((X, Y), mixed)
    np.testing.assert_array_equal(first.train.rows, again.train.rows)
    rows = np.concatenate([part.rows for part in (first.train, first.val, first.test)])
    assert sorted(rows.tolist()) == list(range(20)) and first.train.rows.tolist() != list(range(14))
    assert failure((X, Y), {"split": {"by": "session"}}).code == "data.split"


def test_integers_stay_integers_and_a_last_axis_of_one_is_added() -> None:
    tokens = np.arange(60, dtype=np.int32).reshape(20, 3)
    ready = prepare((tokens, Y), input_shapes={"x": (3, 1)})
    assert ready.train.x["x"].shape == (14, 3, 1) and ready.train.x["x"].dtype == np.int32


def test_named_classes() -> None:
    ready = prepare((X, np.array(["low", "high", "mid"])[Y]))
    assert ready.pipeline.levels == ["high", "low", "mid"]
    assert ready.train.y["y"][:3].tolist() == [1, 0, 2]
    with pytest.raises(DataError, match="output `y` has the class `other`, unknown in training"):
        ready.pipeline.transform((X, np.array(["other"] * 20)), labels=True)


def test_numbers_and_one_hot_targets_pass_through() -> None:
    assert prepare((X, Y / 2), outputs={"y": None}).train.y["y"].dtype == np.float32
    assert prepare((X, np.eye(3)[Y])).train.y["y"].shape == (14, 3)


def test_the_pipeline_passes_new_samples_through() -> None:
    pipeline = Pipeline.from_dict(prepare((X, Y)).pipeline.to_dict())
    assert pipeline.kind == "arrays"
    part = pipeline.transform(X[:5])
    np.testing.assert_array_equal(part.x["x"], X[:5].astype(np.float32))
    assert part.y == {} and len(part) == 5
    assert pipeline.transform((X, Y), labels=True).y["y"].tolist() == Y.tolist()
    with pytest.raises(DataError, match="labelled samples are"):
        pipeline.transform(X, labels=True)


def two(x: Any, y: Any = Y) -> DataError:
    return failure((x, y), input_shapes={"a": (2,), "b": (2,)})


def with_nan() -> np.ndarray:
    x = X.copy()
    x[3, 1] = np.nan
    return x


MISTAKES: list[tuple[Any, str]] = [
    ((X[:, :1], Y), "input `x` has shape [2] for a sample; received samples of [1]"),
    ((np.array(5.0), Y), "input `x` has shape [2] for a sample; received samples of []"),
    ((X.astype(str), Y), "input `x` holds <U32, not numbers"),
    ((with_nan(), Y), "input `x` has 1 missing or infinite numbers, the first at [3, 1] (counted from 0)"),
    ((X, Y[:7]), "the arrays do not have the same number of samples: x 20, y (y) 7"),
    ((X[:0], Y[:0]), "the arrays hold no samples"),
    ((X[:1] * 0, Y[:1] + 7), "output `y` has 3 classes, numbered 0 to 2; sample 0 (counted from 0) has 7"),
    ((X, Y + 0.5), "output `y` has 3 classes, numbered 0 to 2; sample 0 (counted from 0) has 0.5"),
    ((X, np.full(20, np.nan)), "output `y` has 20 missing or infinite numbers, the first at [0]"),
    ((X, 1), "output `y` received one number, not one a sample"),
    (({"z": X}, Y), "the spec's inputs are `x`; received `z`"),
    ((X, {"y": Y, "z": Y}), "the spec's outputs are `y`; received `y`, `z`"),
]


@pytest.mark.parametrize(("source", "message"), MISTAKES)
def test_mistakes(source: Any, message: str) -> None:
    assert failure(source).message.startswith(message)


def test_mistakes_with_two_inputs() -> None:
    assert two(X).message == "the spec has 2 inputs (`a`, `b`); received 1 array"
    assert two([X, X, X]).message == "the spec has 2 inputs (`a`, `b`); received 3 arrays"
    assert two({"a": X, "c": X}).message == "the spec's inputs are `a`, `b`; received `a`, `c`"
