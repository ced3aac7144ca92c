"""Dense scoring gives what scoring window by window gives, and is chosen where it saves work."""

from __future__ import annotations

import numpy as np
import pytest

import zoo
from tests.models import small
from tests.serve.specs import HIERARCHY, PLACED, SHORT_CUT
from zoo.data.part import WindowInput
from zoo.data.windowing import Windows, cut_windows
from zoo.errors import BuildError
from zoo.serve import batches
from zoo.serve import dense as module
from zoo.serve.halves import halves_of
from zoo.serve.predictor import ModelPredictor


def predictor(text: str) -> ModelPredictor:
    spec = zoo.loads(text)
    return ModelPredictor(spec, zoo.build(spec))


def windows(rows: int = 60, features: int = 8, shape: tuple[int, ...] = (6, 8, 1), stride: int = 1):
    values = np.random.default_rng(2).normal(size=(rows, features)).astype(np.float32)
    groups = np.repeat([0, 1, 2], [rows // 2, 3, rows - rows // 2 - 3])
    return WindowInput(cut_windows(values, shape[0], stride, groups), shape)


def check(model: ModelPredictor, x: dict[str, object]) -> None:
    ours, theirs = model.outputs(x, dense=True), model.outputs(x, dense=False)
    for name, wanted in theirs.items():
        np.testing.assert_allclose(ours[name], wanted, atol=1e-6)


@pytest.mark.parametrize("stride", [1, 4, 9])
def test_windows_of_several_sessions(stride: int):
    check(predictor(HIERARCHY), {"book": windows(stride=stride)})


def test_windows_in_any_order_and_again_and_again():
    found = windows()
    shuffled = np.random.default_rng(3).choice(found.windows.ends, 150)
    x = {"book": WindowInput(Windows(found.windows.values, 6, shuffled), found.sample_shape)}
    check(predictor(HIERARCHY), x)


def test_pieces_meet_without_a_seam(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_PIECE", 7)
    check(predictor(HIERARCHY), {"book": windows()})


def test_both_halves_go_the_way_that_is_faster_for_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(batches, "_PATIENCE", 0.0)
    monkeypatch.setattr(batches, "_GAIN", 0.0)
    monkeypatch.setattr(batches, "batch_for", lambda *_: 32)
    model, x = predictor(HIERARCHY), {"book": windows(rows=1_500)}
    assert model.dense is not None
    check(model, x)
    halves = (model.dense.encoder, model.dense.rest)
    assert [half.engine.name for half in halves] == ["xla", "xla"]
    assert [half.own.name for half in halves] == ["onnxruntime", "onnxruntime"]
    check(model, x)


def test_inputs_that_the_second_half_reads_itself():
    model = predictor(SHORT_CUT)
    past = windows(features=4, shape=(6, 4))
    other = np.random.default_rng(4).normal(size=(len(past), 2)).astype(np.float32)
    assert model.dense is not None
    assert model.dense.halves.direct == ("past", "other")
    check(model, {"past": past, "other": other})


def test_it_is_chosen_where_windows_overlap(monkeypatch: pytest.MonkeyPatch):
    model = predictor(HIERARCHY)
    asked = []
    run = module.Dense.run
    monkeypatch.setattr(module.Dense, "run", lambda self, x: asked.append(1) or run(self, x))
    apart = windows(stride=6)
    model.outputs({"book": apart})
    model.outputs({"book": np.asarray(apart)})
    assert asked == []
    model.outputs({"book": windows()})
    assert asked == [1]


def test_asking_for_what_cannot_be_is_told():
    with pytest.raises(BuildError) as caught:
        predictor(HIERARCHY).outputs({"book": np.zeros((3, 6, 8, 1), np.float32)}, dense=True)
    assert caught.value.code == "serve.dense"


def test_a_code_that_depends_on_its_place_is_none():
    assert predictor(PLACED).dense is None


@pytest.mark.parametrize("name", small.NAMES)
def test_the_halves_of_every_model_give_the_whole(name: str):
    found = small.filled(name)
    halves = halves_of(found.spec, found.model)
    if halves is None:
        assert name not in ("hrnn_lob", "hrnn_lob_course", "hrnn_mnist", "deeplob")
        return
    assert 0 < halves.share <= 1
    together = halves.encoder.count_params() + halves.rest.count_params()
    # a layer that both halves call is in both
    assert together >= found.model.count_params()
