"""Attention maps: what the layers weigh by, wherever in a graph they stand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import zoo
from tests.explain.planted import planted_run
from zoo.errors import TrainError
from zoo.explain.attention import _walk, attention_maps
from zoo.layers.gated_axial_attention import GatedAxialAttention
from zoo.layers.tabl import TABL
from zoo.layers.two_d_attention import TwoDAttention

RNG = np.random.default_rng(0)
X = RNG.normal(size=(7, 6, 4)).astype(np.float32)

BOOK = """
spec: 1
name: attends
inputs: {book: {shape: [5, 4]}}
graph:
  seen: [book, MultiHeadAttention: {num_heads: 2, key_dim: 3, call: {value: _}}]
  direction: [seen, Flatten, Dense: 3, Softmax]
outputs:
  direction: {loss: sparse_categorical_crossentropy}
data:
  kind: orderbook
  source: {simulate: {snapshots: 600, levels: 1, seed: 1}}
  features: {levels: 1, prices: relative_bps, sizes: log}
  window: {length: 5}
  label: {kind: forward, horizon: 5}
training: {epochs: 1, batch_size: 64, seed: 7}
"""


def softmax(values: np.ndarray, axis: int) -> np.ndarray:
    raised = np.exp(values - values.max(axis=axis, keepdims=True))
    return raised / raised.sum(axis=axis, keepdims=True)


def nested() -> keras.Model:
    """Attention in the graph, in a submodel called twice, in an op, in a Softmax, and none in the head's."""
    inner = keras.Input((6, 4))
    code = keras.Model(inner, keras.layers.MultiHeadAttention(2, 3, name="inner")(inner, inner), name="code")
    x = keras.Input((6, 4), name="x")
    y = code(code(x))
    heads = keras.layers.Reshape((6, 2, 2))(y)
    y = keras.layers.Reshape((6, 4))(keras.ops.dot_product_attention(heads, heads, heads))
    gate = keras.layers.Softmax(axis=1, name="gate")(keras.layers.Dense(4)(y))
    y = keras.layers.Multiply()([gate, TABL(4, 6, name="tabl")(y)])
    y = keras.layers.Attention(name="dot")([y, x])
    y = TwoDAttention(axis=2, name="twod")(y)
    y = keras.layers.Dense(3)(keras.layers.Flatten()(y))
    return keras.Model(x, keras.layers.Reshape((3,))(keras.layers.Softmax(name="classes")(y)))


def test_every_layer_that_attends_is_found_and_no_head() -> None:
    maps, axes, kinds = attention_maps(nested(), {"x": X})
    named = {name: (kinds[name], axes[name], maps[name].shape) for name in maps}
    operation = next(name for name in named if name.startswith("dot_product"))
    assert named.pop(operation) == ("DotProductAttention", ("head", "query", "key"), (2, 6, 6))
    assert named == {
        "code/inner": ("MultiHeadAttention", ("head", "query", "key"), (2, 6, 6)),
        "code/inner#2": ("MultiHeadAttention", ("head", "query", "key"), (2, 6, 6)),
        "gate": ("Softmax", ("key", "query"), (6, 4)),
        "tabl": ("TABL", ("time", "unit"), (6, 4)),
        "dot": ("Attention", ("query", "key"), (6, 6)),
        "twod": ("TwoDAttention", ("time", "feature"), (6, 4)),
    }


def test_weights_sum_to_one_over_what_is_attended_to() -> None:
    maps, axes, _ = attention_maps(nested(), {"x": X})
    for name, weights in maps.items():
        over = {"twod": "feature", "tabl": "time"}.get(name, "key")
        assert weights.sum(axis=axes[name].index(over)) == pytest.approx(1.0, abs=1e-5), name


def test_the_model_computes_what_it_always_does_on_the_way() -> None:
    model = nested()
    outputs = _walk(model, keras.ops.convert_to_tensor(X), "", len(X), {})
    found = keras.ops.convert_to_numpy(keras.tree.flatten(outputs)[0])
    assert found == pytest.approx(model.predict(X, verbose=0), abs=1e-6)


