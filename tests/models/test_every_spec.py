"""What must hold for every spec of the zoo: a new file in `specs/` is tested by being there."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import zoo
from tests.models import golden
from zoo.spec import catalogue

NAMES = sorted(catalogue.paths())

# weights that no gradient reaches, as published: what a normalisation behind takes out again, or a zero input
CANCELLED = {
    "axial_lob": ("_gate", "first_norm/gamma", "first_norm/beta", "similarity_norm/beta"),
    # with one channel its LSTM has one step, from a state of zeros
    "lstm_fcn": ("recurrent_kernel",),
}


def batch(spec: zoo.Spec, size: int = 2) -> tuple[object, object, keras.Model]:
    """Random inputs and targets that fit a spec."""
    model = zoo.build(spec)
    size = model.inputs[0].shape[0] or size
    rng = np.random.default_rng(0)
    inputs = [
        rng.integers(0, 4, (size, *_sized(item.shape)))
        if "int" in item.dtype
        else rng.normal(size=(size, *_sized(item.shape)))
        for item in spec.inputs.values()
    ]
    targets = []
    for output, tensor in zip(spec.outputs.values(), model.outputs, strict=True):
        shape = (size, *tensor.shape[1:])
        if output.loss is not None and output.loss.value == "sparse_categorical_crossentropy":
            targets.append(rng.integers(0, shape[-1], shape[:-1]))
        elif output.loss is not None and output.loss.value == "categorical_crossentropy":
            targets.append(np.eye(shape[-1])[rng.integers(0, shape[-1], shape[:-1])])
        else:
            targets.append(rng.integers(0, 2, shape).astype("float32"))
    return _bare(inputs), _bare(targets), model


def _sized(shape: tuple) -> tuple[int, ...]:
    # three_outputs, whose texts are of any length, needs 269 words
    return tuple(300 if size is None else size for size in shape)


def _bare(items: list) -> object:
    # a model of one input takes the array itself
    return items[0] if len(items) == 1 else items


@pytest.mark.parametrize("name", NAMES)
def test_validates_clean(name: str) -> None:
    report = zoo.check(name)
    unexplained = [
        item for item in report.diagnostics if item.code not in zoo.load(name).lint and item.level != "note"
    ]
    assert not unexplained, str(report)


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    spec = zoo.load(name)
    assert spec.name == name
    assert spec.about.endswith(".")
    assert spec.tags
    assert spec.source.get("title")


@pytest.mark.parametrize("name", NAMES)
def test_is_built_as_its_golden_table_says(name: str) -> None:
    differs = golden.difference(name, zoo.build(zoo.load(name)))
    assert not differs, differs


def test_every_golden_table_has_a_spec() -> None:
    assert sorted(item.stem for item in golden.FOLDER.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_has_the_published_number_of_weights(name: str) -> None:
    source = zoo.load(name).source
    if source.get("difference"):
        assert source["parameters"] != golden.total(name), "the numbers are equal: leave `difference` out"
    elif "parameters" in source:
        assert source["parameters"] == golden.total(name), "say why in `source.difference`"


@pytest.mark.parametrize("name", NAMES)
def test_one_step_of_training(name: str, tmp_path: object) -> None:
    spec = zoo.load(name)
    inputs, targets, model = batch(spec)
    before = [np.asarray(weight).copy() for weight in model.trainable_weights]
    losses = model.train_on_batch(inputs, targets, return_dict=True)
    assert all(np.isfinite(value) for value in losses.values())
    after = [np.asarray(weight) for weight in model.trainable_weights]
    # a step a millionth of the optimizer's own is lost in the rounding
    slowed = tuple(f"{layer}/" for layer in spec.training.get("learning_rates") or {})
    still = [
        weight.path
        for weight, old, new in zip(model.trainable_weights, before, after, strict=True)
        if np.array_equal(old, new)
        and not weight.path.endswith(("embeddings", *CANCELLED.get(name, ())))
        and not weight.path.startswith(slowed)
    ]
    assert not still, f"no gradient reached {still}"


# Keras says so of every compiled model that is saved before its first step.
@pytest.mark.filterwarnings("ignore:Skipping variable loading for optimizer")
@pytest.mark.parametrize("name", NAMES)
def test_save_and_load_give_the_same_numbers(name: str, tmp_path: object) -> None:
    inputs, _, model = batch(zoo.load(name))
    model.save(f"{tmp_path}/model.keras")
    again = keras.models.load_model(f"{tmp_path}/model.keras")
    for ours, theirs in zip(_list(model(inputs)), _list(again(inputs)), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def _list(value: object) -> list:
    return list(value) if isinstance(value, (list, tuple)) else [value]
