"""Losses, weights and metrics reach Keras by output name, whatever the caller wrote."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import zoo
from zoo.build.compile import compile_model

OUTPUTS = (
    "spec: 1\nname: two\ninputs: {x: {shape: [3]}}\n"
    "graph:\n  z_last: [x, Dense: 1]\n  a_first: [x, Dense: 1]\n"
)
LISTS = OUTPUTS + "outputs: [z_last, a_first]\nloss: [mse, mae]\nloss_weights: {z_last: 1.0, a_first: 0.1}\n"
MAPS = OUTPUTS + "outputs:\n  z_last: {loss: mse, weight: 1.0}\n  a_first: {loss: mae, weight: 0.1}\n"

X = np.ones((4, 3), "float32")
TARGETS = {"z_last": np.full((4, 1), 10.0), "a_first": np.full((4, 1), 30.0)}
TRUE_LOSS = 1.0 * 10.0**2 + 0.1 * 30.0  # both heads put out zeros


def zeroed(model: keras.Model) -> keras.Model:
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    return model


def plain_keras() -> keras.Model:
    x = keras.Input((3,), name="x")
    heads = [keras.layers.Dense(1, name=name)(x) for name in ("z_last", "a_first")]
    return zeroed(keras.Model(x, heads))


def test_plain_keras_pairs_a_list_loss_with_the_wrong_weights() -> None:
    model = plain_keras()
    model.compile(loss=["mse", "mae"], loss_weights={"z_last": 1.0, "a_first": 0.1})
    loss = model.evaluate(X, list(TARGETS.values()), verbose=0, return_dict=True)["loss"]
    assert loss == pytest.approx(0.1 * 10.0**2 + 1.0 * 30.0)  # the weights of the other head
    assert loss != pytest.approx(TRUE_LOSS)


@pytest.mark.parametrize("text", [LISTS, MAPS])
def test_ours_pairs_them_by_name(text: str) -> None:
    model = zeroed(zoo.build(zoo.loads(text)))
    assert model.output_names == ["z_last", "a_first"]
    for targets in (TARGETS, list(TARGETS.values())):
        assert model.evaluate(X, targets, verbose=0, return_dict=True)["loss"] == pytest.approx(TRUE_LOSS)


@pytest.mark.parametrize("weights", [[1.0, 0.1], {"a_first": 0.1, "z_last": 1.0}, {"a_first": 0.1}])
def test_a_callers_lists_and_maps_are_paired_by_name_too(weights: object) -> None:
    spec = zoo.loads(OUTPUTS + "outputs: [z_last, a_first]\nloss: mse\n")
    model = zeroed(zoo.build(spec))
    compile_model(model, spec, loss=["mse", "mae"], loss_weights=weights)
    assert model.evaluate(X, TARGETS, verbose=0, return_dict=True)["loss"] == pytest.approx(TRUE_LOSS)


def test_what_is_left_out_keeps_the_specs() -> None:
    spec = zoo.loads(MAPS + "training: {optimizer: {SGD: 0.5}}\n")
    model = zeroed(zoo.build(spec))
    compile_model(model, spec, metrics={"a_first": ["mse"]})
    assert float(model.optimizer.learning_rate) == 0.5
    found = model.evaluate(X, TARGETS, verbose=0, return_dict=True)
    assert found["loss"] == pytest.approx(TRUE_LOSS)
    assert found["a_first_mse"] == pytest.approx(900.0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"loss": {"a_frst": "mse"}}, "`loss` names `a_frst`, which is no output"),
        ({"loss_weights": [1.0]}, "`loss_weights` has 1 values for 2 outputs"),
        ({"loss": "msee"}, "`msee` is not a loss"),
        ({"loss": "crossentropy"}, "`crossentropy` is refused: .* `sparse_categorical_crossentropy`"),
        ({"optimizer": "adamm"}, "`adamm` is not an optimizer"),
    ],
)
def test_mistakes_are_told_at_once(given: dict, message: str) -> None:
    spec = zoo.loads(MAPS)
    with pytest.raises(zoo.TrainError, match=message):
        compile_model(zoo.build(spec), spec, **given)


def test_two_outputs_of_one_tensor_each_carry_their_name() -> None:
    spec = zoo.loads(
        OUTPUTS
        + "outputs: {one: {from: z_last, loss: mse}, two: {from: z_last, loss: mae}, a_first: {loss: mse}}\n"
    )
    assert zoo.build(spec).output_names == ["one", "two", "a_first"]


def test_an_output_of_a_shared_layer_carries_its_name() -> None:
    spec = zoo.loads(
        "spec: 1\nname: shared\ninputs: {a: {shape: [3]}, b: {shape: [3]}}\nlayers: {head: {Dense: 1}}\n"
        "graph: {left: [a, head], right: [b, head], gap: [[left, right], ops.subtract]}\n"
        "outputs: {right: {loss: mse}, left: {loss: mse}, gap: {loss: mse}}\n"
    )
    model = zoo.build(spec)
    assert model.output_names == ["right", "left", "gap"]
    assert model.count_params() == 4


def test_classes_are_written_as_in_a_spec() -> None:
    spec = zoo.loads(MAPS)
    model = zoo.build(spec)
    compile_model(model, spec, optimizer={"SGD": {"learning_rate": 0.25}}, loss={"Huber": {"delta": 2.0}})
    assert float(model.optimizer.learning_rate) == 0.25
    compile_model(
        model, spec, optimizer={"Adam": 0.5}, metrics={"a_first": [{"MeanAbsoluteError": {"name": "m"}}]}
    )
    assert float(model.optimizer.learning_rate) == 0.5
    assert "a_first_m" in model.evaluate(X, TARGETS, verbose=0, return_dict=True)


def test_a_failed_compile_keeps_the_one_before() -> None:
    spec = zoo.loads(MAPS)
    model = zeroed(zoo.build(spec))
    for wrong in ({"loss": "nope"}, {"optimizer": {"Adam": {"rate": 1}}}, {"metrics": ["a", "b"]}):
        with pytest.raises(zoo.TrainError):
            compile_model(model, spec, **wrong)
    assert model.evaluate(X, TARGETS, verbose=0, return_dict=True)["loss"] == pytest.approx(TRUE_LOSS)


CHOICE = (
    "spec: 1\nname: choice\ninputs: {x: {shape: [3]}}\n"
    "graph:\n  kind: [x, Dense: {units: 3, activation: softmax}]\n"
    "  odds: [x, Dense: {units: 2, activation: sigmoid}]\n"
    "outputs: {kind: {loss: sparse_categorical_crossentropy}, odds: {loss: binary_crossentropy}}\n"
)


@pytest.mark.parametrize(
    "loss",
    [
        {"SparseCategoricalCrossentropy": {"from_logits": True}},
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "categorical_crossentropy",
        keras.losses.CategoricalCrossentropy(),
    ],
)
def test_a_callers_loss_is_held_against_the_activations(loss: object) -> None:
    spec = zoo.loads(CHOICE)
    model = zoo.build(spec)
    before = model.loss
    with pytest.raises(zoo.TrainError, match="the output `odds` has sigmoid") as caught:
        compile_model(model, spec, loss=loss)
    assert caught.value.code == "train.contradiction" and caught.value.help
    assert model.loss is before


def test_all_contradictions_are_told_and_may_be_allowed() -> None:
    spec = zoo.loads(CHOICE)
    crossed = {"kind": "binary_crossentropy", "odds": "categorical_crossentropy"}
    with pytest.raises(
        zoo.TrainError, match="the output `kind` is a softmax .*; the output `odds` has sigmoid"
    ):
        compile_model(zoo.build(spec), spec, loss=crossed)
    known = zoo.loads(CHOICE + 'lint: {allow: {O104: "as published"}}\n')
    compile_model(model := zoo.build(known), known, loss=crossed)
    assert model.loss == crossed
