"""Learning rates of single layers: each step is what the optimizer makes of that rate, on either backend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import zoo
from tests.build import two_layers
from zoo.build import compile as compiling
from zoo.errors import TrainError

OPTIMIZERS = {
    "sgd": {"SGD": {"learning_rate": 0.1}},
    "momentum": {"SGD": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}},
    "adam": {"Adam": {"learning_rate": 0.01}},
    "adamw": {"AdamW": {"learning_rate": 0.01, "weight_decay": 0.1}},
    "rmsprop": {"RMSprop": {"learning_rate": 0.01}},
    "clipped": {"Adam": {"learning_rate": 0.01, "global_clipnorm": 0.5}},
    "schedule": {"SGD": {"learning_rate": {"CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 9}}}},
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_one_step_is_multiplied(optimizer: Any) -> None:
    plain = two_layers.steps(optimizer, {}, 1)
    scaled = two_layers.steps(optimizer, {"code": 0.25}, 1)
    np.testing.assert_allclose(scaled["code"], 0.25 * plain["code"], rtol=1e-4, atol=1e-8)
    np.testing.assert_array_equal(scaled["y"], plain["y"])


@pytest.mark.parametrize("name", ["momentum", "adam", "adamw", "rmsprop"])
def test_steps_are_those_of_an_optimizer_with_that_rate(name: str) -> None:
    # all layers scaled alike, so that both see the same gradients at every step
    kind, args = next(iter(OPTIMIZERS[name].items()))
    scaled = two_layers.steps(OPTIMIZERS[name], {"code": 0.5, "y": 0.5}, 5)
    slower = two_layers.steps({kind: {**args, "learning_rate": args["learning_rate"] / 2}}, {}, 5)
    for layer, step in slower.items():
        np.testing.assert_allclose(scaled[layer], step, rtol=1e-3, atol=1e-7)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_zero_leaves_the_weights_as_they_are(optimizer: Any) -> None:
    moved = two_layers.steps(optimizer, {"code": 0}, 3)
    assert not moved["code"].any()
    assert moved["y"].all()


def test_the_optimizer_is_of_the_class_that_the_spec_names() -> None:
    plain, scaled = (two_layers.model("adam", rates).optimizer for rates in ({}, {"code": 0.1}))
    assert type(plain) is type(scaled) is keras.optimizers.Adam
    assert "update_step" not in vars(plain)
    assert plain.get_config() == scaled.get_config() | {"name": plain.name}


def test_a_rate_set_by_a_callback_reaches_every_layer() -> None:
    halved = two_layers.steps({"SGD": {"learning_rate": 0.1}}, {"code": 0.5}, 1, rate=0.05)
    whole = two_layers.steps({"SGD": {"learning_rate": 0.1}}, {"code": 0.5}, 1)
    np.testing.assert_allclose(halved["code"], whole["code"] / 2, rtol=1e-4)
    np.testing.assert_allclose(halved["y"], whole["y"] / 2, rtol=1e-4)


def test_a_saved_model_opens_in_plain_keras(tmp_path: Path) -> None:
    model = two_layers.model("adam", {"code": 0})
    model.train_on_batch(two_layers.X, two_layers.Y)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert type(again.optimizer) is keras.optimizers.Adam
    before = np.asarray(again.get_layer("code").kernel)
    again.train_on_batch(two_layers.X, two_layers.Y)
    assert not np.array_equal(
        before, np.asarray(again.get_layer("code").kernel)
    )  # the file holds no multipliers


def test_a_bundle_and_another_optimizer_keep_them() -> None:
    run = zoo.train(
        zoo.loads(two_layers.text("adam", {"code": 0})), {"x": two_layers.X, "y": two_layers.Y}, epochs=1
    )
    for again in (run, zoo.from_bytes(run.to_bytes())):
        again.compile(optimizer="sgd")
        before = [np.asarray(weight) for weight in again.model.weights]
        again.fit(two_layers.X, two_layers.Y)
        still = [
            np.array_equal(old, np.asarray(new)) for old, new in zip(before, again.model.weights, strict=True)
        ]
        assert still == [True, True, False, False]


def test_an_optimizer_of_a_caller_is_plain_again_without_them() -> None:
    optimizer = keras.optimizers.SGD(0.1)
    compiling.compile_model(
        two_layers.model("sgd", {"code": 0}),
        zoo.loads(two_layers.text("sgd", {"code": 0})),
        optimizer=optimizer,
    )
    assert "update_step" in vars(optimizer)
    compiling.compile_model(
        two_layers.model("sgd", {}), zoo.loads(two_layers.text("sgd", {})), optimizer=optimizer
    )
    assert "update_step" not in vars(optimizer)


def test_a_submodel_has_one_and_a_layer_inside_goes_before_it() -> None:
    spec = zoo.loads(two_layers.WITH_SUBMODEL)
    model = zoo.build(spec)
    before = [np.asarray(weight).copy() for weight in model.weights]
    model.train_on_batch(two_layers.X, two_layers.Y)
    moved = {
        weight.path: bool(np.any(old != np.asarray(weight)))
        for weight, old in zip(model.weights, before, strict=True)
    }
    assert moved == {"first/kernel": False, "second/kernel": True, "y/kernel": True}


def test_a_model_without_the_layer_is_refused() -> None:
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, name="y")])
    spec = zoo.loads(two_layers.text("sgd", {"code": 0.5}))
    with pytest.raises(TrainError, match="`code`, which is no layer"):
        compiling.compile_model(other, spec)


def test_the_same_on_jax() -> None:
    script = "from tests.build import two_layers; two_layers.on_this_backend()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["jax", "multiplied", "frozen"]
