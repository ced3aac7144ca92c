"""Scalers of one column: fitted on rows of the training part, applied to all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import spans
from zoo.data.scale_recipe import Scale

FloatArray = NDArray[np.float64]


def fit_scaler(column: FloatArray, scale: Scale) -> tuple[float, float]:
    """Shift and factor of a column: scaled = (x - shift) * factor.

    zscore: mean 0, standard deviation 1. minmax: the training rows span ``range``. robust: median 0,
    interquartile range 1. A column that is constant on the training rows is only shifted.
    """
    if scale.method == "none":
        return 0.0, 1.0
    return FIT[scale.method](column, scale)


def apply_scaler(column: FloatArray, shift: float, factor: float) -> FloatArray:
    """The scaled column."""
    return (column - shift) * factor


def invert_scaler(scaled: FloatArray, shift: float, factor: float) -> FloatArray:
    """The column in its own unit again."""
    return scaled / factor + shift


def _zscore(column: FloatArray, scale: Scale) -> tuple[float, float]:
    return float(column.mean()), _inverse(_deviation(column), column)


def _minmax(column: FloatArray, scale: Scale) -> tuple[float, float]:
    low, high = scale.range
    least = float(column.min())
    factor = _inverse((float(column.max()) - least) / (high - low), column)
    return least - low / factor, factor


def _robust(column: FloatArray, scale: Scale) -> tuple[float, float]:
    low, middle, high = np.quantile(column, (0.25, 0.5, 0.75))
    # More than half the values can be equal in a spread or a flow; the deviation still has a scale then.
    width = float(high - low) or _deviation(column)
    return float(middle), _inverse(width, column)


def inverse_width(width: float, largest: float) -> float:
    """1 / width; 1 where the column is constant but for the rounding of numbers up to ``largest``."""
    # The deviation of a constant column is rounding, which must not be blown up to unit size.
    return 1.0 / width if width > 1e-12 * max(1.0, largest) else 1.0


def _inverse(width: float, column: FloatArray) -> float:
    return inverse_width(width, max(abs(float(column.min())), abs(float(column.max()))))


def _deviation(column: FloatArray) -> float:
    """The standard deviation, without a second column in memory."""
    mean = column.mean()
    squares = sum(float(np.square(column[rows] - mean).sum()) for rows in spans(len(column)))
    return float(np.sqrt(squares / len(column)))


FIT: dict[str, Callable[[FloatArray, Scale], tuple[float, float]]] = {
    "zscore": _zscore,
    "minmax": _minmax,
    "robust": _robust,
}
