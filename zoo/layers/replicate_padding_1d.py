"""ReplicatePadding1D: the first and the last step repeated outwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class ReplicatePadding1D(keras.layers.Layer):
    """Repeats the first step ``padding[0]`` times before it and the last ``padding[1]`` times after it.

    Args:
        padding: a pair, or one number for both ends. ``[n, 0]`` before a `valid` convolution makes it causal
        without the
            jump from zero that zero padding has.

    Input shape: (batch, time, …).
    Output shape: (batch, time + padding[0] + padding[1], …).

    Source: the padding of PatchTST's and DLinear's moving average.
    """

    per_sample = True

    def __init__(self, padding: int | Sequence[int] = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        pair = (padding, padding) if isinstance(padding, int) else tuple(int(item) for item in padding)
        if len(pair) != 2 or min(pair) < 0:
            raise ValueError(
                f"ReplicatePadding1D has one number or a pair, none negative; received {padding}"
            )
        self.padding = pair

    def call(self, inputs: Any) -> Any:
        before, after = self.padding
        parts = [ops.repeat(inputs[:, :1], before, axis=1)] if before else []
        parts.append(inputs)
        parts += [ops.repeat(inputs[:, -1:], after, axis=1)] if after else []
        return ops.concatenate(parts, axis=1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, time, *rest = input_shape
        return batch, None if time is None else time + sum(self.padding), *rest

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "padding": list(self.padding)}
