"""SeriesDecomposition: a moving average and what is left (Wu et al. 2021; DLinear, Zeng et al. 2023)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class SeriesDecomposition(keras.layers.Layer):
    """Splits a series into its moving average and the rest.

    ``trend_t = mean of x over pool_size steps around t``, the ends repeated outwards; ``seasonal = x −
    trend``. The outputs are ``trend`` and ``seasonal``.

    Args:
        pool_size: steps in the average; DLinear takes 25.
        causal: average over t and the steps before it instead of steps on both sides.

    Input shape: (batch, time, feature).
    Output shape: twice the same.

    Source: equation 1 of Autoformer (arXiv 2106.13008), section 4 of "Are Transformers Effective for Time
    Series Forecasting?" (arXiv 2205.13504). As published it looks half of pool_size ahead inside the window.
    """

    per_sample = True

    def __init__(self, pool_size: int = 25, causal: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if pool_size < 1:
            raise ValueError(f"SeriesDecomposition averages at least 1 step; received {pool_size}")
        self.pool_size = pool_size
        self.causal = causal

    def call(self, inputs: Any) -> Any:
        before = self.pool_size - 1 if self.causal else self.pool_size // 2
        after = self.pool_size - 1 - before
        parts = [ops.repeat(inputs[:, :1], before, axis=1)] if before else []
        parts.append(inputs)
        parts += [ops.repeat(inputs[:, -1:], after, axis=1)] if after else []
        padded = ops.concatenate(parts, axis=1)
        trend = ops.average_pool(
            padded, self.pool_size, strides=1, padding="valid", data_format="channels_last"
        )
        return trend, inputs - trend

    def compute_output_spec(self, inputs: Any) -> Any:
        one = keras.KerasTensor(inputs.shape, dtype=self.compute_dtype)
        return one, keras.KerasTensor(inputs.shape, dtype=self.compute_dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[tuple[int | None, ...], ...]:
        return tuple(input_shape), tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "pool_size": self.pool_size, "causal": self.causal}
