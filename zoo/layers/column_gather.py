"""ColumnGather: chosen columns of a tensor, in a chosen order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class ColumnGather(keras.layers.Layer):
    """``y[…, k] = x[…, indices[k]]``.

    Args:
        indices: the columns, counted from 0; negative ones count from the end, and one may come twice.
        axis: the axis they lie on, not the batch's.

    Input shape: (batch, …), the axis known.
    Output shape: the same with len(indices) along the axis.

    Source: the course's books hold ten levels of four fields; this takes sides, levels or fields out of them.
    """

    per_sample = True

    def __init__(self, indices: Sequence[int], axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.indices = [int(index) for index in indices]
        self.axis = axis
        if not self.indices:
            raise ValueError("ColumnGather needs at least one column")
        if axis == 0:
            raise ValueError("ColumnGather leaves the batch axis alone; received axis 0")

    def call(self, inputs: Any) -> Any:
        size = int(inputs.shape[self.axis])
        return keras.ops.take(inputs, [index % size for index in self.indices], axis=self.axis)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        size = input_shape[self.axis]
        if size is None or not all(-size <= index < size for index in self.indices):
            raise ValueError(f"ColumnGather takes columns {self.indices} of {size} along axis {self.axis}")
        shape = list(input_shape)
        shape[self.axis] = len(self.indices)
        return tuple(shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "indices": self.indices, "axis": self.axis}
