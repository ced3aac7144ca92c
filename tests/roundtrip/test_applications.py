"""The models of keras.applications, to text and back."""

from __future__ import annotations

import warnings

import pytest

from zoo.build.lift import table


def _passes(name: str) -> None:
    with warnings.catch_warnings():
        # Keras says at each construction that ConvNeXt's and others' weights are not loaded
        warnings.simplefilter("ignore", UserWarning)
        found = table.row(name)
    assert found.differs == []
    assert found.weights_match
    assert found.largest < 1e-4
    assert found.spec_lines < found.json_lines / 10


@pytest.mark.parametrize("name", table.SMALL)
def test_small(name: str) -> None:
    _passes(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in table.names() if name not in table.SMALL])
def test_all_others(name: str) -> None:
    _passes(name)


def test_there_are_forty() -> None:
    assert len(table.names()) == 40
