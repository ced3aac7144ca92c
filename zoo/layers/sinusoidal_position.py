"""SinusoidalPosition: sines and cosines of the step's number, added to it (Vaswani et al. 2017)."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np


@keras.saving.register_keras_serializable(package="zoo")
class SinusoidalPosition(keras.layers.Layer):
    """``y = x + P`` with ``P[t, 2i] = sin(t / L^(2i/n))`` and ``P[t, 2i+1] = cos(t / L^(2i/n))``, n features.

    Args:
        max_wavelength: L; the longest wave has 2π·L steps.

    Input shape: (batch, time, feature), both known.
    Output shape: the same. No weights.

    Source: section 3.5 of "Attention Is All You Need". With an odd number of features the last is a sine.
    """

    per_sample = True

    def __init__(self, max_wavelength: float = 10000.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_wavelength = max_wavelength
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        time, features = (int(size) for size in inputs.shape[1:])
        pair = 2 * (np.arange(features) // 2) / features
        angle = np.arange(time)[:, None] / self.max_wavelength**pair
        waves = np.where(np.arange(features) % 2, np.cos(angle), np.sin(angle))
        return inputs + keras.ops.convert_to_tensor(waves, dtype=inputs.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "max_wavelength": self.max_wavelength}
