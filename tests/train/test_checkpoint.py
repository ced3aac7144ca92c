"""The state of a training in a file: what goes in comes out, and a model goes on as if nothing had been."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tests.train.models import samples, two_heads
from zoo.errors import BundleError
from zoo.train.batches import Batches
from zoo.train.engine import run_fit
from zoo.train.runs import plain, state
from zoo.train.runs.checkpoint import load_state, read_state, save_state

VALUES: list[Any] = [
    None,
    True,
    3,
    0.1 + 0.2,
    "ünïcode\n",
    [1, [2.5, None]],
    (1, (2,)),
    {"a": {1: "one", (1, 2): []}},
]


def _go(model: keras.Model, epochs: int, first: int = 0) -> list[np.ndarray]:
    run_fit(model, Batches(*samples(40), 16, seed=1), epochs=epochs, initial_epoch=first)
    return model.get_weights()


def test_plain_values_come_back_as_they_were() -> None:
    again = plain.decode(plain.encode(VALUES, {}), "it")
    assert again == VALUES
    assert type(again[6]) is tuple
    found = plain.decode(plain.encode([math.nan, -math.inf], {}), "it")
    assert math.isnan(found[0]) and found[1] == -math.inf


def test_arrays_come_back_with_dtype_and_shape_and_are_kept_once() -> None:
    arrays = [np.arange(6, dtype=np.int8).reshape(2, 3).T, np.array(2.5), np.zeros((0, 3), np.float16)]
    for array, again in zip(arrays, plain.decode(plain.encode(arrays, {}), "it"), strict=True):
        assert (again.dtype, again.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(again, array)
    scalar = plain.decode(plain.encode(np.float32(0.1), {}), "it")
    assert type(scalar) is np.float32 and scalar == np.float32(0.1)
    big = np.random.default_rng(0).normal(size=10_000)
    assert len(plain.encode([big, big.copy()], {})) < len(plain.encode([big, big + 1], {})) - 79_000
    one, two = plain.decode(plain.encode([big, big.copy()], {}), "it")
    one[0] = 7
    assert two[0] == big[0]


def test_what_could_run_is_not_kept() -> None:
    circle: list[Any] = []
    circle.append(circle)
    for value in (len, object(), {"a": {1, 2}}, np.array(["text"]), circle):
        assert not plain.is_plain(value)
    with pytest.raises(TypeError, match="set is no plain value"):
        plain.encode({1}, {})


def test_a_model_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    unbroken = _go(two_heads(), 4)
    model = two_heads()
    _go(model, 2)
    save_state(tmp_path / "state", model, {"epoch": 2})
    # Neither the weights nor the seeds of another model are those of the first.
    other = two_heads(seed=99)
    assert load_state(tmp_path / "state", other) == {"epoch": 2}
    for one, two in zip(_go(other, 4, first=2), unbroken, strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_state_in_memory_does_not_change_with_the_model() -> None:
    model = two_heads()
    kept = state.capture(model)
    first = _go(model, 1)
    state.restore(model, kept)
    for one, two in zip(_go(model, 1), first, strict=True):
        np.testing.assert_array_equal(one, two)


def test_states_of_stateful_layers_and_random_generators(tmp_path: Path) -> None:
    def stateful() -> keras.Model:
        inputs = keras.Input((3, 2), batch_size=4)
        model = keras.Model(inputs, keras.layers.LSTM(2, stateful=True)(inputs))
        model.compile("adam", "mse")
        return model

    model, x = stateful(), np.ones((4, 3, 2), np.float32)
    model(x)
    save_state(tmp_path / "state", model)
    wanted = np.asarray(model(x)), random.random(), np.random.rand()
    other = stateful()
    load_state(tmp_path / "state", other)
    np.testing.assert_array_equal(np.asarray(other(x)), wanted[0])
    assert (random.random(), np.random.rand()) == wanted[1:]


def test_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    path, model = tmp_path / "state", two_heads()
    with pytest.raises(BundleError, match="cannot read the checkpoint"):
        read_state(path)
    save_state(path, model)
    blob = path.read_bytes()
    path.write_bytes(blob[:-100])
    with pytest.raises(BundleError, match="the checkpoint `.*` is cut short"):
        load_state(path, model)
    path.write_bytes(blob)
    small = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    small.compile("adam", "mse")
    before = small.get_weights()
    with pytest.raises(BundleError, match="arrays for the model, which has 2") as caught:
        load_state(path, small)
    assert caught.value.code == "state.unfit"
    save_state(path, small)
    wide = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    wide.compile("adam", "mse")
    with pytest.raises(BundleError, match=r"is float32 of shape \(3, 2\)"):
        load_state(path, wide)
    np.testing.assert_array_equal(small.get_weights()[0], before[0])
