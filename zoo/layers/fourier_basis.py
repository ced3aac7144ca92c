"""FourierBasis: cosines and sines of time as a kernel, for seasons (Oreshkin et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np


@keras.saving.register_keras_serializable(package="zoo")
class FourierBasis(keras.initializers.Initializer):
    """``W[k, t] = cos(2πkt / P)`` and ``W[n + k, t] = sin(2πkt / P)`` for k from 0, n waves of each.

    For the kernel of a Dense layer with ``use_bias: false, trainable: false``, whose input holds the 2n
    coefficients, those of the cosines first.

    Args:
        period: P, steps of the wave with k = 1.
        backwards: let time run into the past, ``−t`` for ``t``.

    Shape of the kernel: (coefficient, time).

    Source: equation 3 of "N-BEATS" (arXiv 1905.10437); both halves of a block take the horizon as P, and the
    backcast's time runs backwards, as in the authors' code.

    Example:
        >>> np.asarray(FourierBasis(period=4)((2, 3))).tolist()
        [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """

    def __init__(self, period: int, backwards: bool = False) -> None:
        if period < 1:
            raise ValueError(f"FourierBasis needs a period of at least 1 step; received {period}")
        self.period = period
        self.backwards = backwards

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        coefficients, steps = shape
        if coefficients % 2:
            raise ValueError(f"FourierBasis takes as many sines as cosines; received {coefficients} in all")
        time = np.arange(steps) * (-1 if self.backwards else 1)
        angle = 2 * np.pi * np.arange(coefficients // 2)[:, None] * time / self.period
        return keras.ops.convert_to_tensor(
            np.concatenate([np.cos(angle), np.sin(angle)]), dtype=dtype or "float32"
        )

    def get_config(self) -> dict[str, Any]:
        return {"period": self.period, "backwards": self.backwards}
