"""``Trained.predict_file``: which engine computes it, some windows after another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.serve.specs import HIERARCHY, STATEFUL
from zoo.data import orderbook
from zoo.data.orderbook import Book
from zoo.errors import BuildError
from zoo.train import prediction_file
from zoo.train.trained import Trained


@pytest.fixture(scope="module")
def run() -> Trained:
    return zoo.train(zoo.loads(HIERARCHY))


@pytest.fixture(scope="module")
def book() -> Book:
    return orderbook.simulate(snapshots=700, levels=2, seed=5, sessions=2)


def of_keras(run: Trained, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that gets the number of windows of each call of Keras's prediction."""
    calls: list[int] = []
    computed = type(run).raw_outputs

    def counted(self: Trained, x: Any, part: Any = None) -> Any:
        calls.append(len(next(iter(x.values()))))
        return computed(self, x, part)

    monkeypatch.setattr(type(run), "raw_outputs", counted)
    return calls


def test_many_windows_are_predicted_by_the_compiled_model_with_the_same_numbers(
    run: Trained, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file, wanted = tmp_path / "found.csv", run.predict_frame(book)
    calls = of_keras(run, monkeypatch)
    assert run.predict_file(file, book) == len(wanted) == sum(calls)
    assert calls == [len(wanted)]  # so few that compiling would not pay
    monkeypatch.setattr(prediction_file, "_MANY", 200)
    monkeypatch.setattr(prediction_file, "_PIECE", 100)
    assert run.predict_file(file, book) == len(wanted)
    assert calls == [len(wanted)]
    pd.testing.assert_frame_equal(pd.read_csv(file), wanted, check_dtype=False, atol=1e-5, rtol=0)


@pytest.mark.parametrize("engine", ["keras", "xla"])
def test_an_engine_that_is_asked_for_computes_however_many_windows_there_are(
    run: Trained, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
):
    file, wanted = tmp_path / "found.csv", run.predict_frame(book)
    monkeypatch.setattr(prediction_file, "_MANY", 200)
    calls = of_keras(run, monkeypatch)
    assert run.predict_file(file, book, engine=engine) == len(wanted)
    assert calls == ([len(wanted)] if engine == "keras" else [])
    pd.testing.assert_frame_equal(pd.read_csv(file), wanted, check_dtype=False, atol=1e-5, rtol=0)


def test_an_engine_that_cannot_be_had_is_told_before_the_data_are_read(run: Trained, tmp_path: Path):
    with pytest.raises(BuildError, match="no engine `onxruntime`") as caught:
        run.predict_file(tmp_path / "found.csv", tmp_path / "absent.csv", engine="onxruntime")
    assert caught.value.code == "serve.engine"


def test_a_model_that_carries_a_state_stays_with_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prediction_file, "_MANY", 2)
    rng = np.random.default_rng(0)
    data = (rng.normal(size=(40, 6, 4)).astype(np.float32), rng.normal(size=(40, 1)).astype(np.float32))
    run = zoo.train(zoo.loads(STATEFUL), data, epochs=0, seed=1)
    assert run.predict_file(tmp_path / "found.csv", data[0]) == 40
    found = pd.read_csv(tmp_path / "found.csv")["value"]
    np.testing.assert_allclose(found, run.predict(data[0])[:, 0], atol=1e-7)
    with pytest.raises(BuildError) as caught:
        run.predict_file(tmp_path / "found.csv", data[0], engine="xla")
    assert caught.value.code == "serve.stateful"


def test_rows_at_the_border_of_a_piece_alone_are_encoded_twice(
    run: Trained, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from zoo.serve.dense import Dense

    codes = Dense._codes
    encoded: list[int] = []

    def counted(self: Dense, items: Any, rows: np.ndarray) -> Any:
        encoded.append(len(rows))
        return codes(self, items, rows)

    monkeypatch.setattr(Dense, "_codes", counted)
    monkeypatch.setattr(Dense, "pays", Dense.fits)
    monkeypatch.setattr(prediction_file, "_PIECE", 100)
    lines = run.predict_file(tmp_path / "found.csv", book, engine="xla")
    length = run.model.inputs[0].shape[1]
    assert len(encoded) == -(-lines // 100)
    assert sum(encoded) <= len(book) + (len(encoded) - 1) * (length - 1)


def frame_of(snapshots: int, seed: int) -> pd.DataFrame:
    return orderbook.simulate(snapshots=snapshots, levels=2, seed=seed, sessions=1).to_frame()


@pytest.mark.parametrize("recipe", ["clean: drop", "sample: {by: event, every: 2}", "clean: error"])
def test_rows_are_those_of_the_file_whatever_was_left_out_or_brought_together(
    run: Trained, recipe: str, tmp_path: Path
):
    run = zoo.train(zoo.loads(HIERARCHY.replace("data:", f"data:\n  {recipe}", 1)), epochs=0)
    two = [frame_of(60, 1).assign(symbol="b"), frame_of(60, 2).assign(symbol="a")]
    mixed = pd.concat(two).sort_values("time_ns", kind="stable").reset_index(drop=True)
    if "drop" in recipe:
        mixed.loc[[8, 9, 70], "ask_price_1"] = np.nan
    mixed.head(80).to_csv(tmp_path / "part1.csv", index=False)
    mixed.tail(40).to_csv(tmp_path / "part2.csv", index=False)
    for data in (mixed, [tmp_path / "part1.csv", tmp_path / "part2.csv"]):
        part = run.pipeline.transform(data)
        found = mixed.iloc[run.predict_frame(data)["row"] - 1]
        np.testing.assert_array_equal(found["time_ns"], part.time)
        assert len(found) > 20 and set(found["symbol"]) == {"a", "b"}
