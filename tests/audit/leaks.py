"""Small models and data for the tests of audits, and a layer that mixes the windows of a batch."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pandas as pd

STEPS, FEATURES = 8, 3


@keras.saving.register_keras_serializable("tests_audit")
class BatchCentred(keras.layers.Layer):
    """Takes away the mean of the whole batch, in both modes: a leak that no rule knows by name."""

    def call(self, x: Any) -> Any:
        return x - keras.ops.mean(x, axis=0, keepdims=True)


def model(*layers: Any, outputs: int = 1, per_step: bool = False, loss: str = "mse") -> keras.Model:
    """A window through these layers to numbers, at its end or at each of its steps."""
    keras.utils.set_random_seed(3)
    window = keras.Input((STEPS, FEATURES), name="window")
    tensor = window
    for layer in layers:
        tensor = layer(tensor)
    if not per_step and len(tensor.shape) > 2:
        tensor = keras.layers.Flatten()(tensor)
    made = keras.Model(window, keras.layers.Dense(outputs, name="next")(tensor))
    made.compile("adam", loss)
    return made


def series(rows: int = 400, seed: int = 0) -> np.ndarray:
    """(row, feature) of noise that remembers a little."""
    noise = np.random.default_rng(seed).normal(size=(rows, FEATURES))
    for row in range(1, rows):
        noise[row] += 0.6 * noise[row - 1]
    return noise.astype(np.float32)


def windows(values: np.ndarray, horizon: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Every window, and the first feature ``horizon`` rows after its end."""
    ends = np.arange(STEPS - 1, len(values) - horizon)
    x = np.stack([values[end - STEPS + 1 : end + 1] for end in ends])
    return x, values[ends + horizon, :1]


def frame(rows: int = 300, seed: int = 0) -> pd.DataFrame:
    """A price and a volume at whole numbers of time."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {"time": np.arange(rows), "price": 100 + rng.normal(size=rows).cumsum(), "volume": rng.random(rows)}
    )


TABLE = """
spec: 1
name: little_table
inputs: {past: {shape: [6, 2]}}
graph:
  next: [past, Flatten, Dense: 1]
outputs: {next: {loss: mse}}
data:
  kind: table
  time: time
  inputs: {past: {columns: [price, volume], lookback: 6}}
  targets: {next: {column: price, type: numeric, horizon: 4}}
training: {optimizer: adam, epochs: 1, batch_size: 32, seed: 7}
"""

PER_STEP = """
spec: 1
name: sees_ahead
inputs: {book: {shape: [6, 4]}}
graph:
  code: [book, Bidirectional: {LSTM: {units: 4, return_sequences: true}}]
  move: [code, Dense: {units: 3, activation: softmax}]
outputs: {move: {loss: sparse_categorical_crossentropy}}
data:
  kind: orderbook
  source: {simulate: {snapshots: 300, levels: 1, seed: 1}}
  features: {levels: 1}
  window: {length: 6}
  label: {kind: forward, horizon: 3, per_step: true}
training: {optimizer: adam, epochs: 1, batch_size: 32, seed: 7}
"""
