"""The scaled sum of Inception-ResNet (Szegedy et al. 2016, "Inception-v4, Inception-ResNet", section 3.3)."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class CustomScaleLayer(keras.layers.Layer):
    """Adds a scaled residual to a shortcut.

    ``y = x + scale * r`` for the inputs ``[x, r]``.

    Args:
        scale: the factor of the residual; the paper takes 0.1 to 0.3.

    Input shape: two tensors (batch, …, channel) of one shape.
    Output shape: the same.

    Source: section 3.3 of the paper; name and configuration are those of
    ``keras.applications.InceptionResNetV2``.
    """

    per_sample = True  # nothing crosses samples, so TimeDistributed may fold time into the batch

    def __init__(self, scale: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = scale

    def call(self, inputs: list[Any]) -> Any:
        shortcut, residual = inputs
        return shortcut + residual * self.scale

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "scale": self.scale}
