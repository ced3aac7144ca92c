"""Small specs for the tests of whole runs."""

from __future__ import annotations

TINY = """
spec: 1
name: tiny
inputs: {book: {shape: [5, 4]}}
graph:
  direction: [book, Flatten, Dense: {units: 3, activation: softmax}]
outputs:
  direction: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}
data:
  kind: orderbook
  source: {simulate: {snapshots: 600, levels: 1, seed: 1}}
  features: {levels: 1, prices: relative_bps, sizes: log}
  window: {length: 5}
  label: {kind: forward, horizon: 5}
training:
  optimizer: {Adam: {learning_rate: 0.01}}
  epochs: 2
  batch_size: 64
  seed: 7
"""

PAIR = """
spec: 1
name: pair
inputs: {a: {shape: [4]}, b: {shape: [2]}}
graph:
  both: [[a, b], Concatenate]
  zz: [both, Dense: {units: 3, activation: softmax}]
  aa: [both, Dense: 1]
outputs:
  zz: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}
  aa: {loss: mse, weight: 0.5}
training: {batch_size: 16, seed: 3}
"""
