"""AddLoss: a tensor of the graph as a term of the loss."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class AddLoss(keras.layers.Layer):
    """Lets its input through unchanged and adds ``weight · mean(term)`` to the loss.

    Args:
        weight: of the term.

    Input shape: any; ``term``, given under ``call:``, has any shape as well.
    Output shape: that of the input.

    Source: what ``model.add_loss`` was for; Keras 3 takes such terms only from inside a layer.
    """

    def __init__(self, weight: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.weight = weight

    def call(self, inputs: Any, term: Any) -> Any:
        self.add_loss(self.weight * keras.ops.mean(term))
        return inputs

    def compute_output_shape(
        self, inputs_shape: tuple[int | None, ...], term_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return inputs_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "weight": self.weight}
