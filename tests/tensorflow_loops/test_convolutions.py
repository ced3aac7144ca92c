"""A convolution whose patches lie side by side is one product, with Keras's numbers and gradients."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers as L

from zoo.tensorflow_loops.convolutions import products

ROWS = 3
PRODUCTS = {
    "side by side": ((5, 8, 2), L.Conv2D(4, (1, 2), strides=(1, 2))),
    "all of an axis": ((5, 8, 2), L.Conv2D(4, (1, 8), activation="relu")),
    "without a bias": ((5, 12, 1), L.Conv2D(4, (1, 3), strides=(1, 3), use_bias=False)),
    "moved nowhere": ((5, 6, 1), L.Conv2D(4, (1, 6), strides=(1, 2))),
}
OTHERS = {
    "overlapping": ((5, 8, 2), L.Conv2D(4, (1, 2))),
    "along both axes": ((6, 8, 2), L.Conv2D(4, (2, 2), strides=2)),
    "padded": ((5, 8, 2), L.Conv2D(4, (1, 2), strides=(1, 2), padding="same")),
    "in groups": ((5, 8, 2), L.Conv2D(4, (1, 2), strides=(1, 2), groups=2)),
    "with a rest": ((5, 9, 2), L.Conv2D(4, (1, 2), strides=(1, 2))),
    "of any time": ((None, 8, 2), L.Conv2D(4, (1, 8))),
    "of any length": ((5, None, 2), L.Conv2D(4, (1, 3), strides=(1, 3))),
    "of one axis": ((12, 2), L.Conv1D(4, 3, strides=3)),
    "of one": ((5, 8, 2), L.Conv2D(4, (1, 1))),
}


def _traced(model: Any, x: np.ndarray) -> tuple[list[np.ndarray], set[str]]:
    """The output and the gradients, of the input too; and the operations that made them."""

    @tf.function(autograph=False)
    def step(x: Any) -> list[Any]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            found = model(x, training=True)
            loss = tf.reduce_sum(found**2)
        return [found, *tape.gradient(loss, [x, *(item.value for item in model.trainable_variables)])]

    traced = step.get_concrete_function(tf.TensorSpec((ROWS, *model.input_shape[1:]), tf.float32))
    return [item.numpy() for item in traced(tf.constant(x))], {
        item.type for item in traced.graph.get_operations()
    }


@pytest.mark.parametrize("case", [*PRODUCTS, *OTHERS])
def test_the_numbers_and_gradients_are_keras_s(case: str) -> None:
    shape, layer = (PRODUCTS | OTHERS)[case]
    inputs = keras.Input(shape)
    model = keras.Model(inputs, layer.from_config(layer.get_config())(inputs))
    for variable in model.trainable_variables:
        variable.assign(keras.random.normal(variable.shape, seed=3))
    x = np.random.default_rng(0).standard_normal((ROWS, *(size or 9 for size in shape))).astype(np.float32)
    own, before = _traced(model, x)
    with products(model):
        ours, after = _traced(model, x)
    assert "MatMul" not in before
    assert ("MatMul" in after) == (after != before) == (case in PRODUCTS)
    for one, two in zip(ours, own, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5 * max(1, np.abs(two).max()))
    assert not any("convolution_op" in vars(item) for item in model.layers)
