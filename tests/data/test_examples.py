"""The examples in the docstrings run."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["windowing", "preparation", "orderbook.simulator"])
def test_examples(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"zoo.data.{module}"))
    assert found.attempted > 0 and found.failed == 0
