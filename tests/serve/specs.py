"""Specs with a half that reads each step by itself, small."""

from __future__ import annotations

HIERARCHY = """
spec: 1
name: hierarchy
inputs: {book: {shape: [6, 8, 1]}}
graph:
  row:       [book, TimeDistributed: {LSTM: 8}]
  direction: [row, LSTM: 4, Dense: {units: 3, activation: softmax}]
outputs: {direction: {loss: sparse_categorical_crossentropy}}
data:
  kind: orderbook
  source: {simulate: {snapshots: 400, levels: 2, seed: 1, sessions: 2}}
  features: {levels: 2, prices: relative_bps, sizes: log}
  window: {length: 6, within: [session]}
  label: {kind: forward, horizon: 5}
training: {epochs: 1, batch_size: 64, seed: 7}
"""

# The second half reads the rows themselves beside their codes.
SHORT_CUT = """
spec: 1
name: short_cut
inputs: {past: {shape: [6, 4]}, other: {shape: [2]}}
graph:
  code:  [past, Dense: 32, Dense: 8]
  state: [code, GRU: 4]
  rows:  [past, GRU: 4]
  move:  [[state, rows, other], Concatenate, Dense: 1]
outputs: {move: {loss: mse}}
"""

# Each step by itself, and not the same at every place: no code of a row alone.
PLACED = """
spec: 1
name: placed
inputs: {past: {shape: [6, 4]}}
graph:
  code: [past, SinusoidalPosition, Dense: 32]
  move: [code, LSTM: 4, Dense: 1]
outputs: {move: {loss: mse}}
"""

STATEFUL = """
spec: 1
name: carried
inputs: {past: {shape: [6, 4], batch_size: 1}}
graph: {move: [past, LSTM: {units: 4, stateful: true}, Dense: 1]}
outputs: {move: {loss: mse}}
"""

# Two codes of a row, two outputs.
TWO_CODES = """
spec: 1
name: two_codes
inputs: {past: {shape: [6, 4]}}
graph:
  wide:   [past, Dense: 64, Dense: 16]
  narrow: [past, Dense: {units: 32, activation: relu}, Dense: 2]
  state:  [wide, GRU: 4]
  mean:   [narrow, GlobalAveragePooling1D]
  up:     [[state, mean], Concatenate, Dense: 1]
  down:   [state, Dense: {units: 3, activation: softmax}]
outputs: {up: {loss: mse}, down: {loss: sparse_categorical_crossentropy}}
"""
