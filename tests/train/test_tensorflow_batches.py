"""The dataset that a training on TensorFlow reads: the same batches, epoch after epoch, of known shapes."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from zoo.train import tensorflow_batches
from zoo.train.batches import Batches
from zoo.train.tensorflow_batches import dataset_of

EPOCHS = range(2, 5)


def _batches(count: int, size: int = 8, **options: Any) -> Batches:
    x = {
        "past": np.arange(3.0 * count, dtype=np.float32).reshape(count, 3),
        "other": np.arange(count)[:, None],
    }
    y = {"up": np.arange(count) % 2}
    weights = {"up": np.linspace(0, 1, count, dtype=np.float32)}
    return Batches(x, y, size, seed=3, weights=weights, **options)


@pytest.mark.parametrize("together", [1, 3, 16])
@pytest.mark.parametrize(
    ("count", "options"),
    [(40, {}), (43, {}), (43, {"drop_last": True}), (43, {"steps": 4}), (3, {}), (43, {"first_epoch": 7})],
    ids=str,
)
def test_batch_after_batch_of_each_epoch(
    count: int, options: dict[str, Any], together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensorflow_batches, "_BATCHES", together)
    batches = _batches(count, **options)
    wanted = [batches.at(epoch, place) for epoch in EPOCHS for place in range(len(batches))]
    found = list(dataset_of(batches, EPOCHS).as_numpy_iterator())
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        keras.tree.assert_same_structure(ours, theirs)
        for one, other in zip(keras.tree.flatten(ours), keras.tree.flatten(theirs), strict=True):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)


def test_the_size_of_a_batch_is_known_where_all_have_one() -> None:
    def sizes(count: int, **options: Any) -> set[int | None]:
        spec = dataset_of(_batches(count, **options), EPOCHS).element_spec
        return {item.shape[0] for item in keras.tree.flatten(spec)}

    assert sizes(40) == sizes(43, drop_last=True) == {8}
    assert sizes(43) == {None}


def test_large_samples_are_not_gathered_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    batches = Batches({"x": np.zeros((64, 2**17), np.float32)}, None, 2)
    at = Batches.at
    monkeypatch.setattr(Batches, "at", lambda self, epoch, i: asked.append(i) or at(self, epoch, i))
    piece = next(iter(dataset_of(batches, range(1))))
    assert piece[0].shape == (2, 2**17)
    # a megabyte each: four of them, those that wait, and those on their way
    assert len(asked) < 32


def test_what_a_source_raises_reaches_the_caller() -> None:
    class Broken:
        def __init__(self) -> None:
            self.values = np.zeros((40, 2), np.float32)

        def __len__(self) -> int:
            return 40

        def __getitem__(self, rows: np.ndarray) -> np.ndarray:
            if 30 in rows:
                raise OSError("the disk is gone")
            return self.values[rows]

    batches = Batches({"x": Broken()}, {"y": np.zeros(40)}, 8)
    with pytest.raises(Exception, match="the disk is gone"):
        list(dataset_of(batches, EPOCHS))