def test_the_mean_does_not_depend_on_batches() -> None:
    model = nested()
    many = np.concatenate([X] * 6)
    whole, one = attention_maps(model, {"x": many})[0], attention_maps(model, {"x": X})[0]
    assert all(whole[name] == pytest.approx(one[name], abs=1e-6) for name in one)


def test_a_layers_weights_against_numpy() -> None:
    layer = TABL(3, 2)
    layer.build((None, 6, 4))
    layer.attention_kernel.assign(RNG.normal(size=(6, 6)))
    mixed = X @ np.asarray(layer.feature_kernel)
    kernel = np.array(layer.attention_kernel)
    np.fill_diagonal(kernel, 1 / 6)
    expected = softmax(np.einsum("btu,ts->bsu", mixed, kernel), axis=1)
    assert np.asarray(layer.attention(X)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("axis", [1, 2])
def test_a_gated_axial_layer_mixes_by_the_weights_it_tells(axis: int) -> None:
    layer = GatedAxialAttention(2, 8, axis=axis)
    x = RNG.normal(size=(2, 5, 3, 4)).astype(np.float32)
    y = layer(x)
    weights = np.asarray(layer.attention(x))
    size, others = (5, 3) if axis == 1 else (3, 5)
    assert weights.shape == (2, others, 2, size, size)
    assert weights.sum(axis=-1) == pytest.approx(1.0, abs=1e-5)
    assert y.shape == (2, 5, 3, 8)


def test_masked_steps_get_no_attention() -> None:
    x = keras.Input((6, 4), name="x")
    masked = keras.layers.Masking()(x)
    y = keras.layers.MultiHeadAttention(1, 2, name="mha")(masked, masked)
    model = keras.Model(x, TwoDAttention(axis=1, name="twod")(y))
    padded = X.copy()
    padded[:, 4:] = 0.0
    maps, _, _ = attention_maps(model, {"x": padded})
    assert maps["mha"][0, :4, 4:] == pytest.approx(0.0, abs=1e-6)
    assert maps["mha"][0, 0].sum() == pytest.approx(1.0, abs=1e-5)


def test_a_causal_operation_looks_at_no_later_step() -> None:
    x = keras.Input((6, 4), name="x")
    heads = keras.layers.Reshape((6, 1, 4))(x)
    model = keras.Model(x, keras.ops.dot_product_attention(heads, heads, heads, is_causal=True))
    (weights,) = attention_maps(model, {"x": X})[0].values()
    assert np.triu(weights[0], 1) == pytest.approx(0.0, abs=1e-7)
    scores = np.einsum("btc,bsc->bts", X, X) / 2.0
    scores[:, np.triu_indices(6, 1)[0], np.triu_indices(6, 1)[1]] = -1e9
    assert weights[0] == pytest.approx(softmax(scores, axis=-1).mean(axis=0), abs=1e-5)


def test_of_a_run_the_mean_and_one_window() -> None:
    run = zoo.train(zoo.loads(BOOK), verbose=0)
    mean, one = run.attention(windows=20), run.attention(window=3)
    (name,) = mean.maps
    assert mean.maps[name].shape == one.maps[name].shape == (2, 5, 5)
    assert not np.allclose(mean.maps[name], one.maps[name])
    frame = mean.frame
    assert list(frame) == ["layer", "head", "query", "key", "weight"] and len(frame) == 50
    assert frame["weight"].sum() == pytest.approx(10.0, abs=1e-4)
    assert "mean attention, test part, 20 windows" in str(mean) and "2 head × 5 query × 5 key" in str(mean)
    with pytest.raises(TrainError, match="no window 9999"):
        run.attention(window=9999)


def test_where_nothing_attends_the_models_that_do_are_named() -> None:
    with pytest.raises(TrainError, match="no layer of `planted` has attention maps") as caught:
        planted_run().attention(planted_x())
    assert "MultiHeadAttention" in caught.value.help and "tlob" in caught.value.help


def planted_x() -> np.ndarray:
    return X


@pytest.mark.parametrize("name", ["ctabl", "dla", "translob", "lob_itransformer"])
def test_models_of_the_zoo(name: str) -> None:
    model = zoo.build(zoo.load(name))
    x = {item.name: RNG.normal(size=(2, *item.shape[1:])).astype("f4") for item in model.inputs}
    assert attention_maps(model, x)[0]
