"""GaussianSample: the draw of a variational autoencoder (Kingma and Welling 2014, section 2.4)."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class GaussianSample(keras.layers.Layer):
    """Draws a code from its mean and log variance, and adds the Kullback-Leibler term to the loss.

    ``z = mean + exp(log_var / 2) · e`` with ``e ~ N(0, 1)`` in training, ``z = mean`` in prediction.
    The term is ``beta · mean over the batch of ½ Σ (mean² + exp(log_var) − log_var − 1)``.

    Args:
        beta: weight of the term; 1 is the evidence lower bound, more is a beta-VAE.
        seed: of the draws.

    Input shape: a list of mean and log variance, each (batch, feature).
    Output shape: (batch, feature).

    Source: equations 6, 10 and appendix B of the paper. Predictions use the mean, so that they repeat.
    """

    def __init__(self, beta: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.beta = beta
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, inputs: list[Any], training: bool | None = None) -> Any:
        mean, log_var = inputs
        ops = keras.ops
        term = 0.5 * ops.sum(ops.square(mean) + ops.exp(log_var) - log_var - 1.0, axis=-1)
        self.add_loss(self.beta * ops.mean(term))
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.generator)
        return mean + ops.exp(0.5 * log_var) * noise

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        return tuple(input_shape[0])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "beta": self.beta, "seed": self.seed}
