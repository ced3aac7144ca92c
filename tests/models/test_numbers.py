"""The numbers that every model gives survive saving, importing and time; at the sizes of ``small.yaml``."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

import zoo
from tests.models import formula, reference, small
from zoo.build.lift.same import differences
from zoo.train.trained import Trained


def _same(name: str, other: keras.Model) -> None:
    made = small.filled(name)
    arrays = formula.inputs(made.spec, 2)
    for ours, theirs in zip(formula.outputs(made.model, arrays), formula.outputs(other, arrays), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("name", small.NAMES)
def test_gives_numbers_of_the_shape_it_tells(name: str) -> None:
    made = small.filled(name)
    for tensor, array in zip(
        made.model.outputs, formula.outputs(made.model, formula.inputs(made.spec, 2)), strict=True
    ):
        assert np.isfinite(array).all()
        assert array.shape[1:] == tuple(tensor.shape[1:])
        assert array.size == 1 or np.ptp(array) > 0, "every number is the same"


# Keras says so of every compiled model that is saved before its first step.
@pytest.mark.filterwarnings("ignore:Skipping variable loading for optimizer")
@pytest.mark.parametrize("name", small.NAMES)
def test_comes_back_from_a_keras_file(name: str, tmp_path: Path) -> None:
    small.filled(name).model.save(tmp_path / "model.keras")
    _same(name, keras.models.load_model(tmp_path / "model.keras"))


@pytest.mark.parametrize("name", small.NAMES)
def test_comes_back_from_a_bundle(name: str) -> None:
    made = small.filled(name)
    _same(name, zoo.from_bytes(Trained(made.spec, made.model, seed=7).to_bytes()).model)


@pytest.mark.parametrize("name", small.NAMES)
def test_comes_back_from_keras_as_a_spec(name: str) -> None:
    model = small.filled(name).model
    again = zoo.build(zoo.from_keras(model))
    assert differences(model, again) == []
    assert [weight.shape for weight in model.weights] == [weight.shape for weight in again.weights]
    assert len(model.trainable_weights) == len(again.trainable_weights)
    again.set_weights(model.get_weights())
    _same(name, again)


@pytest.mark.parametrize("name", small.NAMES)
def test_gives_the_stored_numbers(name: str) -> None:
    differs = reference.difference(name)
    assert not differs, differs


def test_every_stored_reference_has_a_spec() -> None:
    assert sorted(item.stem for item in reference.FOLDER.glob("*.json")) == small.NAMES
