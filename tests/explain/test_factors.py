"""The factor report: correlations as other libraries have them, with the numbers they stand on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.explain.planted import planted_run, planted_samples
from tests.train.specs import PAIR, TINY
from zoo.errors import TrainError
from zoo.explain.factors import correlations, factor_columns
from zoo.explain.names import input_names
from zoo.explain.resampling import blocks_of

RNG = np.random.default_rng(0)


def lines(a: np.ndarray, b: np.ndarray, length: int = 1, seed: int = 0) -> dict[str, float]:
    block = blocks_of(len(a), length)
    (line,) = correlations(
        {("x", "a", "last"): a}, {("y", "up", "truth"): b}, block, np.random.default_rng(seed)
    )
    return line


def test_both_correlations_are_those_of_pandas() -> None:
    a = RNG.normal(size=400).round(1)
    b = np.exp(a) + RNG.normal(size=400)
    found, frame = lines(a, b), pd.DataFrame({"a": a, "b": b})
    assert found["pearson"] == pytest.approx(frame.corr("pearson").iloc[0, 1])
    assert found["spearman"] == pytest.approx(frame.rank().corr("pearson").iloc[0, 1])
    assert found["n"] == 400


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    held = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        a = rng.normal(size=200)
        found = lines(a, 0.5 * a + np.sqrt(0.75) * rng.normal(size=200), seed=seed)
        held += found["pearson_low"] < 0.5 < found["pearson_high"]
    assert held >= 52


def test_an_interval_of_series_that_change_slowly_is_wider() -> None:
    walk, other = np.cumsum(RNG.normal(size=(2, 1000)), axis=1)
    alone, kept = lines(walk, other, 1), lines(walk, other, 100)
    width = {key: row["pearson_high"] - row["pearson_low"] for key, row in (("alone", alone), ("kept", kept))}
    assert width["kept"] > 2 * width["alone"]


def test_what_never_moves_has_no_correlation() -> None:
    found = lines(np.full(50, 0.1), RNG.normal(size=50))
    assert np.isnan([found["pearson"], found["spearman"], found["pearson_low"]]).all()


def test_last_and_mean_of_each_feature() -> None:
    x = RNG.normal(size=(5, 3, 2, 1)).astype("f4")
    found = factor_columns({"x": x}, {"x": input_names("x", (3, 2, 1), features=["mid", "spread"])})
    assert found["x", "spread", "last"] == pytest.approx(x[:, -1, 1, 0])
    assert found["x", "mid", "mean"] == pytest.approx(x[:, :, 0, 0].mean(axis=1), abs=1e-6)
    flat = factor_columns({"z": x[:, 0, :, 0]}, {"z": input_names("z", (2,))})
    assert [key[2] for key in flat] == ["last", "last"]


def test_a_book_with_each_class_and_the_truth() -> None:
    run = zoo.train(zoo.loads(TINY), verbose=0)
    frame = run.factors().frame
    assert len(frame) == 4 * 2 * 3 * 2
    assert list(frame["target"].unique()) == ["down", "stationary", "up"]
    part = run.prepared.test
    row = frame.query("feature == 'ask_size_1' and at == 'last' and target == 'up'").set_index("with")
    last = part.values[part.rows][:, 1]
    for against, column in (("output", run.predict()[:, 2]), ("truth", part.y["direction"] == 2)):
        assert row.loc[against, "pearson"] == pytest.approx(np.corrcoef(last, column)[0, 1], abs=1e-5)
    told = str(run.factors())
    assert "tiny: test part" in told and "blocks" in told and "direction up: Spearman" in told


def test_a_planted_feature_is_found_at_its_own_step_only() -> None:
    run = planted_run()
    x, y = planted_samples(300, seed=4)
    x[:, -1] = x[:, 4]  # the decisive step's numbers stand at the last one too
    frame = run.factors((x, y)).frame.query("at == 'last' and target == '1'")
    for against in ("output", "truth"):
        size = frame[frame["with"] == against].set_index("feature")["spearman"].abs()
        assert size.idxmax() == "x_3" and size["x_3"] > 0.6


def test_several_inputs_and_outputs() -> None:
    x = {"a": RNG.normal(size=(80, 4)).astype("f4"), "b": RNG.normal(size=(80, 2)).astype("f4")}
    y = {"zz": RNG.integers(0, 3, 80), "aa": x["b"][:, :1]}
    run = zoo.train(zoo.loads(PAIR), (x, y), epochs=1, verbose=0)
    frame = run.factors((x, y)).frame
    assert set(frame["output"]) == {"zz", "aa"} and set(frame["input"]) == {"a", "b"}
    truth = frame.query("output == 'aa' and `with` == 'truth' and feature == 'b_1'")
    assert truth["pearson"].iloc[0] == pytest.approx(1.0)


def test_words_have_no_correlation() -> None:
    text = """
spec: 1
name: words
inputs: {text: {shape: [4], dtype: int32}}
graph: {y: [text, Embedding: {input_dim: 9, output_dim: 2}, Flatten, Dense: {units: 1, activation: sigmoid}]}
outputs: {y: {loss: binary_crossentropy}}
training: {epochs: 1, seed: 1}
"""
    data = RNG.integers(0, 9, (60, 4)), RNG.integers(0, 2, 60)
    run = zoo.train(zoo.loads(text), data, verbose=0)
    with pytest.raises(TrainError, match="words have no correlation"):
        run.factors(data)
    assert len(run.importance(data, by="time", repeats=1).frame) == 4
