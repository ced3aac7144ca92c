"""Every model of the zoo on every engine: the numbers of Keras; and what is told where there are none."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import zoo
from tests.models import small
from tests.serve.specs import HIERARCHY, STATEFUL
from zoo.errors import BuildError
from zoo.layers.reset_states import states_of
from zoo.serve import engines
from zoo.serve.engines import TOLERANCE, compile_engine, probe_of
from zoo.serve.tensorflow_onnx import to_onnx

CARRIES_STATE = {name for name in small.NAMES if states_of(small.built(name).model)}


@pytest.mark.parametrize("name", [name for name in small.NAMES if name not in CARRIES_STATE])
def test_every_model_runs_on_onnx_runtime(name: str):
    model = small.filled(name).model
    engine = compile_engine(model, "onnxruntime")
    # a difference beyond the tolerance would have been refused
    assert engine.difference <= TOLERANCE
    if engine.fixed is None:
        probe = probe_of(model)
        for ours, wanted in zip(engine([item[1:2] for item in probe]), engine(probe), strict=True):
            np.testing.assert_allclose(ours, wanted[1:2], atol=1e-5)


@pytest.mark.parametrize("name", ["gru_lob", "hrnn_lob", "headline", "tcn"])
@pytest.mark.parametrize("count", [1, 3, 8])
def test_xla_gives_the_same_for_any_number_of_samples(name: str, count: int):
    model = small.filled(name).model
    probe = [np.concatenate([item] * 3)[:count] for item in probe_of(model)]
    theirs = compile_engine(model, "keras")(probe)
    for ours, wanted in zip(compile_engine(model, "xla")(probe), theirs, strict=True):
        np.testing.assert_allclose(ours, wanted, atol=1e-5)


def test_which_models_carry_a_state():
    assert {"lstm_stacked_stateful", "rnn_sine"} == CARRIES_STATE


def test_a_state_stays_with_keras():
    model = zoo.build(zoo.loads(STATEFUL))
    assert compile_engine(model).name == "keras"
    with pytest.raises(BuildError, match="carries a state") as caught:
        compile_engine(model, "onnxruntime")
    assert caught.value.code == "serve.stateful"


def test_the_fastest_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch):
    model = zoo.build(zoo.loads(HIERARCHY))
    assert compile_engine(model).name == "onnxruntime"
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert compile_engine(model).name == "xla"


def test_an_engine_that_does_not_agree_is_not_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("zoo.serve.onnx_engine.onnx_run", lambda graph, threads: lambda x: [np.ones((3, 3))])
    model = zoo.build(zoo.loads(HIERARCHY))
    assert compile_engine(model).name == "xla"
    with pytest.raises(BuildError, match="differs from Keras") as caught:
        compile_engine(model, "onnxruntime")
    assert caught.value.code == "serve.difference"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("onxruntime", "onnxruntime"), ("onnx", "onnxruntime"), ("onx", "onnxruntime"), ("tensorflow", "xla")],
)
def test_a_misspelt_engine_is_told(asked: str, meant: str):
    with pytest.raises(BuildError) as caught:
        compile_engine(zoo.build(zoo.loads(HIERARCHY)), asked)
    assert caught.value.code == "serve.engine"
    assert f"did you mean `{meant}`" in str(caught.value)


def test_xla_is_quiet_however_many_sizes_come(caplog: pytest.LogCaptureFixture):
    model = small.filled("mlplob").model
    for _ in range(4):
        engine = compile_engine(model, "xla")
        for count in (1, 2, 9):
            engine([np.concatenate([item] * 3)[:count] for item in probe_of(model)])
    assert not [said.message for said in caplog.records if "retracing" in said.message]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_a_gru_is_one_operator(backwards: bool, sequences: bool, bias: bool):
    import onnx

    past = keras.Input((5, 3), name="past")
    layer = keras.layers.GRU(4, go_backwards=backwards, return_sequences=sequences, use_bias=bias)
    model = keras.Model(past, layer(past), name="gated")
    model.set_weights([np.random.default_rng(1).normal(size=item.shape) for item in model.get_weights()])
    kinds = {node.op_type for node in onnx.load_from_string(to_onnx(model)).graph.node}
    assert "GRU" in kinds
    assert "Loop" not in kinds
    assert compile_engine(model, "onnxruntime").difference <= TOLERANCE


def test_inputs_and_outputs_keep_their_names():
    import onnx

    model = small.built("headline").model
    graph = onnx.load_from_string(to_onnx(model)).graph
    assert [item.name for item in graph.input] == ["main_input", "aux_input"]
    assert [item.name for item in graph.output] == model.output_names
