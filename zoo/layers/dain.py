"""DAIN: deep adaptive input normalisation (Passalis et al. 2020)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from zoo.layers.wide import wide


@keras.saving.register_keras_serializable(package="zoo")
class DAIN(keras.layers.Layer):
    """Learns from each window how to shift, scale and gate its features.

    ``x₁ = x − W_a·mean(x)``; ``x₂ = x₁ / (W_b·√mean(x₁²))``; ``y = x₂ ⊙ sigmoid(W_c·mean(x₂) + d)``; means
    are over time, W_a and W_b start as the identity.

    Args:
        epsilon: added under the root; a scale that is not above it counts as 1.

    Input shape: (batch, time, feature).
    Output shape: the same. Masked steps do not enter the means.

    Source: the three steps of "Deep Adaptive Input Normalization for Time Series Forecasting" (IEEE TNNLS
    2020). The weights stand under ``shift/``, ``scale/`` and ``gate/``: the paper trains them at learning
    rates of their own.
    """

    per_sample = True

    def __init__(self, epsilon: float = 1e-8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        features = input_shape[-1]
        dense, same = keras.layers.Dense, "identity"
        policy = self.dtype_policy
        self.shift = dense(features, use_bias=False, kernel_initializer=same, name="shift", dtype=policy)
        self.scale = dense(features, use_bias=False, kernel_initializer=same, name="scale", dtype=policy)
        self.gate = dense(features, activation="sigmoid", name="gate", dtype=policy)
        for part in (self.shift, self.scale, self.gate):
            part.build((input_shape[0], features))

    def call(self, inputs: Any, mask: Any = None) -> Any:
        x = wide(inputs)
        weight = None if mask is None else ops.expand_dims(ops.cast(mask, x.dtype), -1)
        x = x - self._through(self.shift, _mean(x, weight))
        spread = self._through(self.scale, ops.sqrt(_mean(ops.square(x), weight) + self.epsilon))
        x = x / ops.where(spread <= self.epsilon, ops.ones_like(spread), spread)
        return ops.cast(x * self._through(self.gate, _mean(x, weight)), self.compute_dtype)

    def _through(self, layer: Any, summary: Any) -> Any:
        return ops.expand_dims(wide(layer(ops.cast(summary, self.compute_dtype))), 1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}


def _mean(x: Any, weight: Any) -> Any:
    if weight is None:
        return ops.mean(x, axis=1)
    return ops.sum(x * weight, axis=1) / ops.maximum(ops.sum(weight, axis=1), 1.0)
