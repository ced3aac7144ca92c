"""What must hold for every layer of the zoo: a new one is tested by its line in `cases.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tests.layers.cases import CASES, Case
from zoo import layers

pytestmark = pytest.mark.filterwarnings("ignore:Skipping variable loading for optimizer")
HERE = Path(__file__).parent


def of(found: list[Any]) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(item) for item in found]


def test_every_layer_has_a_case() -> None:
    assert {case.head for case in CASES} == set(layers.names("layers"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_configuration_comes_back(case: Case) -> None:
    layer = case.layer(name="one")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert (
        again.get_config() == layer.get_config() == type(layer).from_config(layer.get_config()).get_config()
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_symbolic_shapes_are_the_real_ones(case: Case) -> None:
    real = of(case.apply(case.layer(), case.arrays()))
    symbolic = case.model().outputs
    assert [(3, *tensor.shape[1:]) for tensor in symbolic] == [array.shape for array in real]
    assert [tensor.dtype for tensor in symbolic] == [str(array.dtype) for array in real]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_step_of_training_reaches_every_weight(case: Case) -> None:
    model = case.model()
    if not model.trainable_weights:
        return  # nothing to learn
    rng = np.random.default_rng(1)
    # away from the start, where some gradients vanish by design (the gate of DAIN sees means of 0)
    model.set_weights([weight + abs(rng.normal(size=weight.shape)) * 0.1 for weight in model.get_weights()])
    targets = [rng.normal(size=(3, *tensor.shape[1:])) for tensor in model.outputs]
    before = of(model.trainable_weights)
    model.compile("sgd", loss=["mse"] * len(targets))
    model.train_on_batch(case.arrays(), targets)
    for weight, old, new in zip(model.trainable_weights, before, of(model.trainable_weights), strict=True):
        assert np.isfinite(new).all(), weight.path
        moved = not np.array_equal(old, new) or weight.path.endswith(case.cancelled)
        assert moved, f"no gradient reached {weight.path}"


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_mixed_precision(case: Case, policy: str) -> None:
    model = case.model(dtype=policy)
    wide = case.model()
    wide.set_weights(model.get_weights())
    results = model(case.arrays())
    results = results if isinstance(results, list) else [results]
    assert {keras.backend.standardize_dtype(item.dtype) for item in results} == {
        policy.removeprefix("mixed_")
    }
    others = of(wide(case.arrays()) if isinstance(wide(case.arrays()), list) else [wide(case.arrays())])
    for narrow, other in zip(results, others, strict=True):
        found = keras.ops.convert_to_numpy(keras.ops.cast(narrow, "float32"))
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found, other, atol=0.15 * max(1.0, float(np.abs(other).max())))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_saved_and_loaded_it_gives_the_same(case: Case, tmp_path: Path) -> None:
    model = case.model()
    rng = np.random.default_rng(2)
    model.set_weights([weight + abs(rng.normal(size=weight.shape)) * 0.1 for weight in model.get_weights()])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    for ours, theirs in zip(of(_list(model(case.arrays()))), of(_list(again(case.arrays()))), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_per_sample_layers_do_not_mix_samples(case: Case) -> None:
    layer = case.layer()
    if not getattr(layer, "per_sample", False):
        return  # does not say so
    arrays = case.arrays()
    whole = of(case.apply(layer, arrays))
    for row in range(3):
        alone = of(case.apply(layer, {name: array[row : row + 1] for name, array in arrays.items()}))
        for one, all_rows in zip(alone, whole, strict=True):
            np.testing.assert_allclose(one, all_rows[row : row + 1], atol=1e-6)


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() == "jax", reason="this is the run under jax")
def test_all_of_it_under_jax() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE)],
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
