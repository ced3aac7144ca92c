"""Scalers of one column."""

from __future__ import annotations

import numpy as np
import pytest

from zoo.data.recipe import Scale
from zoo.data.scaling import apply_scaler, fit_scaler

COLUMN = np.random.default_rng(0).gamma(2.0, 3.0, 500)


def scaled(method: str, column: np.ndarray = COLUMN, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    return apply_scaler(column, *fit_scaler(column, Scale(method, (low, high))))


def test_zscore() -> None:
    assert scaled("zscore").mean() == pytest.approx(0, abs=1e-12)
    assert scaled("zscore").std() == pytest.approx(1)


def test_minmax() -> None:
    found = scaled("minmax", low=-1.0, high=1.0)
    assert (found.min(), found.max()) == pytest.approx((-1, 1))


def test_robust() -> None:
    low, middle, high = np.quantile(scaled("robust"), (0.25, 0.5, 0.75))
    assert middle == pytest.approx(0, abs=1e-12) and high - low == pytest.approx(1)


def test_robust_with_most_values_equal_still_has_a_scale() -> None:
    column = np.where(np.arange(100) % 10 == 0, 50.0, 1.0)
    assert scaled("robust", column).max() < 5


def test_none() -> None:
    np.testing.assert_array_equal(scaled("none"), COLUMN)


@pytest.mark.parametrize("method", ["zscore", "minmax", "robust"])
@pytest.mark.parametrize("value", [0.0, 0.1, 61_804.75])
def test_a_constant_column_is_not_blown_up(method: str, value: float) -> None:
    column = np.full(1_000, value)
    assert np.abs(scaled(method, column)).max() < 1e-6
