"""Many windows go the way that is measured to be the fastest, with the same numbers."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import zoo
from tests.models import small
from tests.serve.specs import HIERARCHY, STATEFUL
from zoo.errors import BuildError
from zoo.layers.reset_states import states_of
from zoo.serve import batches as module
from zoo.serve.engines import TOLERANCE, Engine, compile_loops
from zoo.serve.predictor import ModelPredictor
from zoo.tensorflow_loops.layers import recurrent_layers
from zoo.train.trained import Trained

RECURRENT = [
    name
    for name in small.NAMES
    if recurrent_layers(small.built(name).model) and not states_of(small.built(name).model)
]
COUNT = 4_500


@pytest.fixture
def windows() -> np.ndarray:
    return np.random.default_rng(1).standard_normal((COUNT, 6, 8, 1)).astype(np.float32)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.0)


def predictor(engine: str | None = None) -> ModelPredictor:
    spec = zoo.loads(HIERARCHY)
    return ModelPredictor(spec, zoo.build(spec), engine=engine, threads=2)


def test_most_models_with_recurrent_layers_are_there() -> None:
    assert {"hrnn_lob", "deeplob", "gru_lob", "headline"} <= set(RECURRENT)


@pytest.mark.parametrize("name", RECURRENT)
def test_every_recurrent_model_has_keras_s_numbers_or_is_refused(name: str) -> None:
    make = compile_loops(small.filled(name).model, 4, 1)
    assert make is not None
    try:
        assert make().difference <= TOLERANCE
    except BuildError as refused:
        assert refused.code == "serve.xla"
        assert "no compiled loop" in refused.message
        assert name not in ("hrnn_lob", "deeplob", "gru_lob", "headline")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("gain", [0.0, 1e9])
def test_the_faster_engine_is_taken_and_gives_the_same(
    windows: np.ndarray, gain: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GAIN", gain)
    model = predictor()
    wanted = model.engine([windows])
    ours = model.outputs({"book": windows}, dense=False)
    assert (model.batches.engine is model.engine) == (gain > 1)
    assert model.batches.engine.name == ("onnxruntime" if gain > 1 else "xla")
    for count in (COUNT, 1, 700, 1_500):
        found = model.outputs({"book": windows[:count]}, dense=False)["direction"]
        np.testing.assert_allclose(found, wanted[0][:count], atol=1e-6)
    np.testing.assert_allclose(ours["direction"], wanted[0], atol=1e-6)


def test_few_windows_are_not_worth_a_look(windows: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(module, "compile_loops", lambda *_: lambda: made.append(1))
    model = predictor()
    for _ in range(3):
        model.outputs({"book": windows[:50]}, dense=False)
    monkeypatch.setattr(module, "_PATIENCE", 0.0)
    model.outputs({"book": windows[:500]}, dense=False)
    assert made == []


@pytest.mark.usefixtures("impatient")
def test_a_loop_that_does_not_agree_is_not_used(windows: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GAIN", 0.0)
    monkeypatch.setattr(
        "zoo.serve.tensorflow_xla.loops_run", lambda *_: lambda x: [np.ones((len(x[0]), 3), np.float32)]
    )
    model = predictor()
    found = model.outputs({"book": windows}, dense=False)
    assert model.batches.engine is model.engine
    np.testing.assert_allclose(found["direction"].sum(axis=1), 1, atol=1e-5)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("engine", ["onnxruntime", "xla", "keras"])
def test_an_engine_by_name_is_the_only_one(
    windows: np.ndarray, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GAIN", 0.0)
    model = predictor(engine)
    model.outputs({"book": windows}, dense=False)
    assert model.batches.engine is model.engine
    assert model.engine.name == engine


@pytest.mark.usefixtures("impatient")
def test_without_onnx_runtime_loops_stand_beside_the_whole(
    windows: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoo.serve.engines.find_spec", lambda name: None)
    monkeypatch.setattr(module, "_GAIN", 0.0)
    model = predictor()
    found = model.outputs({"book": windows}, dense=False)["direction"]
    assert model.engine.name == model.batches.engine.name == "xla"
    assert model.batches.engine is not model.engine
    np.testing.assert_allclose(found[:9], model.engine([windows[:9]])[0], atol=1e-6)


def test_what_has_no_such_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compile_loops(small.built("bin_ctabl").model, 8) is None
    spec = zoo.loads(STATEFUL)
    assert ModelPredictor(spec, zoo.build(spec)).batches.engine.name == "keras"
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert compile_loops(small.built("hrnn_lob").model, 8) is None


def test_the_weights_are_those_of_when_it_was_made(windows: np.ndarray) -> None:
    model = zoo.build(zoo.loads(HIERARCHY))
    before = model(windows[:5], training=False).numpy()
    make = compile_loops(model, 8, 1)
    assert make is not None
    model.set_weights([item + 0.1 for item in model.get_weights()])
    np.testing.assert_allclose(make()([windows[:5]])[0], before, atol=1e-6)


def test_a_predictor_on_xla_does_not_see_a_later_fit(windows: np.ndarray) -> None:
    run = Trained.untrained(zoo.loads(HIERARCHY), seed=1)
    fast = run.predictor("xla")
    before = fast.one(windows[0])
    run.model.set_weights([item + 0.1 for item in run.model.get_weights()])
    np.testing.assert_array_equal(fast.one(windows[0]), before)


def test_a_predictor_says_what_it_uses() -> None:
    fast = Trained.untrained(zoo.loads(HIERARCHY), seed=1).predictor()
    assert repr(fast) == "Predictor('hierarchy', onnxruntime)"
    fast.compiled.batches.engine = Engine("xla", lambda x: list(x))
    assert repr(fast) == "Predictor('hierarchy', onnxruntime; many windows: recurrent loops on xla)"
    assert (fast.engine, fast.batch_engine) == ("onnxruntime", "xla")
