"""Compiled loops are Keras's own in numbers, there and back, however a layer is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from zoo.tensorflow_loops import loops as compiled
from zoo.tensorflow_loops.compiled_loop import CompiledLoop
from zoo.tensorflow_loops.layers import compiled_loops, loops_of, recurrent_layers
from zoo.tensorflow_loops.loops import blocks_for

L = keras.layers
ROWS, TIME, FEATURES = 7, 5, 4


def _plain(cell: type, **options: Any) -> Callable[[Any], Any]:
    return lambda x: cell(4, **options)(x)


def _with_state(cell: type) -> Callable[[Any], Any]:
    def made(x: Any) -> Any:
        first, *states = cell(4, return_sequences=True, return_state=True)(x)
        return L.Concatenate()([cell(4)(first, initial_state=states), *states])

    return made


def _under_time(cell: type) -> Callable[[Any], Any]:
    def made(x: Any) -> Any:
        rows = keras.ops.reshape(x, (-1, FEATURES, 1))
        return cell(2)(keras.ops.reshape(cell(4)(rows), (-1, TIME, 4)))

    return made


def _after_dense(cell: type) -> Callable[[Any], Any]:
    return lambda x: L.Bidirectional(cell(4, return_sequences=True))(L.Dense(2)(x))


def _shared(cell: type) -> Callable[[Any], Any]:
    def made(x: Any) -> Any:
        layer = cell(FEATURES, return_sequences=True)
        return layer(layer(x))

    return made


WAYS_OF_USE = {
    "plain": _plain,
    "sequences": lambda cell: _plain(cell, return_sequences=True),
    "backwards": lambda cell: _plain(cell, go_backwards=True, return_sequences=True),
    "no bias": lambda cell: _plain(cell, use_bias=False),
    "dropout": lambda cell: _plain(cell, dropout=0.5),
    "states": _with_state,
    "under time": _under_time,
    "after dense": _after_dense,
    "shared": _shared,
}


def _gradients(model: Any, x: np.ndarray, y: np.ndarray, training: bool) -> list[np.ndarray]:
    @tf.function(autograph=False)
    def step() -> list[Any]:
        with tf.GradientTape() as tape:
            found = model(x, training=training)
            loss = tf.reduce_mean((found - y) ** 2)
        return [found, *tape.gradient(loss, [item.value for item in model.trainable_variables])]

    return [item.numpy() for item in step()]


@pytest.mark.parametrize(
    ("use", "blocks"), [(use, 3) for use in WAYS_OF_USE] + [("plain", 1)], ids=lambda value: str(value)
)
@pytest.mark.parametrize("wide", [1, 48])
@pytest.mark.parametrize("cell", [L.LSTM, L.GRU])
def test_a_compiled_loop_is_keras_s_own(
    cell: type, wide: int, use: str, blocks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_WIDE", wide)
    keras.utils.set_random_seed(1)
    inputs = keras.Input((TIME, FEATURES))
    model = keras.Model(inputs, WAYS_OF_USE[use](cell)(inputs))
    for variable in model.trainable_variables:
        variable.assign(keras.random.normal(variable.shape, seed=3) * 0.5)
    x = np.random.default_rng(0).standard_normal((ROWS, TIME, FEATURES)).astype(np.float32)
    y = np.random.default_rng(1).standard_normal((ROWS, *model.output_shape[1:])).astype(np.float32)
    seeds = [item for item in model.variables if "seed" in item.path]
    start = [np.array(item) for item in seeds]
    own = _gradients(model, x, y, training=True)
    for item, value in zip(seeds, start, strict=True):
        item.assign(value)
    loops = loops_of(model, ROWS)
    assert len(loops) == len(recurrent_layers(model)) >= 1
    loops = {name: CompiledLoop(blocks, how.input_gradient) for name, how in loops.items()}
    for item, value in zip(seeds, start, strict=True):
        item.assign(value)
    with compiled_loops(model, loops):
        ours = _gradients(model, x, y, training=True)
        inferred = model(x, training=False).numpy()
    for one, two in zip(ours, own, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5 * max(1, np.abs(two).max()))
    np.testing.assert_allclose(inferred, model(x, training=False).numpy(), atol=1e-5)
    assert not any("inner_loop" in vars(layer) for layer in recurrent_layers(model).values())


def test_a_state_is_carried_from_batch_to_batch() -> None:
    keras.utils.set_random_seed(2)
    inputs = keras.Input(batch_shape=(ROWS, TIME, FEATURES))
    model = keras.Model(inputs, L.LSTM(4, stateful=True)(inputs))
    x = np.random.default_rng(0).standard_normal((2, ROWS, TIME, FEATURES)).astype(np.float32)
    own = [model(part, training=True).numpy() for part in x]
    model.layers[1].reset_state()
    with compiled_loops(model, loops_of(model, ROWS)):
        ours = [model(part, training=True).numpy() for part in x]
    np.testing.assert_allclose(ours, own, atol=1e-6)
    assert np.abs(own[1] - own[0]).max() > 0.01


@pytest.mark.parametrize(
    "layer",
    [
        L.LSTM(4, activation="relu"),
        L.LSTM(4, recurrent_activation="hard_sigmoid"),
        L.LSTM(4, recurrent_dropout=0.5),
        L.LSTM(4, unroll=True),
        L.LSTM(4, dtype="float64"),
        L.GRU(4, reset_after=False),
        L.SimpleRNN(4),
    ],
    ids=str,
)
def test_what_is_not_compiled_keeps_keras_s_loop(layer: Any) -> None:
    inputs = keras.Input((TIME, FEATURES))
    assert not loops_of(keras.Model(inputs, layer(inputs)), ROWS)


def test_a_mask_keeps_keras_s_loop() -> None:
    inputs = keras.Input((TIME, FEATURES))
    model = keras.Model(inputs, L.LSTM(4)(L.Masking()(inputs)))
    assert not loops_of(model, ROWS)
    x = np.ones((ROWS, TIME, FEATURES), np.float32)
    x[:, 3:] = 0
    own = model(x).numpy()
    with compiled_loops(model, {name: CompiledLoop(1, True) for name in recurrent_layers(model)}):
        np.testing.assert_array_equal(model(x).numpy(), own)


def test_a_length_that_is_not_known_keeps_keras_s_loop() -> None:
    inputs = keras.Input((None, FEATURES))
    assert not loops_of(keras.Model(inputs, L.LSTM(4)(inputs)), ROWS)


def test_an_input_that_learns_nothing_needs_no_gradient() -> None:
    inputs = keras.Input((TIME, FEATURES))
    model = keras.Model(inputs, L.LSTM(4)(L.LSTM(4, return_sequences=True)(inputs)))
    assert [how.input_gradient for how in loops_of(model, ROWS).values()] == [False, True]


def test_a_layer_that_is_unfrozen_learns_again() -> None:
    keras.utils.set_random_seed(4)
    inputs = keras.Input((TIME, FEATURES))
    first = L.Dense(FEATURES, trainable=False)
    model = keras.Model(inputs, L.LSTM(4)(first(inputs)))
    loops = loops_of(model, ROWS)
    assert [how.input_gradient for how in loops.values()] == [False]
    first.trainable = True
    x = np.random.default_rng(0).standard_normal((ROWS, TIME, FEATURES)).astype(np.float32)
    y = np.ones((ROWS, 4), np.float32)
    own = _gradients(model, x, y, training=True)
    with compiled_loops(model, loops):
        ours = _gradients(model, x, y, training=True)
    for one, two in zip(ours, own, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5)
    assert np.abs(own[1]).max() > 1e-4


def test_blocks_have_rows_enough() -> None:
    assert blocks_for(1, 128) == 1
    assert blocks_for(64, 128) == 2
    assert blocks_for(6_400, 128) == 12
    assert blocks_for(10**7, 128) == 32


@pytest.mark.parametrize("cell", [L.LSTM, L.GRU])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 30.0, 1e8])
def test_a_prediction_is_keras_s_own_for_small_and_large_numbers(cell: type, scale: float) -> None:
    keras.utils.set_random_seed(5)
    inputs = keras.Input((TIME, FEATURES))
    model = keras.Model(inputs, cell(4)(inputs))
    x = scale * np.random.default_rng(0).standard_normal((ROWS, TIME, FEATURES)).astype(np.float32)
    own = model(x, training=False).numpy()
    with compiled_loops(model, loops_of(model, ROWS)):
        ours = model(x, training=False).numpy()
    np.testing.assert_allclose(ours, own, atol=1e-6 * np.abs(own).max())


@pytest.mark.parametrize("cell", [L.LSTM, L.GRU])
def test_a_number_that_is_none_stays_none(cell: type) -> None:
    inputs = keras.Input((TIME, FEATURES))
    model = keras.Model(inputs, cell(4)(inputs))
    x = np.ones((2, TIME, FEATURES), np.float32)
    x[0, 2, 1] = np.nan
    with compiled_loops(model, loops_of(model, 2)):
        found = model(x, training=False).numpy()
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
