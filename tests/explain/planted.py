"""A run of a small model on samples in which one number of one step decides the class."""

from __future__ import annotations

import numpy as np

import zoo
from zoo.train.trained import Trained

SPEC = """
spec: 1
name: planted
inputs: {x: {shape: [6, 4]}}
graph:
  side: [x, Flatten, Dense: {units: 8, activation: tanh}, Dense: {units: 2, activation: softmax}]
outputs:
  side: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}
training: {optimizer: {Adam: {learning_rate: 0.02}}, epochs: 12, batch_size: 32, seed: 3}
"""
STEP, FEATURE = 4, 2  # of the decisive number, from 0


def planted_samples(count: int = 900, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(sample, time, feature) noise, and whether one number of it is positive."""
    x = np.random.default_rng(seed).normal(size=(count, 6, 4)).astype(np.float32)
    return x, (x[:, STEP, FEATURE] > 0).astype(np.int64)


def planted_run() -> Trained:
    """A model that has found it out."""
    return zoo.train(zoo.loads(SPEC), planted_samples(), verbose=0)
