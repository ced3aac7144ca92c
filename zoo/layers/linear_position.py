"""LinearPosition: where in the window a step stands, as one more feature (TransLOB, Wallbridge 2020)."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class LinearPosition(keras.layers.Layer):
    """Appends a feature that grows evenly from −1 at the first step to 1 at the last.

    Input shape: (batch, time, feature), time known.
    Output shape: (batch, time, feature + 1).

    Source: section 4.2 of "Transformers for Limit Order Books" (arXiv 2003.00130). No weights.
    """

    per_sample = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def call(self, inputs: Any) -> Any:
        ramp = keras.ops.linspace(-1.0, 1.0, int(inputs.shape[1]))
        ramp = keras.ops.cast(keras.ops.reshape(ramp, (1, -1, 1)), inputs.dtype)
        ones = keras.ops.ones_like(inputs[:, :, :1])
        return keras.ops.concatenate([inputs, ones * ramp], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], None if input_shape[-1] is None else input_shape[-1] + 1)
