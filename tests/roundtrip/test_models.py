"""Keras → spec → Keras on hand-written models: graph, weights, outputs; and the same through the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import zoo
from tests.roundtrip.models import MODELS
from zoo.build.lift import archive, weights
from zoo.build.lift.same import differences
from zoo.build.weights import load_safetensors


def _made(name: str) -> keras.Model:
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    return MODELS[name]()


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> keras.Model:
    return _made(request.param)


def _samples(model: keras.Model) -> list[np.ndarray]:
    generator = np.random.default_rng(5)
    shapes = [[size or 4 for size in tensor.shape] for tensor in model.inputs]
    whole = ["int" in str(tensor.dtype) for tensor in model.inputs]
    return [
        generator.integers(0, 5, shape) if is_int else generator.normal(size=shape).astype("float32")
        for shape, is_int in zip(shapes, whole, strict=True)
    ]


def _outputs(model: keras.Model, samples: list[np.ndarray]) -> list[np.ndarray]:
    structure = getattr(model, "_inputs_struct", None)
    packed: Any = samples[0] if structure is None else keras.tree.pack_sequence_as(structure, samples)
    flat = keras.tree.flatten(model(packed))
    return [keras.ops.convert_to_numpy(keras.ops.cast(output, "float32")) for output in flat]


def _assert_same_outputs(first: keras.Model, second: keras.Model) -> None:
    samples = _samples(first)
    before, after = _outputs(first, samples), _outputs(second, samples)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_comes_back_the_same(model: keras.Model) -> None:
    spec = zoo.from_keras(model)
    again = zoo.build(spec)
    assert differences(model, again) == []
    assert [weight.shape for weight in model.weights] == [weight.shape for weight in again.weights]
    assert len(model.trainable_weights) == len(again.trainable_weights)
    again.set_weights(model.get_weights())
    _assert_same_outputs(model, again)


def test_the_text_settles(model: keras.Model) -> None:
    """A spec of a rebuilt model is the spec it was built from, but for the comments."""
    first = zoo.from_keras(model)
    second = zoo.from_keras(zoo.build(first))
    third = zoo.from_keras(zoo.build(second))
    assert second.to_yaml() == third.to_yaml()


@pytest.mark.parametrize("name", MODELS)
def test_an_archive_says_what_the_model_says(name: str, tmp_path: Path) -> None:
    model = _made(name)
    file = tmp_path / "model.keras"
    model.save(file)
    spec = archive.read(file)
    again = zoo.build(spec)
    assert differences(model, again) == []
    assert weights.write(file, tmp_path / "model.safetensors") == len(again.weights)
    load_safetensors(again, (tmp_path / "model.safetensors").read_bytes(), "the file")
    _assert_same_outputs(model, again)


def test_compiled_with_what_the_model_was_compiled_with() -> None:
    spec = zoo.from_keras(MODELS["compiled_with_lists_and_maps"]())
    assert spec.to_yaml().split("outputs:")[1] == (
        "\n  zed: {loss: mse, weight: 0.2, metrics: [mean_absolute_error]}"
        "\n  kind: {loss: sparse_categorical_crossentropy, weight: 1.0, metrics: [accuracy]}"
        "\ntraining:\n  optimizer:\n    Adam:\n      learning_rate:"
        " {ExponentialDecay: {initial_learning_rate: 0.0003, decay_steps: 100, decay_rate: 0.9}}\n"
    )
