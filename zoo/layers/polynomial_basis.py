"""PolynomialBasis: the powers of time as a kernel, for trends (Oreshkin et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np


@keras.saving.register_keras_serializable(package="zoo")
class PolynomialBasis(keras.initializers.Initializer):
    """``W[i, t] = (t / T)^i`` for i from 0, T steps: coefficients times ``W`` is a polynomial in time.

    For the kernel of a Dense layer with ``use_bias: false, trainable: false``, whose input holds the
    coefficients.

    Shape of the kernel: (coefficient, time).

    Source: equation 2 of "N-BEATS" (arXiv 1905.10437); time runs from 0 to (T − 1)/T.

    Example:
        >>> np.asarray(PolynomialBasis()((3, 2))).tolist()
        [[1.0, 1.0], [0.0, 0.5], [0.0, 0.25]]
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        terms, steps = shape
        time = np.arange(steps) / steps
        return keras.ops.convert_to_tensor(time ** np.arange(terms)[:, None], dtype=dtype or "float32")

    def get_config(self) -> dict[str, Any]:
        return {}
