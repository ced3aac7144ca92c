"""A step compiled as a whole trains as Keras does, with the same random numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import zoo
from zoo.train.batches import Batches
from zoo.train.execution.execute import executed
from zoo.train.execution.measure import measure
from zoo.train.execution.plan import ExecutionPlan

L = keras.layers
SIZE = 8

LAYERS: dict[str, Callable[[], Any]] = {
    "dropout": lambda: L.Dropout(0.4, seed=3),
    "dropout of whole channels": lambda: L.SpatialDropout1D(0.4, seed=3),
    "noise": lambda: L.GaussianNoise(0.3, seed=3),
    "a constraint": lambda: L.Dense(4, kernel_constraint=keras.constraints.MaxNorm(0.5)),
    "statistics of a batch": lambda: L.BatchNormalization(),
    "one loop": lambda: L.LSTM(4, return_sequences=True, dropout=0.3, seed=3),
}


def _trained(layer: Callable[[], Any], way: str) -> tuple[dict[str, list[float]], list[np.ndarray]]:
    keras.utils.set_random_seed(1)
    inputs = keras.Input((5, 4), name="x")
    model = keras.Model(inputs, L.Dense(2)(L.Flatten()(layer()(L.Dense(4, activation="relu")(inputs)))))
    model.compile("adam", "mse", metrics=["mae"], jit_compile=False)
    random = np.random.default_rng(0)
    # the last batch is a short one
    x, y = (random.standard_normal((3 * SIZE + 5, *shape)).astype(np.float32) for shape in ((5, 4), (2,)))
    with executed(model, ExecutionPlan(way, batch_size=SIZE)):
        history = model.fit(
            Batches({"x": x}, {"y": y}, SIZE),
            epochs=3,
            validation_data=Batches({"x": x}, {"y": y}, SIZE),
            shuffle=False,
            verbose=0,
        ).history
    assert "train_step" not in vars(model) and "test_step" not in vars(model)
    return history, model.get_weights()


@pytest.mark.parametrize("name", LAYERS)
def test_a_compiled_step_is_keras_s_own(name: str) -> None:
    (own, weights), (ours, others) = (_trained(LAYERS[name], way) for way in ("keras", "xla"))
    for key, values in own.items():
        assert ours[key] == pytest.approx(values, rel=1e-4, abs=1e-6), key
    for one, two in zip(weights, others, strict=True):
        np.testing.assert_allclose(one, two, atol=2e-5 * max(1, np.abs(one).max()))


def test_numbers_drawn_in_each_step_of_a_loop_are_refused() -> None:
    with pytest.raises(NotImplementedError, match="in each step of a loop"):
        _trained(lambda: L.RNN(_Noisy(4), return_sequences=True), "xla")


class _Noisy(L.SimpleRNNCell):
    """A cell that draws as it goes."""

    def call(self, sequence: Any, states: Any, training: bool = False) -> Any:
        output, states = super().call(sequence, states, training=training)
        return output + keras.random.normal(
            keras.ops.shape(output), seed=keras.random.SeedGenerator(3)
        ), states


def test_a_model_with_dropout_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    spec = zoo.load("bin_ctabl")
    random = np.random.default_rng(0)
    batch = random.standard_normal((16, 10, 40)).astype(np.float32), random.integers(0, 3, 16)
    plan = measure(zoo.build(spec), batch, 16)
    assert plan.timings["xla"].difference <= 1e-5
