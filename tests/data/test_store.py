"""Books on disk: the same book, never all in memory; and the same model from it."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zoo
from tests.data.books import random_book, recipe
from zoo.data import prepare
from zoo.data.orderbook import Book, read
from zoo.data.orderbook.book import FIELDS
from zoo.data.part import WindowInput
from zoo.errors import DataError

pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which is not installed")
SHAPES: dict[str, Any] = {"input_shapes": {"book": (6, 8)}, "outputs": {"move": 3}}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoo.data.orderbook.reader._PIECE", 70)


def is_mapped(values: Any) -> bool:
    return isinstance(values.base, np.memmap)


def same(stored: Book, plain: Book) -> None:
    assert all(is_mapped(getattr(stored, name)) for name in ("time", *FIELDS, "session", "symbol"))
    assert stored.fingerprint() == plain.fingerprint()
    for name in ("name", "counts", "timed", "sessions", "symbols"):
        assert getattr(stored, name) == getattr(plain, name), name
    assert list(stored.columns) == list(plain.columns)
    for name, values in plain.columns.items():
        np.testing.assert_array_equal(stored.columns[name], values)


def parquet(folder: Path, book: Book, name: str = "book.parquet", **columns: Any) -> Path:
    file = folder / name
    book.to_frame().assign(**columns).to_parquet(file)
    return file


CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "two levels": {"levels": 2},
    "a further column": {"columns": ["fair"]},
    "edges and repeats": {"clean": {"rows": "drop", "opening": 0.05, "closing": 0.1}},
    "one symbol": {"symbol": "S1"},
}


@pytest.mark.parametrize("case", CASES)
def test_the_stored_book_is_the_book(tmp_path: Path, case: str) -> None:
    # Symbols alternate: each one's rows must be brought together over all pieces.
    book = random_book(300, symbol=[0, 1] * 150)
    book = replace(book, time=np.repeat(book.time[::2], 2))
    file = parquet(tmp_path, book, fair=np.arange(300.0))
    plain = read(file, **CASES[case])
    same(read(file, **CASES[case], store=tmp_path / "kept"), plain)


def test_pieces_name_the_row_of_the_file(tmp_path: Path) -> None:
    frame = random_book(300).to_frame()
    frame.loc[140, "time_ns"] = frame.loc[139, "time_ns"] - 1
    frame.loc[200, "ask_size_1"] = -1
    frame.to_parquet(tmp_path / "book.parquet")
    with pytest.raises(DataError, match=r"row 141: time goes backwards: `time_ns` \d+ after \d+"):
        read(tmp_path / "book.parquet", store=tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
    plain = read(tmp_path / "book.parquet", clean="drop")
    assert plain.counts == {"rows": 300, "dropped_time": 1, "dropped_negative_size": 1}
    same(read(tmp_path / "book.parquet", clean="drop", store=tmp_path / "kept"), plain)


def test_it_is_made_once_and_again_when_the_file_or_the_reading_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    file = parquet(tmp_path, random_book(200))
    first = read(file, store=kept)
    read(file, store=kept, levels=1)
    assert len(list(kept.iterdir())) == 2
    parquet(tmp_path, random_book(100, seed=1))
    assert len(read(file, store=kept)) == 100 and len(list(kept.iterdir())) == 3
    assert len(first) == 200
    monkeypatch.setattr("zoo.data.orderbook.store._write", lambda *books: pytest.fail("written again"))
    assert len(read(file, store=kept)) == 100


def test_several_files_of_any_kind(tmp_path: Path) -> None:
    for day in (1, 2):
        book = random_book(90, seed=day)
        moved = replace(book, time=book.time + day * 10**15)
        moved.to_frame().to_csv(tmp_path / f"day{day}.csv", index=False)
    same(read(tmp_path / "day*.csv", store=tmp_path / "kept"), read(tmp_path / "day*.csv"))


def test_features_are_mapped_and_windows_are_the_same(tmp_path: Path) -> None:
    file = parquet(tmp_path, random_book(300, session=[0] * 150 + [1] * 150))
    plain = prepare(recipe(), file, **SHAPES)
    stored = prepare(recipe(store=str(tmp_path / "kept")), file, **SHAPES)
    assert stored.about == plain.about and stored.fingerprint == plain.fingerprint
    assert stored.pipeline.fitted() == plain.pipeline.fitted()
    for mine, other in ((stored.train, plain.train), (stored.val, plain.val), (stored.test, plain.test)):
        assert is_mapped(mine.values) and isinstance(mine.last, WindowInput)
        np.testing.assert_array_equal(mine.x["book"][:], other.x["book"][:])
        np.testing.assert_array_equal(mine.last, other.last)
        np.testing.assert_array_equal(mine.y["move"], other.y["move"])
        np.testing.assert_array_equal(mine.persistence, other.persistence)
    part, again = (made.pipeline.transform(file) for made in (stored, plain))
    assert is_mapped(part.values)
    np.testing.assert_array_equal(part.x["book"][:], again.x["book"][:])


def test_a_book_given_in_code_is_stored_too(tmp_path: Path) -> None:
    stored = prepare(recipe(store=str(tmp_path / "kept")), random_book(200), **SHAPES)
    assert is_mapped(stored.train.values) and stored.fingerprint == random_book(200).fingerprint()


def test_another_process_maps_the_same_files(tmp_path: Path) -> None:
    stored = read(parquet(tmp_path, random_book(200)), store=tmp_path / "kept")
    sent = pickle.dumps(stored)
    assert len(sent) < 1_000
    same(pickle.loads(sent), replace(stored, folder=None))
    plain = random_book(5)
    assert pickle.loads(pickle.dumps(plain)).fingerprint() == plain.fingerprint()


def test_mistakes(tmp_path: Path) -> None:
    file = parquet(tmp_path, random_book(200))
    with pytest.raises(DataError, match="`data.store` is a folder; received 5") as caught:
        prepare(recipe(store=5), file, **SHAPES)
    assert caught.value.code == "data.recipe"
    with pytest.raises(DataError, match="cannot keep data in") as caught:
        read(file, store=file / "kept")
    assert caught.value.code == "data.store" and caught.value.help
    with pytest.raises(DataError, match="has no symbol `X`"):
        read(file, store=tmp_path / "kept", symbol="X")
    read(file, store=tmp_path / "kept")
    place = next((tmp_path / "kept").iterdir())
    (place / "ask_price").unlink()
    with pytest.raises(DataError, match="is damaged") as caught:
        read(file, store=tmp_path / "kept")
    assert caught.value.code == "data.store" and "delete that folder" in caught.value.help


def test_training_from_disk_gives_the_same_model(tmp_path: Path) -> None:
    text = """
spec: 1
name: stored
inputs: {book: {shape: [6, 8]}}
graph: {move: [book, Flatten, Dense: {units: 3, activation: softmax}]}
outputs: {move: {loss: sparse_categorical_crossentropy}}
data:
  kind: orderbook
  STORE
  features: {levels: 2, prices: relative_bps, sizes: log}
  window: {length: 6}
  label: {horizon: 4}
training: {epochs: 1, batch_size: 32, seed: 1}
"""
    file = parquet(tmp_path, random_book(400))
    plain = zoo.train(zoo.loads(text.replace("STORE", "clean: error")), file, verbose=0)
    stored = zoo.train(zoo.loads(text.replace("STORE", f"store: '{tmp_path / 'kept'}'")), file, verbose=0)
    assert stored.history == plain.history
    assert str(stored.evaluate()) == str(plain.evaluate())
