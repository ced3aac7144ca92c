"""Statistics under mixed precision: sums and variances are taken in float32 at least."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


def wide(x: Any) -> Any:
    """The tensor or weight in float32, or in its own type where that is wider."""
    return ops.cast(x, keras.backend.result_type(x.dtype, "float32"))


def deviation(variance: Any, floor: float) -> Any:
    """The root of a variance; where it lies under ``floor``, 1, and no gradient is lost there."""
    flat = variance < floor * floor
    # the root of a number that is not used must be finite too, or its gradient spoils the others
    return ops.where(
        flat, ops.ones_like(variance), ops.sqrt(ops.where(flat, ops.ones_like(variance), variance))
    )
