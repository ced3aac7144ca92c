"""Orders of many samples: each once, the same for the same seed, any stretch without the rest."""

from __future__ import annotations

import numpy as np
import pytest

from zoo.train.orders import InOrder, Shuffled, order_of


@pytest.mark.parametrize("samples", [1, 2, 3, 17, 64, 1_000, 4_097])
def test_every_sample_comes_once_in_another_order(samples: int) -> None:
    order = Shuffled(samples, np.random.default_rng(3))
    pieces = np.concatenate([order[start : start + 7] for start in range(0, samples, 7)])
    assert sorted(pieces.tolist()) == list(range(samples)) and len(order) == samples
    np.testing.assert_array_equal(order[: samples + 5], pieces)


def test_the_order_looks_like_chance() -> None:
    samples = 20_000
    order = Shuffled(samples, np.random.default_rng(4))[:samples]
    other = Shuffled(samples, np.random.default_rng(5))[:samples]
    for one, two in ((order, np.arange(samples)), (order, other), (order[1:], order[:-1])):
        assert abs(np.corrcoef(one, two)[0, 1]) < 5 / samples**0.5
    # A batch is drawn from all of the file: its mean is that of the whole.
    means = order[:19_200].reshape(-1, 64).mean(axis=1)
    assert abs(means.std() / (samples / 12**0.5 / 8) - 1) < 0.15


def test_few_samples_are_drawn_at_once_and_many_where_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = order_of(50, [7, 0])
    np.testing.assert_array_equal(drawn[:50], np.random.default_rng([7, 0]).permutation(50))
    monkeypatch.setattr("zoo.train.orders._DRAWN", 40)
    many = order_of(50, [7, 0])
    assert isinstance(many, Shuffled)
    np.testing.assert_array_equal(many[10:20], order_of(50, [7, 0])[10:20])
    assert many[:50].tolist() != order_of(50, [7, 1])[:50].tolist()
    assert isinstance(order_of(50, None), InOrder) and order_of(50, None)[48:60].tolist() == [48, 49]
