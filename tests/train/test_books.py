"""Order books in whole runs: what a recipe can ask for beside one class a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import zoo
from zoo.train.trained import Trained

STEPS = """
spec: 1
name: steps
inputs: {book: {shape: [8, 6]}}
graph:
  code:   [book, LSTM: {units: 6, return_sequences: true}]
  side:   [code, Dense: {units: 3, activation: softmax}]
  change: [code, Dense: 1]
outputs:
  side:   {loss: sparse_categorical_crossentropy, metrics: [accuracy]}
  change: {loss: mse}
data:
  kind: orderbook
  source: {simulate: {snapshots: 2400, levels: 2, seed: 1, sessions: 6}}
  features: {levels: 2, set: volumes, sizes: log, extra: [multi_level_order_flow_imbalance]}
  sample: {by: volume, every: 50}
  window: {length: 8}
  label: {kind: forward, horizon: [5, 9], smooth: 3, threshold: balanced, per_step: true}
  scale: {method: rolling_sessions, sessions: 2}
training: {optimizer: {Adam: {learning_rate: 0.01}}, epochs: 2, batch_size: 64, seed: 7}
"""


@pytest.fixture(scope="module")
def run() -> Trained:
    assert not [item for item in zoo.check_text(STEPS).diagnostics if item.level != "note"]
    return zoo.train(zoo.loads(STEPS), verbose=0)


def test_each_step_is_judged_for_two_horizons(run: Trained) -> None:
    assert run.evaluation is not None
    side, change = (run.evaluation.outputs[name] for name in ("side", "change"))
    assert list(side.rows) == ["model", "majority", "persistence"]
    assert list(change.rows) == ["model", "mean", "last_value"]
    assert side.confusion is not None and side.confusion.sum() == 8 * run.evaluation.context.windows
    assert side.confusion.sum(axis=1).min() > 0
    assert "horizon 5, 9 snapshots, each step, threshold balanced" in run.evaluation.context.label


def test_the_bundle_goes_on_where_the_sessions_ended(run: Trained, tmp_path: Path) -> None:
    opened = zoo.open(run.save(tmp_path / "steps.zoo"))
    book = zoo.data.orderbook.simulate(snapshots=300, levels=2, seed=5)
    week = 7 * 24 * 3600 * 10**9
    book = replace(book, time=book.time + week, sessions=("next",))
    first, second = run.predict(book), opened.predict(book)
    assert first["side"].shape[1:] == (8, 3) and len(first["side"]) > 10
    for name in first:
        np.testing.assert_allclose(first[name], second[name], atol=1e-6)


def test_numbers_come_back_as_changes_of_the_mid(run: Trained) -> None:
    part = run.prepared.test
    change = run.pipeline.in_units("change", part.y["change"])
    book = run.pipeline.load(None)
    end = int(part.rows[0])
    expected = [book.mid[row + 7 : row + 10].mean() / book.mid[row] - 1 for row in range(end - 7, end + 1)]
    np.testing.assert_allclose(change[0], expected, atol=1e-8)
