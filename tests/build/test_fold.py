"""TimeDistributed folded into the batch: the stock wrapper's numbers, in output and in gradient."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import zoo
from zoo.build.fold import folded

SPEC = """
spec: 1
name: folded
inputs: {{book: {{shape: [6, 5, 2]}}}}
graph:
  code: [book, TimeDistributed: {inner}]
  move: [code, Flatten, Dense: 3]
outputs: {{move: {{loss: mse}}}}
"""

INNER = {
    "LSTM": "{LSTM: 4}",
    "GRU with sequences": "{GRU: {units: 3, return_sequences: true}}",
    "Dense": "{Dense: {units: 4, activation: relu}}",
    "Conv1D": "{Conv1D: {filters: 3, kernel_size: 2}}",
    "Flatten": "Flatten",
    "Bidirectional": "{Bidirectional: {LSTM: 2}}",
}


def stock(inner: str) -> keras.Model:
    """The same model with Keras's own wrapper."""
    layers = {
        "LSTM": keras.layers.LSTM(4),
        "GRU with sequences": keras.layers.GRU(3, return_sequences=True),
        "Dense": keras.layers.Dense(4, activation="relu"),
        "Conv1D": keras.layers.Conv1D(3, 2),
        "Flatten": keras.layers.Flatten(),
        "Bidirectional": keras.layers.Bidirectional(keras.layers.LSTM(2)),
    }
    x = keras.Input((6, 5, 2))
    y = keras.layers.TimeDistributed(layers[inner])(x)
    return keras.Model(x, keras.layers.Dense(3)(keras.layers.Flatten()(y)))


def gradients(model: keras.Model, x: np.ndarray) -> list[np.ndarray]:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(model(x)))
    return [np.asarray(g) for g in tape.gradient(loss, model.trainable_weights)]


@pytest.mark.parametrize("inner", INNER)
def test_output_and_gradient_are_the_stock_wrappers(inner: str) -> None:
    keras.utils.set_random_seed(3)
    ours = zoo.build(zoo.loads(SPEC.format(inner=INNER[inner])))
    theirs = stock(inner)
    assert not any(isinstance(layer, keras.layers.TimeDistributed) for layer in ours.layers)
    theirs.set_weights(ours.get_weights())
    x = np.random.default_rng(0).normal(size=(7, 6, 5, 2)).astype("float32")
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-6)
    for mine, other in zip(gradients(ours, x), gradients(theirs, x), strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize(
    "inner",
    [
        "BatchNormalization",
        "{LSTM: {units: 3, activity_regularizer: {L2: 0.1}}}",
        "{SpectralNormalization: {Dense: 2}}",
    ],
)
def test_what_folding_would_change_keeps_the_stock_wrapper(inner: str) -> None:
    model = zoo.build(zoo.loads(SPEC.format(inner=inner)))
    assert any(isinstance(layer, keras.layers.TimeDistributed) for layer in model.layers)


def test_stateful_inner_layers_keep_the_stock_wrapper() -> None:
    x = keras.Input(batch_shape=(2, 3, 4, 5))
    assert folded(keras.layers.LSTM(2, stateful=True), x) is None


def test_an_unknown_number_of_steps_keeps_the_stock_wrapper() -> None:
    assert folded(keras.layers.LSTM(2), keras.Input((None, 4, 5))) is None


def test_a_mask_keeps_the_stock_wrapper() -> None:
    words = keras.Input((3,), dtype="int32")
    codes = keras.layers.Embedding(10, 4, mask_zero=True)(words)
    assert folded(keras.layers.Dense(2), codes) is None


def test_a_fixed_batch_stays_known() -> None:
    y = folded(keras.layers.Dense(2), keras.Input(batch_shape=(4, 3, 5)))
    assert y.shape == (4, 3, 2)


def test_a_shared_wrapper_has_one_set_of_weights() -> None:
    model = zoo.build(
        zoo.loads(
            "spec: 1\nname: twins\n"
            "inputs: {a: {shape: [3, 4, 1]}, b: {shape: [3, 4, 1]}}\n"
            "layers: {rows: {TimeDistributed: {LSTM: 2}}}\n"
            "graph:\n  x: [a, rows]\n  y: [b, rows]\n  both: [[x, y], Concatenate, Flatten, Dense: 1]\n"
            "outputs: {both: {loss: mse}}\n"
        )
    )
    assert len(model.trainable_weights) == 3 + 2


def test_an_output_that_is_folded_carries_its_name() -> None:
    text = SPEC.replace("  move: [code, Flatten, Dense: 3]\n", "").replace("{{move:", "{{code:")
    spec = zoo.loads(text.format(inner="{LSTM: 4}"))
    model = zoo.build(spec)
    assert model.output_names == ["code"]
    again = zoo.from_keras(model)
    assert list(again.outputs) == ["code"]
    assert zoo.build(again).count_params() == model.count_params()


def test_the_saved_model_needs_nothing_of_ours(tmp_path: Path) -> None:
    model = zoo.build(zoo.loads(SPEC.format(inner="{LSTM: 4}")))
    x = np.random.default_rng(1).normal(size=(2, 6, 5, 2)).astype("float32")
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", np.asarray(model(x)))
    script = (
        "import sys; sys.modules['zoo'] = None\n"  # importing zoo now fails
        "import keras, numpy as np\n"
        "model = keras.models.load_model('model.keras')\n"
        "np.testing.assert_allclose(model(np.load('x.npy')), np.load('y.npy'), atol=1e-6)\n"
        "model.fit(np.load('x.npy'), np.zeros((2, 3)), verbose=0)\n"
    )
    subprocess.run([sys.executable, "-I", "-c", script], cwd=tmp_path, check=True, timeout=300)


def test_an_output_may_be_folded() -> None:
    text = SPEC.replace("  move: [code, Flatten, Dense: 3]\n", "").replace("{{move:", "{{code:")
    model = zoo.build(zoo.loads(text.format(inner="{LSTM: 4}")))
    assert model.outputs[0].shape == (None, 6, 4) and [layer.name for layer in model.layers][-1] == "code"
    again = zoo.build(zoo.from_keras(model))
    again.set_weights(model.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 6, 5, 2)).astype("float32")
    np.testing.assert_allclose(again(x), model(x), atol=1e-6)
