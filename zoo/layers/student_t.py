"""StudentT: the negative log-likelihood of a Student t distribution, for forecasts with heavy tails."""

from __future__ import annotations

import math
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class StudentT(keras.losses.Loss):
    """Minus the log density of the target under a t distribution whose parameters are predicted.

    A prediction holds three raw numbers a, b, c: location ``μ = a``, scale ``σ = softplus(b) + ε``, degrees
    of freedom ``ν = 2 + softplus(c)``, so that the variance is finite. With ``z = (y − μ)/σ`` the loss is
    ``log σ + ½ log(νπ) + log Γ(ν/2) − log Γ((ν+1)/2) + ½(ν+1)·log(1 + z²/ν)``.

    Args:
        epsilon: ε, the smallest scale.
        reduction: as in Keras.
        name: of the loss.

    Shapes: targets (batch, …) or (batch, …, 1), predictions (batch, …, 3).

    Source: the t distribution with a location and a scale; one of DeepAR's likelihoods (Salinas et al. 2020,
    section 3) as GluonTS offers it.
    """

    def __init__(
        self,
        epsilon: float = 1e-6,
        reduction: str | None = "sum_over_batch_size",
        name: str = "student_t",
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, reduction=reduction, **kwargs)
        self.epsilon = epsilon

    def call(self, y_true: Any, y_pred: Any) -> Any:
        y_pred = ops.convert_to_tensor(y_pred)
        if y_pred.shape[-1] != 3:
            raise ValueError(
                f"StudentT takes three numbers a target and receives shape {tuple(y_pred.shape)}"
            )
        y_true = ops.cast(y_true, y_pred.dtype)
        if len(y_true.shape) == len(y_pred.shape):
            y_true = ops.squeeze(y_true, -1)
        scale = ops.softplus(y_pred[..., 1]) + self.epsilon
        freedom = 2.0 + ops.softplus(y_pred[..., 2])
        z = (y_true - y_pred[..., 0]) / scale
        tails = 0.5 * (freedom + 1) * ops.log1p(ops.square(z) / freedom)
        return ops.log(scale) + 0.5 * ops.log(freedom * math.pi) + _log_gamma_step(freedom) + tails

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}


def _log_gamma_step(freedom: Any) -> Any:
    """``log Γ(ν/2) − log Γ((ν+1)/2)`` for ν above 2; keras.ops has no log Γ."""
    # Γ(x)/Γ(x+½) = (x+½)/x · Γ(x+1)/Γ(x+1½): a few such steps up, where the series is exact to float32
    x, found = freedom / 2, 0.0
    for _ in range(5):
        found = found + ops.log1p(0.5 / x)
        x = x + 1
    return found - 0.5 * ops.log(x) + 1 / (8 * x) - 1 / (192 * x**3) + 1 / (640 * x**5)
