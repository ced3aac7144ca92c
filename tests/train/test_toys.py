"""Runs on toys: no data given, and the report, the bundle and its readers say what it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import zoo
from zoo.cli.main import cli
from zoo.errors import TrainError
from zoo.train.judge.baselines import fit_baselines
from zoo.train.parts import MOST_NUMBERS, Sample
from zoo.train.tasks import Task

WORDS = """
spec: 1
name: words
inputs:
  text: {shape: [null], dtype: int32}
  facts: {shape: [2]}
graph:
  code: [text, Embedding: {input_dim: 50, output_dim: 8}, GlobalAveragePooling1D]
  shared: [[code, facts], Concatenate, Dense: {units: 1, activation: sigmoid}]
  count: [code, Dense: 1]
outputs:
  shared: {loss: binary_crossentropy, metrics: [accuracy]}
  count: {loss: mse}
data:
  kind: tokens
  source: {toy: headlines, samples: 200, length: 12}
  split: {by: random, train: 0.6, val: 0.2, test: 0.2}
training: {optimizer: {Adam: 0.05}, epochs: 8, batch_size: 16, seed: 7}
"""

VAE = """
spec: 1
name: small_autoencoder
inputs: {book: {shape: [5, 4]}}
graph: {rebuilt: [book, Flatten, Dense: 16, Dense: 20, Reshape: {target_shape: [5, 4]}]}
outputs: {rebuilt: {loss: mse}}
data:
  kind: orderbook
  source: {simulate: {snapshots: 600, levels: 1, seed: 1}}
  features: {levels: 1, prices: relative_bps, sizes: log}
  window: {length: 5}
  label: {kind: reconstruct}
training: {optimizer: {Adam: 0.02}, epochs: 6, batch_size: 32, seed: 7}
"""

INSIDE = """
spec: 1
name: inside
inputs: {document: {shape: [3, 4], dtype: int32}, letters: {shape: [6], dtype: int32}}
models:
  sentence:
    inputs: {words: {shape: [4], dtype: int32}}
    graph: {code: [words, Embedding: {input_dim: 30, output_dim: 2}, LSTM: 2]}
    outputs: [code]
layers: {look_up: {Embedding: {input_dim: 9, output_dim: 2}}}
graph:
  a: [document, TimeDistributed: sentence, LSTM: 2]
  b: [document, TimeDistributed: {Embedding: {input_dim: 25, output_dim: 2}}, Flatten]
  c: [letters, look_up, LSTM: 2]
  y: [[a, b, c], Concatenate, Dense: 1]
