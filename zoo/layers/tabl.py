"""TABL: the temporal attention augmented bilinear layer (Tran et al. 2019)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from zoo.layers.unit_interval import UnitInterval


@keras.saving.register_keras_serializable(package="zoo")
class TABL(keras.layers.Layer):
    """Mixes the features, weighs the steps by an attention of its own for each feature, then mixes the steps.

    With X (feature × time): ``X̄ = W₁X``; ``E = X̄W``, the diagonal of W fixed at 1/T; ``A = softmax over
    time of E``; ``X̃ = λX̄ + (1 − λ)X̄⊙A`` with λ in [0, 1]; ``Y = φ(X̃W₂ + B)``.

    Args:
        units: features that come out, the rows of W₁.
        steps: time steps that come out, the columns of W₂.
        activation: φ.
        kernel_initializer: of W₁ and W₂; W starts at 1/T and λ at 1/2.
        kernel_constraint: of W₁, W and W₂, such as a largest Frobenius norm.

    Input shape: (batch, time, feature), time known.
    Output shape: (batch, steps, units).

    Source: the layer of "Temporal Attention-Augmented Bilinear Network for Financial Time-Series Data
    Analysis" (IEEE TNNLS 2019). The weights hold W with its diagonal, which is never read, as published
    implementations count it.
    """

    per_sample = True

    def __init__(
        self,
        units: int,
        steps: int,
        activation: Any = None,
        kernel_initializer: Any = "glorot_uniform",
        kernel_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if units < 1 or steps < 1:
            raise ValueError(f"TABL needs units and steps of at least 1; received {units} and {steps}")
        self.units = units
        self.steps = steps
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, time, features = input_shape
        if time is None or features is None:
            raise ValueError(f"TABL must know the time and feature axes; received {tuple(input_shape)}")
        self.time = time
        self.feature_kernel = self._kernel((features, self.units), self.kernel_initializer, "feature_kernel")
        self.attention_kernel = self._kernel(
            (time, time), keras.initializers.Constant(1 / time), "attention_kernel"
        )
        self.time_kernel = self._kernel((time, self.steps), self.kernel_initializer, "time_kernel")
        self.bias = self.add_weight(shape=(self.steps, self.units), initializer="zeros", name="bias")
        self.mix = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(0.5), constraint=UnitInterval(), name="mix"
        )

    def _kernel(self, shape: tuple[int, int], initializer: Any, name: str) -> Any:
        # a constraint of its own for each, so that none holds the state of another
        constraint = keras.constraints.get(keras.constraints.serialize(self.kernel_constraint))
        return self.add_weight(shape=shape, initializer=_fresh(initializer), constraint=constraint, name=name)

    def attention(self, inputs: Any) -> Any:
        """(batch, time, units) what each step of a mixed feature is weighed by; over time they sum to 1."""
        return self._attention(ops.matmul(inputs, self.feature_kernel))

    def _attention(self, mixed: Any) -> Any:
        eye = ops.eye(self.time, dtype=mixed.dtype)
        weights = self.attention_kernel * (1 - eye) + eye / self.time
        return ops.softmax(ops.einsum("btu,ts->bsu", mixed, weights), axis=1)

    def call(self, inputs: Any) -> Any:
        mixed = ops.matmul(inputs, self.feature_kernel)
        attended = mixed * self._attention(mixed)
        mixed = self.mix * mixed + (1 - self.mix) * attended
        return self.activation(ops.einsum("btu,ts->bsu", mixed, self.time_kernel) + self.bias)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape[0], self.steps, self.units

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "steps": self.steps,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
        }


def _fresh(initializer: Any) -> Any:
    # one seeded initializer draws the same numbers each time, and Keras warns of it
    return initializer.clone() if hasattr(initializer, "clone") else initializer
