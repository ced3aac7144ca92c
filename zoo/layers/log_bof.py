"""LogBoF: the logistic neural bag of features, histograms of codewords along time (Passalis et al. 2020)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from zoo.layers.wide import wide


@keras.saving.register_keras_serializable(package="zoo")
class LogBoF(keras.layers.Layer):
    """Histograms of the codewords that the steps of a window belong to.

    ``u = (tanh(a·(Vx + b) + c) + 1) / 2``; ``s = n₁·u / Σu``; with ``pool_size``, the mean of s over every so
    many steps times n₂; without, the sum of s over the window. a, c, n₁ and n₂ are one learned number each,
    n₁ starts at the number of codewords and n₂ at ``pool_size``.

    Args:
        units: number of codewords.
        pool_size: steps in one histogram; left over steps at the end are not counted. None: the whole window.
        kernel_initializer: of V.

    Input shape: (batch, time, feature), time known when ``pool_size`` is given.
    Output shape: (batch, time // pool_size, units), or (batch, units). Masked steps are not counted.

    Source: "Temporal Logistic Neural Bag-of-Features for Financial Time Series Forecasting
    leveraging Limit Order Book Data" (Pattern Recognition Letters 2020), with the bias b that the published
    code has. That code sums the long histogram and never reads its n₂, which is left out here.
    """

    per_sample = True

    def __init__(
        self,
        units: int,
        pool_size: int | None = None,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if units < 1 or (pool_size is not None and pool_size < 1):
            raise ValueError(
                f"LogBoF needs units and pool_size of at least 1; received {units} and {pool_size}"
            )
        self.units = units
        self.pool_size = pool_size
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.compute_output_shape(input_shape)
        self.codebook = self.add_weight(
            shape=(input_shape[-1], self.units), initializer=self.kernel_initializer, name="codebook"
        )
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.slope = self.add_weight(shape=(), initializer="ones", name="slope")
        self.offset = self.add_weight(shape=(), initializer="zeros", name="offset")
        self.membership = self._number(self.units, "membership")
        self.pooling = None if self.pool_size is None else self._number(self.pool_size, "pooling")

    def _number(self, start: float, name: str) -> Any:
        return self.add_weight(shape=(), initializer=keras.initializers.Constant(float(start)), name=name)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        near = wide(ops.matmul(inputs, self.codebook) + self.bias)
        near = (ops.tanh(wide(self.slope) * near + wide(self.offset)) + 1) / 2
        # a step far from every codeword would divide nothing by nothing
        total = ops.maximum(ops.sum(near, axis=-1, keepdims=True), keras.config.epsilon())
        share = wide(self.membership) * near / total
        seen = ops.ones_like(share[..., :1])
        if mask is not None:
            seen = ops.expand_dims(ops.cast(mask, share.dtype), -1)
        if self.pool_size is None:
            return ops.cast(ops.sum(share * seen, axis=1), self.compute_dtype)
        share, seen = self._pooled(share * seen, self.pool_size), self._pooled(seen, self.pool_size)
        return ops.cast(share / ops.maximum(seen, 1.0) * wide(self.pooling), self.compute_dtype)

    def _pooled(self, x: Any, size: int) -> Any:
        """Sums over every so many steps."""
        parts = int(x.shape[1]) // size
        return ops.sum(ops.reshape(x[:, : parts * size], (-1, parts, size, int(x.shape[2]))), axis=2)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        return None  # histograms stand for steps that were there

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, time, _ = input_shape
        if self.pool_size is None:
            return batch, self.units
        if time is None or time < self.pool_size:
            raise ValueError(f"LogBoF pools {self.pool_size} steps and receives {tuple(input_shape)}")
        return batch, time // self.pool_size, self.units

    def get_config(self) -> dict[str, Any]:
        kernel = keras.initializers.serialize(self.kernel_initializer)
        own = {"units": self.units, "pool_size": self.pool_size, "kernel_initializer": kernel}
        return {**super().get_config(), **own}
