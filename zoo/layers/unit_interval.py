"""UnitInterval: a weight kept between 0 and 1."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="zoo")
class UnitInterval(keras.constraints.Constraint):
    """``w = min(max(w, 0), 1)`` after every step of training."""

    def __call__(self, w: Any) -> Any:
        return keras.ops.clip(w, 0.0, 1.0)
