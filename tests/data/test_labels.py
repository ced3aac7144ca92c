"""Labels against a slow reference, and thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.data.labels import classify, fit_threshold, label_values, persistence_values, running_mean
from zoo.errors import DataError


def slow_label(mid: np.ndarray, groups: np.ndarray, row: int, kind: str, horizon: int, smooth: int) -> float:
    future = row + horizon
    if future >= len(mid) or groups[future] != groups[row]:
        return float("nan")
    if kind == "return":
        return float((mid[future] - mid[row]) / mid[row])
    ahead = np.mean([mid[i] for i in range(future - smooth + 1, future + 1)])
    if kind == "forward":
        return float((ahead - mid[row]) / mid[row])
    if row - smooth + 1 < 0 or groups[row - smooth + 1] != groups[row]:
        return float("nan")
    behind = np.mean([mid[i] for i in range(row - smooth + 1, row + 1)])
    return float((ahead - behind) / behind)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["forward", "two_sided", "return"]),
    st.integers(1, 8),
    st.integers(1, 8),
    st.lists(st.integers(1, 12), min_size=1, max_size=4),
    st.integers(0, 10_000),
)
def test_labels_equal_the_slow_reference(
    kind: str, horizon: int, smooth: int, sessions: list[int], seed: int
) -> None:
    smooth = min(smooth, horizon)
    groups = np.repeat(np.arange(len(sessions)), sessions)
    mid = 100 + np.cumsum(np.random.default_rng(seed).integers(-2, 3, len(groups))) / 2
    given_smooth = None if kind == "return" else smooth
    found = label_values(mid, horizon, kind=kind, smooth=given_smooth, groups=groups)
    expected = [slow_label(mid, groups, row, kind, horizon, smooth) for row in range(len(mid))]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_horizon_is_the_smoothing_length_unless_told() -> None:
    mid = np.array([100.0, 101.0, 103.0, 106.0])
    groups = np.zeros(4, np.int64)
    np.testing.assert_allclose(label_values(mid, 2, groups=groups)[:2], [0.02, 104.5 / 101 - 1])
    np.testing.assert_allclose(label_values(mid, 2, smooth=1, groups=groups)[:2], [0.03, 106 / 101 - 1])


def test_a_price_that_stands_still_has_a_label_of_exactly_zero() -> None:
    mid = np.full(1_000, 0.1 + 0.2)
    labels = label_values(mid, 7, groups=np.zeros(1_000, np.int64))
    assert (labels[:-7] == 0).all() and np.isnan(labels[-7:]).all()


def test_persistence_is_the_mid_against_its_own_past() -> None:
    mid = np.array([100.0, 102.0, 104.0, 50.0, 51.0])
    found = persistence_values(mid, 2, np.array([0, 0, 0, 1, 1]))
    np.testing.assert_allclose(found, [0, 102 / 101 - 1, 104 / 103 - 1, 0, 51 / 50.5 - 1])


def test_running_mean_is_exact_over_a_long_session() -> None:
    values = 60_000 + np.random.default_rng(0).integers(0, 1_000, 100_000) / 10
    assert abs(running_mean(values, 50)[-1] - values[-50:].mean()) < 1e-8


def fit(rule: Any, values: list[float]) -> float:
    return fit_threshold(np.array(values), rule, spread=np.array([0.2, 0.4]), mid=np.array([100.0, 200.0]))


def test_thresholds() -> None:
    values = [-0.04, 0.02, float("nan"), 0.0, 0.06]
    assert fit("half_mean_abs", values) == pytest.approx(0.015)
    assert fit(5e-5, values) == 5e-5
    assert fit("spread", values) == pytest.approx(0.002)


def test_balanced_leaves_a_third_stationary() -> None:
    values = np.random.default_rng(0).normal(size=3_000)
    alpha = fit("balanced", values.tolist())
    assert np.bincount(classify(values, alpha))[1] == pytest.approx(1_000, abs=2)


def test_classes() -> None:
    assert classify(np.array([-2.0, -1.0, 0.0, 1.0, 2.0, np.nan]), 1.0).tolist() == [0, 1, 1, 1, 2, 1]


def test_a_constant_mid_is_nothing_to_predict() -> None:
    with pytest.raises(DataError) as caught:
        fit("half_mean_abs", [0.0] * 9)
    assert "the mid price never moves in the 9 training rows that have a label" in caught.value.message


def test_no_labels_at_all() -> None:
    with pytest.raises(DataError, match="no row of the training part has a label"):
        fit("balanced", [float("nan")] * 3)
