"""Pinball: the loss whose minimum is a quantile (Koenker and Bassett 1978)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class Pinball(keras.losses.Loss):
    """The mean over quantiles of ``max(q·(y − ŷ_q), (q − 1)·(y − ŷ_q))``.

    Args:
        quantiles: each between 0 and 1, in the order of the last axis of the prediction.
        reduction: as in Keras.
        name: of the loss.

    Shapes: targets (batch, …) or (batch, …, 1), predictions (batch, …, quantile).

    Source: "Regression Quantiles" (Econometrica 1978); the quantile loss of MQ-RNN and of the
    temporal fusion transformer, with a mean where they have a sum.
    """

    def __init__(
        self,
        quantiles: Sequence[float] = (0.1, 0.5, 0.9),
        reduction: str | None = "sum_over_batch_size",
        name: str = "pinball",
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, reduction=reduction, **kwargs)
        self.quantiles = [float(quantile) for quantile in quantiles]
        if not self.quantiles or not all(0 < quantile < 1 for quantile in self.quantiles):
            raise ValueError(f"Pinball needs quantiles between 0 and 1; received {list(quantiles)}")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        y_pred = ops.convert_to_tensor(y_pred)
        if y_pred.shape[-1] != len(self.quantiles):
            count, shape = len(self.quantiles), tuple(y_pred.shape)
            raise ValueError(f"Pinball has {count} quantiles and receives predictions of shape {shape}")
        y_true = ops.cast(y_true, y_pred.dtype)
        if len(y_true.shape) < len(y_pred.shape):
            y_true = ops.expand_dims(y_true, -1)
        error = y_true - y_pred
        quantiles = ops.convert_to_tensor(self.quantiles, dtype=y_pred.dtype)
        return ops.mean(ops.maximum(quantiles * error, (quantiles - 1) * error), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "quantiles": self.quantiles}
