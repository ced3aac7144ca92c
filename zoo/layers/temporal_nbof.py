"""TemporalNBoF: the codeword memberships of every step (Passalis et al. 2020; Tran et al. 2022)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class TemporalNBoF(keras.layers.Layer):
    """How much each step belongs to each codeword, the logistic kernel of a neural bag of features.

    ``u = (tanh(a·Vx + c) + 1) / 2``, V one row a codeword, a and c one number each.

    Args:
        units: number of codewords.
        kernel_initializer: of V.

    Input shape: (batch, time, feature).
    Output shape: (batch, time, units).

    Source: the quantisation of "Attention-Based Neural Bag-of-Features Learning for Sequence Data" (IEEE
    Access 2022). The time axis stays, so that an attention or a mean over part of it can follow; nothing is
    normalised over codewords.
    """

    per_sample = True

    def __init__(self, units: int, kernel_initializer: Any = "he_uniform", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"{type(self).__name__} needs at least 1 codeword; received {units}")
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.codebook = self.add_weight(
            shape=(input_shape[-1], self.units), initializer=self.kernel_initializer, name="codebook"
        )
        self.slope = self.add_weight(shape=(), initializer="ones", name="slope")
        self.offset = self.add_weight(shape=(), initializer="zeros", name="offset")

    def call(self, inputs: Any) -> Any:
        return (ops.tanh(self.slope * ops.matmul(inputs, self.codebook) + self.offset) + 1) / 2

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        kernel = keras.initializers.serialize(self.kernel_initializer)
        return {**super().get_config(), "units": self.units, "kernel_initializer": kernel}
