"""A value to Python and back: what the R package's tests hold the conversions by."""

from __future__ import annotations

from typing import Any

from r_bridge.tensors import tensor
from r_bridge.to_python import plain


def round_trip(value: Any, dtype: str | None = None) -> Any:
    """What R gets back for ``value``.

    Args:
        value: any R object.
        dtype: the type of a model's input; None takes ``value`` for a setting.
    """
    return plain(value, "value") if dtype is None else tensor(value, "value", dtype)
