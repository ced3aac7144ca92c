"""Bilinear layers, bags of features, attention and convolution, against NumPy written from the equations."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tests.layers.test_equations import RNG, X, close, made
from zoo.layers import registered


def softmax(x: np.ndarray, axis: int) -> np.ndarray:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def test_tabl() -> None:
    layer, w = made("TABL", X, units=3, steps=2, activation="relu")
    for n in range(3):
        book = X[n].T  # features in rows, time in columns, as the paper has it
        mixed = w["feature_kernel"].T @ book
        temporal = w["attention_kernel"].copy()
        np.fill_diagonal(temporal, 1 / 7)
        attention = softmax(mixed @ temporal, 1)
        mixed = w["mix"] * mixed + (1 - w["mix"]) * mixed * attention
        expected = np.maximum(mixed @ w["time_kernel"] + w["bias"].T, 0)
        close(layer(X)[n], expected.T)


def test_tabl_starts_at_the_mean_and_keeps_lambda_between_0_and_1() -> None:
    layer = registered("layers", "TABL")(units=3, steps=1)
    layer.build(X.shape)
    assert float(layer.mix) == 0.5
    assert float(layer.mix.constraint(keras.ops.convert_to_tensor(1.5))) == 1.0
    close(layer.attention_kernel, np.full((7, 7), 1 / 7))


def test_bilinear_layers_are_two_einsum_dense() -> None:
    features = keras.layers.EinsumDense("btd,de->bte", output_shape=(7, 3))
    steps = keras.layers.EinsumDense("bte,ts->bse", output_shape=(2, 3), bias_axes="se", activation="relu")
    found = steps(features(X))
    first, second, bias = (np.asarray(item) for item in (features.kernel, steps.kernel, steps.bias))
    for n in range(3):
        close(found[n], np.maximum(first.T @ X[n].T @ second + bias.T, 0).T)
    assert features.count_params() + steps.count_params() == 4 * 3 + 7 * 2 + 2 * 3


@pytest.mark.parametrize("pool_size", [None, 3])
def test_log_bof(pool_size: int | None) -> None:
    layer, w = made("LogBoF", X, units=5, pool_size=pool_size)
    found = keras.ops.convert_to_numpy(layer(X))
    for n in range(3):
        rows = []
        for t in range(7):
            near = (np.tanh(w["slope"] * (X[n, t] @ w["codebook"] + w["bias"]) + w["offset"]) + 1) / 2
            rows.append(w["membership"] * near / near.sum())
        if pool_size is None:
            close(found[n], np.sum(rows, 0))
        else:
            close(found[n], [w["pooling"] * np.mean(rows[start : start + 3], 0) for start in (0, 3)])


def test_log_bof_starts_with_one_membership_a_codeword_and_step() -> None:
    layer = registered("layers", "LogBoF")(units=5, pool_size=3)
    found = keras.ops.convert_to_numpy(layer(X))
    np.testing.assert_allclose(found.sum(-1), 15, rtol=1e-5)
    assert found.shape == (3, 2, 5)


def test_log_bof_counts_no_masked_steps() -> None:
    mask = np.ones((3, 7), bool)
    mask[:, 2] = mask[:, 5:] = False
    layer, w = made("LogBoF", X, units=5)
    close(layer(X, mask=mask), layer(X[:, [0, 1, 3, 4]]))
    layer, w = made("LogBoF", X, units=5, pool_size=3)
    found = keras.ops.convert_to_numpy(layer(X, mask=mask))
    close(found.sum(-1), np.full((3, 2), w["pooling"] * w["membership"]))
    assert layer.compute_mask(X, mask) is None


def test_temporal_nbof() -> None:
    layer, w = made("TemporalNBoF", X, units=5)
    close(layer(X), (np.tanh(w["slope"] * (X @ w["codebook"]) + w["offset"]) + 1) / 2)


@pytest.mark.parametrize("axis", [1, 2])
def test_two_d_attention(axis: int) -> None:
    layer, w = made("TwoDAttention", X, axis=axis)
    size = X.shape[axis]
    weights = w["kernel"] * (1 - np.eye(size)) + np.eye(size) / size
    for n in range(3):
        # the axis attended over lies in columns
        table = X[n].T if axis == 1 else X[n]
        table = w["mix"] * table + (1 - w["mix"]) * table * softmax(table @ weights, 1)
        close(layer(X)[n], table.T if axis == 1 else table)


def test_two_d_attention_gives_masked_steps_nothing() -> None:
    layer, w = made("TwoDAttention", X)
    mask = np.ones((3, 7), bool)
    mask[:, 4] = False
    attended = (keras.ops.convert_to_numpy(layer(X, mask=mask)) - w["mix"] * X) / ((1 - w["mix"]) * X)
    np.testing.assert_allclose(attended[:, 4], 0, atol=1e-5)
    np.testing.assert_allclose(attended.sum(1), 1, rtol=1e-3)


def batch_norm(x: np.ndarray, w: dict[str, np.ndarray], name: str, axis: int) -> np.ndarray:
    """At prediction, over the channels of one axis."""
    shape = [1] * x.ndim
    shape[axis] = -1
    gamma, beta, mean, variance = (
        w[f"{name}/{part}"].reshape(shape) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


def axial(line: np.ndarray, w: dict[str, np.ndarray], heads: int, filters: int) -> np.ndarray:
    """Gated attention along one line, (position, channel) → (position, filters)."""
    size, values = len(line), filters // heads
    half = values // 2
    qkv = batch_norm(batch_norm(line @ w["projection"], w, "first_norm", 1), w, "second_norm", 1)
    at = lambda i, j: w["relative"][i - j + size - 1]  # noqa: E731
    scores = np.zeros((3 * heads, size, size))
    parts = qkv.reshape(size, heads, 2 * values)
    query, key, value = parts[..., :half], parts[..., half : 2 * half], parts[..., 2 * half :]
    for h in range(heads):
        for i in range(size):
            for j in range(size):
                scores[h, i, j] = query[i, h] @ key[j, h]
                scores[heads + h, i, j] = w["query_gate"] * query[i, h] @ at(i, j)[:half]
                scores[2 * heads + h, i, j] = w["key_gate"] * key[j, h] @ at(j, i)[half : 2 * half]
    scores = batch_norm(scores, w, "similarity_norm", 0)
    found = np.zeros((size, 2 * filters))
    for h in range(heads):
        attention = softmax(scores[h] + scores[heads + h] + scores[2 * heads + h], 1)
        for i in range(size):
            content = w["value_gate"] * sum(attention[i, j] * value[j, h] for j in range(size))
            position = w["position_gate"] * sum(attention[i, j] * at(i, j)[2 * half :] for j in range(size))
            found[i, h * values : (h + 1) * values] = content
            found[i, filters + h * values : filters + (h + 1) * values] = position
    found = batch_norm(found, w, "output_norm", 1)
    return found[:, :filters] + found[:, filters:]


@pytest.mark.parametrize("axis", [1, 2])
def test_gated_axial_attention(axis: int) -> None:
    x = RNG.normal(size=(2, 5, 4, 3)).astype("float32")
    layer, w = made("GatedAxialAttention", x, num_heads=2, filters=8, axis=axis)
    found = keras.ops.convert_to_numpy(layer(x))
    for n in range(2):
        for line in range(x.shape[3 - axis]):
            here: Any = (n, slice(None), line) if axis == 1 else (n, line)
            close(found[here], axial(x[here], w, 2, 8), 1e-4)


def test_gated_axial_attention_has_the_gates_and_weights_of_axial_lob() -> None:
    layer = registered("layers", "GatedAxialAttention")(num_heads=4, filters=32)
    layer.build((None, 40, 40, 32))
    assert sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights) == 3_724
    gates = [
        float(gate) for gate in (layer.query_gate, layer.key_gate, layer.position_gate, layer.value_gate)
    ]
    np.testing.assert_allclose(gates, [0.1, 0.1, 0.1, 0.5], rtol=1e-6)


@pytest.mark.parametrize(
    ("padding", "strides", "dilation"), [("causal", 1, 2), ("valid", 1, 1), ("valid", 2, 1), ("causal", 2, 1)]
)
def test_weight_norm_convolution(padding: str, strides: int, dilation: int) -> None:
    args = {"filters": 5, "kernel_size": 3, "padding": padding, "strides": strides, "dilation_rate": dilation}
    layer, w = made("WeightNormConv1D", X, **args)
    length = np.sqrt((w["direction"] ** 2).sum((0, 1)))
    kernel = w["length"] * w["direction"] / length
    padded = np.pad(X, [(0, 0), (2 * dilation if padding == "causal" else 0, 0), (0, 0)])
    starts = range(0, padded.shape[1] - 2 * dilation, strides)
    expected = np.stack(
        [sum(padded[:, start + k * dilation] @ kernel[k] for k in range(3)) + w["bias"] for start in starts],
        1,
    )
    close(layer(X), expected)


def test_weight_norm_convolution_starts_as_a_plain_one() -> None:
    layer = registered("layers", "WeightNormConv1D")(filters=5, kernel_size=3, padding="same")
    plain = keras.layers.Conv1D(5, 3, padding="same")
    layer.build(X.shape)
    plain.build(X.shape)
    plain.kernel.assign(layer.direction)
    close(layer(X), plain(X))
