"""RevIN: reversible instance normalisation (Kim et al. 2022)."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class RevIN(keras.layers.Layer):
    """Normalises each series of a window by its own mean and deviation, and undoes it on the way out.

    In: ``y = γ·(x − mean) / std + β``, with mean and std over time of that window; outputs ``out, mean,
    std``. Out (``inverse: true``, with ``mean`` and ``std`` under ``call:``): ``x = (y − β) / γ · std +
    mean``.

    Args:
        affine: learn γ and β, one a feature.
        epsilon: added to the variance.

    Input shape: (batch, time, feature).
    Output shape: the same; mean and std are (batch, 1, feature).

    Source: equations 1 to 4 of the paper. Nothing after the window's end is used; inside the window every
    step sees the mean of all of them.
    """

    per_sample = True

    def __init__(self, affine: bool = True, epsilon: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.affine = affine
        self.epsilon = epsilon

    def build(self, inputs_shape: tuple[int | None, ...], **others: Any) -> None:
        if self.affine:
            features = (inputs_shape[-1],)
            self.gamma = self.add_weight(shape=features, initializer="ones", name="gamma")
            self.beta = self.add_weight(shape=features, initializer="zeros", name="beta")

    def call(self, inputs: Any, mean: Any = None, std: Any = None, inverse: bool = False) -> Any:
        if inverse:
            if mean is None or std is None:
                raise ValueError("RevIN needs `mean` and `std` to undo its normalisation")
            y = (inputs - self.beta) / (self.gamma + self.epsilon**2) if self.affine else inputs
            return y * std + mean
        # the statistics describe the window; no gradient goes through them
        mean = keras.ops.stop_gradient(keras.ops.mean(inputs, axis=1, keepdims=True))
        variance = keras.ops.var(inputs, axis=1, keepdims=True)
        std = keras.ops.stop_gradient(keras.ops.sqrt(variance + self.epsilon))
        y = (inputs - mean) / std
        return (y * self.gamma + self.beta if self.affine else y), mean, std

    def compute_output_spec(
        self, inputs: Any, mean: Any = None, std: Any = None, inverse: bool = False
    ) -> Any:
        same = keras.KerasTensor(inputs.shape, dtype=self.compute_dtype)
        if inverse:
            return same
        one = (inputs.shape[0], 1, *inputs.shape[2:])
        return same, *(keras.KerasTensor(one, dtype=self.compute_dtype) for _ in range(2))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "affine": self.affine, "epsilon": self.epsilon}
