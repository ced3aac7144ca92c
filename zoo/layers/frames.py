"""Frames: a series cut into overlapping patches (Nie et al. 2023, PatchTST, section 3.1)."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class Frames(keras.layers.Layer):
    """Cuts a series into patches of ``size`` steps, one every ``stride`` steps.

    Args:
        size: steps in a patch.
        stride: steps from one patch to the next.
        pad: repeat the last value ``stride`` times first, as PatchTST does, so that no step is left out.

    Input shape: (batch, time), time known.
    Output shape: (batch, patch, size).

    Source: section 3.1 of the paper ("Patching").
    """

    per_sample = True

    def __init__(self, size: int, stride: int, pad: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if size < 1 or stride < 1:
            raise ValueError(f"Frames needs size and stride of at least 1; received {size} and {stride}")
        self.size = size
        self.stride = stride
        self.pad = pad

    def call(self, inputs: Any) -> Any:
        if self.pad:
            last = keras.ops.repeat(inputs[:, -1:], self.stride, axis=1)
            inputs = keras.ops.concatenate([inputs, last], axis=1)
        count = self._count(int(inputs.shape[1]))
        rows = [[start * self.stride + step for step in range(self.size)] for start in range(count)]
        return keras.ops.take(inputs, rows, axis=1)

    def _count(self, steps: int) -> int:
        if steps < self.size:
            raise ValueError(f"Frames cuts patches of {self.size} steps from a series of {steps}")
        return (steps - self.size) // self.stride + 1

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, steps = input_shape
        if steps is None:
            raise ValueError("Frames must know the length of the time axis")
        return batch, self._count(steps + (self.stride if self.pad else 0)), self.size

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "size": self.size, "stride": self.stride, "pad": self.pad}
