"""TwoDAttention: an attention mask over one axis of a sequence, without projections (Tran et al. 2022)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from zoo.layers.unit_interval import UnitInterval


@keras.saving.register_keras_serializable(package="zoo")
class TwoDAttention(keras.layers.Layer):
    """Weighs the steps (or the features) of a sequence by a softmax of linear scores.

    ``A = softmax(xW)`` over the axis, the diagonal of W fixed at 1/n; ``y = λx + (1 − λ)x⊙A`` with λ in [0,
    1].

    Args:
        axis: 1 for time, 2 for features.

    Input shape: (batch, time, feature), the axis known.
    Output shape: the same. Masked steps get no attention.

    Source: the attention of "Attention-Based Neural Bag-of-Features Learning for Sequence Data" (IEEE Access
    2022); TABL's mask alone. W starts at 1/n and λ at 1/2. The weights hold W with its diagonal, which is
    never read.
    """

    per_sample = True

    def __init__(self, axis: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if axis not in (1, 2):
            raise ValueError(f"TwoDAttention has axis 1 (time) or 2 (feature); received {axis}")
        self.axis = axis
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        size = input_shape[self.axis]
        if size is None:
            raise ValueError(
                f"TwoDAttention must know the size of axis {self.axis}; received {tuple(input_shape)}"
            )
        self.size = size
        self.kernel = self.add_weight(
            shape=(size, size), initializer=keras.initializers.Constant(1 / size), name="kernel"
        )
        self.mix = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(0.5), constraint=UnitInterval(), name="mix"
        )

    def attention(self, inputs: Any, mask: Any = None) -> Any:
        """(batch, time, feature) what each number is weighed by; over the axis they sum to 1."""
        eye = ops.eye(self.size, dtype=inputs.dtype)
        weights = self.kernel * (1 - eye) + eye / self.size
        scores = ops.einsum("btf,ts->bsf" if self.axis == 1 else "btf,fg->btg", inputs, weights)
        if mask is not None and self.axis == 1:
            hidden = ops.cast(ops.logical_not(ops.expand_dims(mask, -1)), scores.dtype)
            scores = scores - 1e4 * hidden  # within the range of float16
        return ops.softmax(scores, axis=self.axis)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        attended = inputs * self.attention(inputs, mask)
        return self.mix * inputs + (1 - self.mix) * attended

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis}
