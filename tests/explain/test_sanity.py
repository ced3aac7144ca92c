"""Attributions must follow the trained weights, and the check must leave these as they are."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np
import pandas as pd
import pytest

from tests.explain.planted import planted_run
from zoo.errors import TrainError
from zoo.explain.sanity import Sanity, cascade
from zoo.train.trained import Trained

X = np.random.default_rng(0).normal(size=(12, 8)).astype("f4")


@pytest.fixture(scope="module")
def run() -> Trained:
    return planted_run()


def model(seed: int, layers: int = 3) -> keras.Model:
    keras.utils.set_random_seed(seed)
    x = keras.Input((8,), name="x")
    y = x
    for number in range(layers):
        y = keras.layers.Dense(6, activation="tanh", name=f"d{number}")(y)
    return keras.Model(x, keras.layers.Dense(1, name="out")(y))


def by_occlusion(net: keras.Model) -> Mapping[str, np.ndarray]:
    """What each number is worth to the model."""
    before = net.predict(X, verbose=0)[:, 0]
    found = np.zeros_like(X)
    for number in range(8):
        covered = X.copy()
        covered[:, number] = 0
        found[:, number] = before - net.predict(covered, verbose=0)[:, 0]
    return {"x": found}


def test_from_the_output_down_less_and_less_is_left() -> None:
    lines = cascade(model(1), model(2), by_occlusion)
    assert [line["layer"] for line in lines] == ["out", "d2", "d1", "d0"]
    assert [line["layers"] for line in lines] == [1, 2, 3, 4]
    check = Sanity(pd.DataFrame(lines), "toy", "occlusion")
    assert check.passed and lines[-1]["signed"] < 0.5
    assert "toy: occlusion" in str(check) and "they follow the trained weights" in str(check)


def test_attributions_that_never_look_at_the_model_fail() -> None:
    lines = cascade(model(1), model(2), lambda net: {"x": X})
    check = Sanity(pd.DataFrame(lines), "toy", "the inputs themselves")
    assert not check.passed and lines[-1]["size"] == lines[-1]["signed"] == pytest.approx(1.0)
    assert "they hardly depend on what was learnt" in str(check)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_the_trained_model_keeps_its_weights_whatever_happens(error: type[BaseException]) -> None:
    trained, calls = model(1), []
    before = trained.get_weights()

    def interrupted(net: keras.Model) -> Mapping[str, np.ndarray]:
        calls.append(net)
        if len(calls) == 3:
            raise error
        return {"x": X}

    with pytest.raises(error):
        cascade(trained, model(2), interrupted)
    assert all(np.array_equal(a, b) for a, b in zip(before, trained.get_weights(), strict=True))


def test_many_layers_are_made_random_in_at_most_ten_stages() -> None:
    lines = cascade(model(1, 30), model(2, 30), lambda net: {"x": X})
    assert len(lines) == 10 and lines[-1]["layers"] == 31 and lines[0]["layer"] == "out"


def test_the_last_stage_is_the_random_model() -> None:
    seen: list[list[np.ndarray]] = []
    random = model(2)
    fresh = random.get_weights()

    def watched(net: keras.Model) -> Mapping[str, np.ndarray]:
        seen.append(net.get_weights())
        return {"x": X}

    trained = model(1)
    cascade(trained, random, watched)
    for first, last in zip(seen[0], trained.get_weights(), strict=True):
        assert np.array_equal(first, last)
    assert all(np.array_equal(a, b) for a, b in zip(seen[-1], fresh, strict=True))


def test_of_a_run_whose_weights_stay(run: Trained) -> None:
    before = run.model.get_weights()
    found = run.sanity(windows=30)
    assert found.passed and list(found.frame["layer"]) == ["side", "side__dense_1"]
    assert "attributions of `side` by occlusion, test part, 30 samples" in str(found)
    assert all(np.array_equal(a, b) for a, b in zip(before, run.model.get_weights(), strict=True))
    assert found.frame.equals(run.sanity(windows=30).frame)
    with pytest.raises(TrainError, match="no output `sides`"):
        run.sanity(output="sides")


def test_sizes_alone_may_be_the_architectures() -> None:
    frame = pd.DataFrame([{"layer": "out", "layers": 1, "size": 0.9, "signed": 0.1}])
    check = Sanity(frame, "toy", "occlusion")
    assert check.passed and "0.90 of the order of their sizes" in str(check)


@pytest.mark.parametrize("method", ["integrated_gradients", "gradient_x_input", "smoothgrad"])
def test_of_attributions_by_gradients(run: Trained, method: str) -> None:
    before = run.model.get_weights()
    found = run.sanity(windows=30, method=method)
    assert found.passed and f"by {method}" in str(found)
    assert all(np.array_equal(a, b) for a, b in zip(before, run.model.get_weights(), strict=True))
    with pytest.raises(TrainError, match="not made by `gradients`"):
        run.sanity(method="gradients")


def test_a_planted_number_ranks_first_by_gradients_too(run: Trained) -> None:
    frame = run.explain(baseline="zeros").frame(by=["time", "feature"])
    first, second = frame.sort_values("importance", ascending=False).to_dict("records")[:2]
    assert (first["time"], first["feature"]) == (1, "x_3")
    assert first["importance"] > 3 * second["importance"]
