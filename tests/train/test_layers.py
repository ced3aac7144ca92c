"""Layers by name: the table, freezing, weights out and in."""

from __future__ import annotations

import numpy as np
import pytest

import zoo
from zoo.errors import TrainError
from zoo.train import layers
from zoo.train.trained import Trained

PAGE = """
spec: 1
name: toy
inputs: {a: {shape: [4, 3]}}
models:
  code:
    inputs: {row: {shape: [4, 3]}}
    graph:
      both: [row, Bidirectional: {layer: {LSTM: {units: 2}}}]
      small: [both, Dense: 3]
    outputs: [small]
graph:
  coded: [a, code]
  size: [coded, Dense: 1]
outputs: {size: {loss: mse}}
training: {optimizer: sgd}
"""


@pytest.fixture(scope="module")
def spec():
    return zoo.loads(PAGE)


@pytest.fixture
def run(spec):
    return Trained.untrained(spec, seed=1)


X, Y = np.random.default_rng(0).normal(size=(16, 4, 3)).astype("float32"), np.arange(16.0)


def test_the_table_names_every_layer_once(run):
    rows = {row.name: row for row in layers.table(run.model)}
    assert rows["code/small"].parameters == 15 and rows["code/small"].shape == "3"
    assert rows["code/both"].kind == "Bidirectional" and rows["size"].shape == "1"
    assert sum(row.parameters for row in rows.values()) == run.model.count_params()
    assert all(row.trainable == (row.parameters > 0) for row in rows.values())


def test_a_frozen_layer_stays_as_it_is_after_a_fit_too(run):
    run.fit(X, Y, epochs=1)  # the compiled step must not survive the change
    before = run.get_weights()
    run.freeze("code")
    assert layers.frozen(run.model) == ["code/both", "code/small"]
    run.fit(X, Y, epochs=1)
    after = run.get_weights()
    assert np.array_equal(before["code/small"]["kernel"], after["code/small"]["kernel"])
    assert not np.array_equal(before["size"]["kernel"], after["size"]["kernel"])
    run.unfreeze()
    run.fit(X, Y, epochs=1)
    assert not np.array_equal(after["code/small"]["kernel"], run.get_weights()["code/small"]["kernel"])


def test_freezing_keeps_what_compile_was_told(run):
    run.compile(loss="mae")
    run.freeze("size")
    assert run.score(X, Y)["loss"] == pytest.approx(np.abs(run.predict(X)[:, 0] - Y).mean(), rel=1e-5)
    assert run.overrides == {"loss": "mae"}


def test_a_bundle_keeps_which_layers_are_frozen(run):
    run.freeze("code/small")
    opened = zoo.from_bytes(run.to_bytes())
    assert layers.frozen(opened.model) == ["code/small"]
    before = opened.get_weights("code/small")
    opened.fit(X, Y, epochs=1)
    assert np.array_equal(before["code/small"]["kernel"], opened.get_weights()["code/small"]["kernel"])


def test_weights_out_and_in_again(run, spec):
    weights = run.get_weights()
    assert set(weights["code/both"]) == {
        f"{way}_both__lstm/lstm_cell/{name}"
        for way in ("forward", "backward")
        for name in ("kernel", "recurrent_kernel", "bias")
    }
    other = Trained.untrained(spec, seed=2)
    assert not np.allclose(other.predict(X), run.predict(X))
    other.set_weights(weights)
    assert np.array_equal(other.predict(X), run.predict(X))
    weights["size"]["bias"][:] = 7  # a copy
    assert run.get_weights("size")["size"]["bias"] == [0]


@pytest.mark.parametrize(
    ("weights", "code", "words"),
    [
        ({"siz": {}}, "layers.unknown", "did you mean `size`"),
        ({"size": {"kernl": 0}}, "weights.unknown", "did you mean `kernel`"),
        ({"size": {"bias": 1.0, "kernel": np.zeros((1, 3))}}, "weights.shape", "shape 3 x 1, received 1 x 3"),
        ({"size": {"bias": np.nan}}, "weights.number", "no finite number"),
        ({"size": {"bias": "one"}}, "weights.number", "no finite number"),
        ({"a": {"kernel": 1}}, "layers.unknown", "has no weights"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(run, weights, code, words):
    before = run.get_weights()
    with pytest.raises(TrainError, match=words) as caught:
        run.set_weights(weights)
    assert caught.value.code == code
    assert np.array_equal(before["size"]["bias"], run.get_weights()["size"]["bias"])


def test_an_unknown_layer_freezes_nothing(run):
    with pytest.raises(TrainError, match="no layer `cod`"):
        run.freeze("size", "cod")
    assert layers.frozen(run.model) == []


def test_bundles_of_before_say_nothing_of_layers(run, monkeypatch):
    from zoo.train import bundle

    whole = bundle.manifest
    monkeypatch.setattr(
        bundle, "manifest", lambda run: {name: item for name, item in whole(run).items() if name != "frozen"}
    )
    assert layers.frozen(zoo.from_bytes(run.to_bytes()).model) == []
