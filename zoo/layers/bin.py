"""BiN: bilinear normalisation of a window (Tran et al. 2021)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from zoo.layers.wide import deviation, wide


@keras.saving.register_keras_serializable(package="zoo")
class BiN(keras.layers.Layer):
    """A weighted sum of the window standardised over its features and over its steps.

    ``y = y₁(λ₁⊙(x − μ₁)/σ₁ + B₁) + y₂(λ₂⊙(x − μ₂)/σ₂ + B₂)``: mean and deviation 1 over the features of each
    step, 2 over the steps of each feature; λ₁, B₁ have one number a step, λ₂, B₂ one a feature; y₁ and y₂ are
    not negative.

    Args:
        floor: a deviation under this counts as 1.

    Input shape: (batch, time, feature), both known.
    Output shape: the same.

    Source: the layer of "Data Normalization for Bilinear Structures in High-Frequency Financial
    Time-series" (ICPR 2021). The code that made the published numbers divides the variance by n − 1, starts λ
    at random, and lets a snapshot whose features are all equal give infinities; here n, ones, and a deviation
    of 1.
    """

    per_sample = True

    def __init__(self, floor: float = 1e-4, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.floor = floor

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, time, features = input_shape
        if time is None or features is None:
            raise ValueError(f"BiN must know the time and feature axes; received {tuple(input_shape)}")
        self.step_scale = self.add_weight(shape=(time, 1), initializer="ones", name="step_scale")
        self.step_bias = self.add_weight(shape=(time, 1), initializer="zeros", name="step_bias")
        self.feature_scale = self.add_weight(shape=(features,), initializer="ones", name="feature_scale")
        self.feature_bias = self.add_weight(shape=(features,), initializer="zeros", name="feature_bias")
        half = keras.initializers.Constant(0.5)
        self.over_features = self.add_weight(
            shape=(), initializer=half, constraint="non_neg", name="over_features"
        )
        self.over_time = self.add_weight(shape=(), initializer=half, constraint="non_neg", name="over_time")

    def call(self, inputs: Any) -> Any:
        x = wide(inputs)
        by_step = self._standard(x, 2) * wide(self.step_scale) + wide(self.step_bias)
        by_feature = self._standard(x, 1) * wide(self.feature_scale) + wide(self.feature_bias)
        y = wide(self.over_features) * by_step + wide(self.over_time) * by_feature
        return ops.cast(y, self.compute_dtype)

    def _standard(self, x: Any, axis: int) -> Any:
        mean, variance = ops.moments(x, axes=[axis], keepdims=True)
        return (x - mean) / deviation(variance, self.floor)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "floor": self.floor}
