"""LayerScale: one learned factor a channel (Touvron et al. 2021, "Going deeper …", section 3)."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class LayerScale(keras.layers.Layer):
    """Multiplies each channel by a learned number that starts small.

    ``y = gamma * x``, ``gamma`` a vector over the last axis.

    Args:
        init_values: what every entry of ``gamma`` starts at, between 0 and 1.
        projection_dim: the number of channels.

    Input shape: (batch, …, channel).
    Output shape: the same.

    Source: equation 4 of the paper, as ``keras.applications.ConvNeXt*`` has it: same configuration, same
    weights.
    """

    per_sample = True  # nothing crosses samples, so TimeDistributed may fold time into the batch

    def __init__(self, init_values: float, projection_dim: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.init_values = init_values
        self.projection_dim = projection_dim

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.gamma = self.add_weight(
            shape=(self.projection_dim,),
            initializer=keras.initializers.Constant(self.init_values),
            name="gamma",
        )

    def call(self, x: Any) -> Any:
        return x * self.gamma

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "init_values": self.init_values,
            "projection_dim": self.projection_dim,
        }