outputs: {y: {loss: mse}}
"""


@pytest.fixture(scope="module")
def run() -> zoo.Trained:
    return zoo.train(zoo.loads(WORDS), verbose=0)


def test_the_report_says_that_the_data_is_a_toy(run: zoo.Trained) -> None:
    text = str(run.evaluation)
    said = " ".join(text.split())
    assert "words on toy data: headlines, shared or not (seed 7), 200 samples; training 120" in said
    assert "split: by random, 60/20/20 % train/val/test test part: 40 samples" in said
    assert "logistic, all numbers" in text and "windows" not in text and "last value" not in text
    assert run.data_card["toy"] == "headlines" and run.data_card["simulated"] and not run.data_card["given"]
    assert run.metrics["shared_accuracy"] > 0.9


def test_a_bundle_brings_back_its_toy(run: zoo.Trained, tmp_path: Path) -> None:
    path = run.save(tmp_path / "words.zoo")
    opened = zoo.open(path)
    assert str(opened.evaluate()) == str(run.evaluation)
    np.testing.assert_array_equal(opened.predict()["count"], run.predict()["count"])
    printed = CliRunner().invoke(cli, ["evaluate", str(path)])
    assert printed.exit_code == 0 and "toy data: headlines" in printed.output
    made = CliRunner().invoke(cli, ["predict", str(path), "--out", str(tmp_path / "p.csv")])
    assert made.exit_code == 0, made.output
    with open(tmp_path / "p.csv", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 40 and float(rows[3]["count_value"]) == pytest.approx(run.predict()["count"][3, 0])


def test_another_toy_is_judged_whole_and_the_same_one_on_its_test_part(run: zoo.Trained) -> None:
    other = run.evaluate({"toy": "headlines", "samples": 50, "length": 12, "seed": 8})
    assert other.context.part == "all" and other.context.windows == 50 and "seed 8" in other.context.about
    same = run.evaluate({"toy": "headlines", "samples": 200, "length": 12})
    assert same.context.part == "test" and same.metrics == run.metrics
    assert run.predict({"toy": "headlines", "samples": 50, "length": 12})["shared"].shape == (50, 1)


def test_a_toy_given_is_remembered_by_the_bundle() -> None:
    toy = {"toy": "headlines", "samples": 60, "length": 12, "seed": 3}
    run = zoo.train(zoo.loads(WORDS), toy, epochs=0, verbose=0)
    opened = zoo.from_bytes(run.to_bytes())
    assert opened.data_card["source"] == toy
    assert opened.evaluate().metrics == run.metrics


def test_arrays_win_over_the_toy() -> None:
    x = {"text": np.zeros((20, 12)), "facts": np.zeros((20, 2))}
    y = {"shared": np.arange(20) % 2, "count": np.arange(20)}
    run = zoo.train(zoo.loads(WORDS), (x, y), epochs=1, verbose=0)
    assert run.data_card["about"].startswith("arrays: 20 samples") and not run.data_card["toy"]
    assert "toy" not in str(run.evaluation)
    with pytest.raises(TrainError, match="has no data at hand"):
        zoo.from_bytes(run.to_bytes()).evaluate()


def test_too_many_numbers_leave_the_regression_out_and_it_is_said() -> None:
    spec = zoo.loads(
        """
spec: 1
name: images
inputs: {image: {shape: [33, 33, 1]}}
graph: {digit: [image, Flatten, Dense: {units: 3, activation: softmax}]}
outputs: {digit: {loss: sparse_categorical_crossentropy}}
data: {kind: images, source: {toy: digits, samples: 60}}
training: {optimizer: adam, seed: 7}
"""
    )
    evaluation = zoo.train(spec, epochs=1, verbose=0).evaluation
    assert evaluation is not None and set(evaluation.baselines) == {"majority"}
    assert f"1,089 numbers a sample, more than {MOST_NUMBERS:,}" in " ".join(str(evaluation).split())
    again = type(evaluation).from_dict(json.loads(json.dumps(evaluation.to_dict())))
    assert str(again) == str(evaluation)


def test_the_mean_of_a_large_target_is_one_number_a_channel() -> None:
    y = np.random.default_rng(0).random((6, 40, 40, 3)).astype(np.float32)
    part = Sample({"x": y}, {"y": y}, ordered=False)
    fitted = fit_baselines(part, part.y, {"y": Task("numbers", (40, 40, 3))})["y"]
    assert fitted.mean is not None and fitted.last is None
    np.testing.assert_allclose(fitted.mean, y.mean(axis=(0, 1, 2)), rtol=1e-5)
    assert fitted.predict(part, y, "y")["mean"].values.shape == y.shape


def test_an_autoencoder_of_books_trains_on_its_own_windows() -> None:
    run = zoo.train(zoo.loads(VAE), verbose=0)
    assert run.history["loss"][-1] < run.history["loss"][0] / 2
    text = " ".join(str(run.evaluation).split())
    assert "label: reconstruct, the scaled window itself split: by time" in text
    assert set(run.evaluation.baselines) == {"mean"} and "last value" not in text
    assert run.metrics["r2"] > run.evaluation.baselines["mean"]["r2"]
    opened = zoo.from_bytes(run.to_bytes())
    assert opened.evaluate().metrics == pytest.approx(run.metrics)
    window = np.asarray(run.prepared.train.x["book"])
    np.testing.assert_allclose(run.baselines["rebuilt"].mean, window.mean(axis=0), atol=1e-6)


def test_a_vocabulary_is_found_inside_submodels_and_wrappers() -> None:
    assert zoo.loads(INSIDE).vocabularies == {"document": 25, "letters": 9}
