"""Every model trains on data of its own with no file given: ``zoo.train``, its published recipe."""

from __future__ import annotations

import numpy as np
import pytest

import zoo
from tests.models import small


@pytest.mark.parametrize("name", small.NAMES)
def test_trains_on_its_own_data(name: str) -> None:
    """One epoch, at small sizes and on short data."""
    trained = zoo.train(small.spec(name), small.data(name), epochs=1, verbose=0)
    assert trained.epochs == 1
    assert all(np.isfinite(value).all() for value in trained.history.values())
    assert trained.evaluation is not None
    assert "simulated" in str(trained.evaluation) or "toy" in str(trained.evaluation)
