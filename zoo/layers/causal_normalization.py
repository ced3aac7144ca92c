"""CausalNormalization: each step standardised by what the window has shown so far."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from zoo.layers.wide import wide


@keras.saving.register_keras_serializable(package="zoo")
class CausalNormalization(keras.layers.Layer):
    """The remedy for batch statistics over time: mean and variance of the window's past and present only.

    ``m_t = Σ_{s≤t} w_ts·x_s``, ``v_t = Σ_{s≤t} w_ts·(x_s − m_t)²``, ``y_t = γ·(x_t − m_t)/√(v_t + ε) + β``;
    the weights w_ts add up to 1 over s and are equal (``running``) or fall as momentum^(t−s)
    (``exponential``).

    Args:
        mode: ``running`` or ``exponential``.
        momentum: of the exponential weights, between 0 and 1; without meaning for ``running``.
        epsilon: ε, added to the variance.
        center: learn β, one a feature.
        scale: learn γ, one a feature.

    Input shape: (batch, time, …, feature), all but the batch known.
    Output shape: the same. The first step is β. Masked steps do not enter the statistics.

    Source: speczoo's own, in the place of BatchNormalization (rule D301) and of normalisations that see the
    whole window (RevIN, DAIN, BiN) where labels are per step. Time and memory grow with the square of the
    window.
    """

    per_sample = True

    def __init__(
        self,
        mode: str = "running",
        momentum: float = 0.9,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if mode not in ("running", "exponential"):
            raise ValueError(f"CausalNormalization has mode `running` or `exponential`; received {mode!r}")
        if not 0 < momentum < 1:
            raise ValueError(f"CausalNormalization needs a momentum between 0 and 1; received {momentum}")
        self.mode = mode
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) < 3 or None in tuple(input_shape[1:]):
            raise ValueError(
                f"CausalNormalization takes (batch, time, …, feature); received {tuple(input_shape)}"
            )
        features = (input_shape[-1],)
        self.gamma = self.add_weight(shape=features, initializer="ones", name="gamma") if self.scale else None
        self.beta = self.add_weight(shape=features, initializer="zeros", name="beta") if self.center else None

    def call(self, inputs: Any, mask: Any = None) -> Any:
        time, *rest = (int(size) for size in inputs.shape[1:])
        x = ops.reshape(wide(inputs), (-1, time, math.prod(rest)))
        seen = ops.ones_like(x[:, :, :1])
        if mask is not None:
            seen = ops.expand_dims(ops.cast(mask, x.dtype), -1)
        # the variance does not change when all steps are moved by the first, and loses no digits then
        x = x - x[:, :1]
        past = ops.convert_to_tensor(self._weights(time), dtype=x.dtype)
        count = ops.maximum(ops.matmul(past, seen), keras.config.epsilon())
        mean = ops.matmul(past, x * seen) / count
        variance = ops.maximum(ops.matmul(past, ops.square(x) * seen) / count - ops.square(mean), 0.0)
        y = ops.reshape((x - mean) / ops.sqrt(variance + self.epsilon), (-1, time, *rest))
        y = y if self.gamma is None else y * wide(self.gamma)
        y = y if self.beta is None else y + wide(self.beta)
        return ops.cast(y, self.compute_dtype)

    def _weights(self, time: int) -> np.ndarray:
        fall = 1.0 if self.mode == "running" else self.momentum
        age = np.subtract.outer(np.arange(time), np.arange(time))
        return np.where(age >= 0, fall ** np.maximum(age, 0), 0.0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        names = ("mode", "momentum", "epsilon", "center", "scale")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
