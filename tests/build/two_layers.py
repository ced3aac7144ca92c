"""Two dense layers, and how far each moves: for the tests of learning rates, on whichever backend."""

from __future__ import annotations

import json
from typing import Any

import keras
import numpy as np

import zoo

_RANDOM = np.random.default_rng(3)
X = _RANDOM.normal(size=(16, 3)).astype("float32")
Y = _RANDOM.normal(size=(16, 1)).astype("float32")

WITH_SUBMODEL = """\
spec: 1
name: nested
inputs: {x: {shape: [3]}}
models:
  code:
    inputs: {z: {shape: [3]}}
    graph:
      first:  [z, Dense: {units: 4, use_bias: false}]
      second: [first, Dense: {units: 4, use_bias: false}]
    outputs: [second]
graph:
  coded: [x, code]
  y: [coded, Dense: {units: 1, use_bias: false}]
outputs: {y: {loss: mse}}
training: {optimizer: sgd, learning_rates: {code: 0, second: 1}}
"""


def text(optimizer: Any, rates: dict[str, float]) -> str:
    """A spec of the layers ``code`` and ``y``."""
    return f"""\
spec: 1
name: pair
inputs: {{x: {{shape: [3]}}}}
graph: {{code: [x, Dense: 4], y: [code, Dense: 1]}}
outputs: {{y: {{loss: mse}}}}
training: {{optimizer: {json.dumps(optimizer)}, learning_rates: {json.dumps(rates)}, batch_size: 16}}
"""


def model(optimizer: Any, rates: dict[str, float]) -> keras.Model:
    """It built, with the same weights each time, none of them zero."""
    made = zoo.build(zoo.loads(text(optimizer, rates)))
    random = np.random.default_rng(5)
    made.set_weights([random.uniform(0.2, 1.0, weight.shape) for weight in made.weights])
    return made


def steps(
    optimizer: Any, rates: dict[str, float], times: int, rate: float | None = None
) -> dict[str, np.ndarray]:
    """How far the kernels have moved after some steps."""
    made = model(optimizer, rates)
    if rate is not None:
        made.optimizer.learning_rate = rate
    before = {layer: np.asarray(made.get_layer(layer).kernel).copy() for layer in ("code", "y")}
    for _ in range(times):
        made.train_on_batch(X, Y)
    return {layer: np.asarray(made.get_layer(layer).kernel) - old for layer, old in before.items()}


def on_this_backend() -> None:
    """Prints the backend, and what holds on it."""
    adamw = {"AdamW": {"learning_rate": 0.01, "weight_decay": 0.1}}
    plain, scaled, frozen = (steps(adamw, rates, 1) for rates in ({}, {"code": 0.25}, {"code": 0}))
    print(keras.backend.backend())
    if np.allclose(scaled["code"], plain["code"] / 4, rtol=1e-4) and np.allclose(scaled["y"], plain["y"]):
        print("multiplied")
    if not frozen["code"].any() and frozen["y"].all():
        print("frozen")
