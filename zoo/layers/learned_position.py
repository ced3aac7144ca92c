"""LearnedPosition: a learned vector for every step, added to it."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class LearnedPosition(keras.layers.Layer):
    """``y = x + W``, ``W`` learned, one vector a step.

    Args:
        position_initializer: of ``W``; PatchTST draws it uniformly from ±0.02.

    Input shape: (batch, time, feature), time known.
    Output shape: the same.

    Source: PatchTST (Nie et al. 2023), section 3.1.
    """

    per_sample = True

    def __init__(self, position_initializer: Any = "random_uniform", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.position_initializer = keras.initializers.get(position_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.position = self.add_weight(
            shape=tuple(input_shape[1:]), initializer=self.position_initializer, name="position"
        )

    def call(self, inputs: Any) -> Any:
        return inputs + self.position

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "position_initializer": keras.initializers.serialize(self.position_initializer),
        }
