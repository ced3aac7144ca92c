"""Normalisations, positions and what only rearranges, against NumPy written from the equations."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
import pytest

from zoo.layers import registered

RNG = np.random.default_rng(3)
X = RNG.normal(size=(3, 7, 4)).astype("float32") * 2 + 1


def made(head: str, x: Any, **args: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """A built layer with random weights, and those by name."""
    layer = registered("layers", head)(**args)
    layer.build(x.shape)
    weights = {}
    for weight in layer.weights:
        value = np.abs(RNG.normal(size=weight.shape)).astype("float32") * 0.5 + 0.1
        weight.assign(value)
        weights["/".join(weight.path.split("/")[1:])] = value
    return layer, weights


def close(found: Any, expected: Any, atol: float = 1e-5) -> None:
    np.testing.assert_allclose(keras.ops.convert_to_numpy(found), expected, atol=atol, rtol=1e-5)


def test_bin() -> None:
    x = X.copy()
    x[0, :, 1] = 2.0  # a feature that does not move
    x[1, 3] = -1.0  # a snapshot whose features are all equal
    layer, w = made("BiN", x)
    expected = np.zeros_like(x)
    for n in range(3):
        for t in range(7):
            for f in range(4):
                step, series = x[n, t], x[n, :, f]
                deviations = [part.std() if part.std() >= 1e-4 else 1.0 for part in (step, series)]
                one = (
                    w["step_scale"][t, 0] * (x[n, t, f] - step.mean()) / deviations[0] + w["step_bias"][t, 0]
                )
                two = (
                    w["feature_scale"][f] * (x[n, t, f] - series.mean()) / deviations[1]
                    + w["feature_bias"][f]
                )
                expected[n, t, f] = w["over_features"] * one + w["over_time"] * two
    close(layer(x), expected)


def test_bin_starts_at_one_half_and_stays_at_zero_or_above() -> None:
    layer = registered("layers", "BiN")()
    layer.build(X.shape)
    assert float(layer.over_time) == float(layer.over_features) == 0.5
    assert float(layer.over_time.constraint(keras.ops.convert_to_tensor(-0.2))) == 0.0


def dain(x: np.ndarray, w: dict[str, np.ndarray]) -> np.ndarray:
    y = x - x.mean(0) @ w["shift/kernel"]
    y = y / (np.sqrt((y**2).mean(0) + 1e-8) @ w["scale/kernel"])
    return y / (1 + np.exp(-(y.mean(0) @ w["gate/kernel"] + w["gate/bias"])))


def test_dain() -> None:
    layer, w = made("DAIN", X)
    close(layer(X), np.stack([dain(x, w) for x in X]))


def test_dain_leaves_masked_steps_out_of_its_means() -> None:
    layer, w = made("DAIN", X)
    mask = np.ones((3, 7), bool)
    mask[:, 5:] = False
    close(layer(X, mask=mask)[:, :5], np.stack([dain(x[:5], w) for x in X]))


def test_dain_starts_as_standardisation_with_an_open_gate() -> None:
    layer = registered("layers", "DAIN")()
    layer.build(X.shape)
    found = keras.ops.convert_to_numpy(layer(X))
    # gates of sigmoid(0) = ½ before anything is learned, the means being 0
    close(found, 0.5 * (X - X.mean(1, keepdims=True)) / X.std(1, keepdims=True), 1e-4)


@pytest.mark.parametrize("mode", ["running", "exponential"])
@pytest.mark.parametrize("masked", [False, True])
def test_causal_normalization(mode: str, masked: bool) -> None:
    x = X + 50  # far from 0, where the square of the mean would swallow the variance
    layer, w = made("CausalNormalization", x, mode=mode, momentum=0.8)
    mask = np.ones((3, 7), bool)
    mask[1, 2] = mask[2, :2] = not masked
    expected = np.zeros_like(x)
    for n in range(3):
        for t in range(7):
            weight = np.array(
                [(0.8 ** (t - s) if mode == "exponential" else 1.0) * mask[n, s] for s in range(t + 1)]
            )
            if weight.sum() == 0:
                continue
            weight /= weight.sum()
            mean = (weight[:, None] * x[n, : t + 1]).sum(0)
            variance = (weight[:, None] * (x[n, : t + 1] - mean) ** 2).sum(0)
            expected[n, t] = w["gamma"] * (x[n, t] - mean) / np.sqrt(variance + 1e-3) + w["beta"]
    found = keras.ops.convert_to_numpy(layer(x, mask=mask) if masked else layer(x))
    close(found[mask], expected[mask], 1e-4)


def test_rev_in_there_and_back() -> None:
    layer, w = made("RevIN", X)
    y, mean, std = layer(X)
    close(mean, X.mean(1, keepdims=True))
    close(std, np.sqrt(X.var(1, keepdims=True) + 1e-5))
    expected = (X - X.mean(1, keepdims=True)) / np.sqrt(X.var(1, keepdims=True) + 1e-5) * w["gamma"] + w[
        "beta"
    ]
    close(y, expected)
    close(layer(y, mean=mean, std=std, inverse=True), X)


@pytest.mark.parametrize("features", [4, 5])
def test_sinusoidal_position(features: int) -> None:
    layer = registered("layers", "SinusoidalPosition")()
    found = keras.ops.convert_to_numpy(layer(np.zeros((1, 9, features), "float32")))[0]
    for t in range(9):
        for i in range(features):
            angle = t / 10000 ** (2 * (i // 2) / features)
            assert found[t, i] == pytest.approx(math.cos(angle) if i % 2 else math.sin(angle), abs=1e-5)


def test_linear_and_learned_position_and_layer_scale() -> None:
    found = keras.ops.convert_to_numpy(registered("layers", "LinearPosition")()(X))
    close(found[..., :4], X)
    close(found[..., 4], np.tile(-1 + 2 * np.arange(7) / 6, (3, 1)))
    layer, w = made("LearnedPosition", X)
    close(layer(X), X + w["position"])
    layer, w = made("LayerScale", X, init_values=0.1, projection_dim=4)
    close(layer(X), X * w["gamma"])


def test_frames() -> None:
    series = X[:, :, 0]
    padded = np.concatenate([series, np.repeat(series[:, -1:], 2, 1)], 1)
    expected = np.stack([padded[:, start : start + 3] for start in (0, 2, 4, 6)], 1)
    close(registered("layers", "Frames")(size=3, stride=2)(series), expected)


def test_custom_scale_layer() -> None:
    close(registered("layers", "CustomScaleLayer")(scale=0.3)([X, 2 * X]), X + 0.6 * X)


def test_gathered_columns_and_repeated_ends() -> None:
    close(registered("layers", "ColumnGather")([3, 0, -1])(X), X[:, :, [3, 0, 3]])
    close(registered("layers", "ColumnGather")([6, 1], axis=1)(X), X[:, [6, 1]])
    expected = np.stack([np.pad(x, [(2, 1), (0, 0)], mode="edge") for x in X])
    close(registered("layers", "ReplicatePadding1D")([2, 1])(X), expected)
    with pytest.raises(ValueError, match="columns \\[4\\] of 4"):
        keras.Sequential([keras.Input((7, 4)), registered("layers", "ColumnGather")([4])])


@pytest.mark.parametrize(("size", "causal"), [(3, False), (4, False), (3, True), (1, False)])
def test_series_decomposition(size: int, causal: bool) -> None:
    trend, seasonal = registered("layers", "SeriesDecomposition")(pool_size=size, causal=causal)(X)
    first = -(size - 1) if causal else -(size // 2)
    expected = np.zeros_like(X)
    for t in range(7):
        steps = [min(max(t + first + k, 0), 6) for k in range(size)]
        expected[:, t] = X[:, steps].mean(1)
    close(trend, expected)
    close(seasonal, X - expected)


def test_gaussian_sample_and_add_loss() -> None:
    mean, log_var = X[:, 0], X[:, 1]
    layer = registered("layers", "GaussianSample")(beta=0.5, seed=4)
    close(layer([mean, log_var]), mean)
    divergence = 0.5 * (mean**2 + np.exp(log_var) - log_var - 1).sum(1).mean()
    close(layer.losses[0], 0.5 * divergence, 1e-4)
    many = np.zeros((4000, 1), "float32")
    drawn = keras.ops.convert_to_numpy(layer([many + 2, many + math.log(9)], training=True))
    assert drawn.mean() == pytest.approx(2, abs=0.2) and drawn.std() == pytest.approx(3, abs=0.2)
    adding = registered("layers", "AddLoss")(weight=3.0)
    close(adding(X, X + 1), X)
    close(adding.losses[0], 3 * (X + 1).mean())


def test_unit_interval() -> None:
    constraint = registered("constraints", "UnitInterval")()
    close(constraint(np.array([-0.5, 0.3, 1.7], "float32")), [0, 0.3, 1])
