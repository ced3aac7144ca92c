"""Integrated gradients: a worked case, every model, words, steps, states, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

import zoo
from tests.models import small
from tests.serve.specs import HIERARCHY, STATEFUL
from tests.train.specs import PAIR
from zoo.errors import TrainError
from zoo.explain.explanation import Explanation
from zoo.explain.integrated import legendre
from zoo.serve.engines import probe_of
from zoo.train.trained import Trained

WORKED = """
spec: 1
name: worked
inputs: {x: {shape: [3]}}
graph: {y: [x, Dense: {units: 3, activation: relu}, Dense: 2]}
outputs: {y: {loss: mse}}
"""
WORDS = """
spec: 1
name: words
inputs: {text: {shape: [5], dtype: int32}, other: {shape: [2]}}
layers: {code: {Embedding: {input_dim: 9, output_dim: 3, mask_zero: true}}}
graph:
  state: [text, code, LSTM: 4]
  y: [[state, other], Concatenate, Dense: {units: 2, activation: softmax}]
outputs: {y: {loss: sparse_categorical_crossentropy}}
"""
TWO_TEXTS = """
spec: 1
name: two_texts
inputs: {one: {shape: [3], dtype: int32}, two: {shape: [3], dtype: int32}}
layers: {code: {Embedding: {input_dim: 9, output_dim: 3}}}
graph:
  first: [one, code, Flatten]
  second: [two, code, Flatten]
  y: [[first, second], Concatenate, Dense: 2]
outputs: {y: {loss: mse}}
"""
STEPS = """
spec: 1
name: each_step
inputs: {x: {shape: [4, 2]}}
graph: {y: [x, LSTM: {units: 3, return_sequences: true}, Dense: {units: 3, activation: softmax}]}
outputs: {y: {loss: sparse_categorical_crossentropy}}
"""
ONE = np.array([[1.0, 2.0, 3.0]])


@pytest.fixture(scope="module")
def worked() -> Trained:
    run = Trained.untrained(zoo.loads(WORKED), seed=1)
    first = np.array([[-4, -3, -2], [-1, 0, 1], [2, 3, 4]], float).T
    second = np.array([[-3, -2, -1], [1, 2, 3]], float).T
    run.model.set_weights([first, np.zeros(3), second, np.ones(2)])
    return run


@pytest.fixture(scope="module")
def book() -> Trained:
    return zoo.train(zoo.loads(HIERARCHY), verbose=0)


def check_complete(found: Explanation) -> None:
    """The sums are what the output changes by, and the result says how far they miss it."""
    total = sum(values.reshape(len(values), -1).sum(axis=1) for values in found.attributions.values())
    np.testing.assert_allclose(total - found.change, found.gap, atol=1e-5)
    assert found.complete, found.relative_gap.max()


@pytest.mark.parametrize(
    ("target", "value", "wanted"), [(0, -23, (0, -6, -18)), ("value_2", 65, (4, 18, 42))]
)
def test_the_worked_case(worked: Trained, target: object, value: float, wanted: tuple[float, ...]):
    found = worked.explain(ONE, baseline="zeros", target=target)
    assert found.values == [value]
    np.testing.assert_allclose(found.attributions["x"], [wanted], rtol=1e-6)
    # biases of the last layer are the baseline's own output
    np.testing.assert_allclose(found.change, [value - 1])
    check_complete(found)


def test_the_other_methods_on_the_worked_case(worked: Trained):
    # where the hidden layer is all above zero the model is linear: W2·W1 is its gradient
    slope = np.array([[-3, -2, -1], [1, 2, 3]]) @ np.array([[-4, -3, -2], [-1, 0, 1], [2, 3, 4]])
    times = worked.explain(ONE * 10, method="gradient_x_input", target=0)
    active = np.array([[-3, -2, -1]]) * (np.array([[-4, -3, -2], [-1, 0, 1], [2, 3, 4]]) @ ONE[0] > 0)
    gradient = active @ np.array([[-4, -3, -2], [-1, 0, 1], [2, 3, 4]])
    np.testing.assert_allclose(times.attributions["x"], gradient * ONE * 10, rtol=1e-6)
    assert times.gap is None
    far = np.array([[10.0, 20.0, 30.0], [10.0, 20.0, 30.1]])
    smooth = worked.explain(far, method="smoothgrad", target=0, steps=4)
    assert smooth.attributions["x"].shape == far.shape
    assert slope.shape == (2, 3)


def test_the_quadrature_is_exact_for_polynomials():
    nodes, weights = legendre(3)
    for power in range(6):
        assert np.sum(weights * nodes**power) == pytest.approx(1 / (power + 1))


@pytest.mark.parametrize("name", small.NAMES)
def test_attributions_of_every_model_add_up(name: str):
    found = small.built(name)
    found.model.set_weights(found.weights)
    run = Trained(found.spec, found.model, seed=1)
    probe = dict(zip(found.spec.inputs, probe_of(found.model), strict=True))
    # Not from zero: what normalises a window by itself jumps there, and no sum along a line can follow it.
    from_zero = run.batch_size is not None
    baseline = "zeros" if from_zero else {key: values[2:3] for key, values in probe.items()}
    x = probe if from_zero else {key: values[:2] for key, values in probe.items()}
    check_complete(run.explain(x, baseline=baseline, scaled=True, tolerance=0.05))


def test_words_are_attributed_at_their_embeddings():
    run = Trained.untrained(zoo.loads(WORDS), seed=3)
    x = {"text": np.array([[1, 2, 3, 0, 0], [4, 5, 6, 7, 8]], np.int32), "other": np.ones((2, 2), np.float32)}
    found = run.explain(x, baseline="zeros", target=1, of="logits")
    check_complete(found)
    assert found.attributions["text"].shape == (2, 5)
    # what is masked says nothing
    assert (found.attributions["text"][0, 3:] == 0).all()
    assert (found.attributions["text"][1] != 0).all()


def test_inputs_of_the_same_words_are_kept_apart():
    run = Trained.untrained(zoo.loads(TWO_TEXTS), seed=3)
    same = np.array([[1, 2, 3]], np.int32)
    found = run.explain({"one": same, "two": same}, baseline="zeros", target=1)
    check_complete(found)
    table, kernel = run.model.get_weights()[:2]
    vectors = table[same[0]]
    np.testing.assert_allclose(
        found.attributions["one"][0], (vectors * kernel[:9, 1].reshape(3, 3)).sum(1), atol=1e-5
    )
    np.testing.assert_allclose(
        found.attributions["two"][0], (vectors * kernel[9:, 1].reshape(3, 3)).sum(1), atol=1e-5
    )


@pytest.mark.parametrize("baseline", ["zeros", "ones"])
def test_steps_that_are_masked_stay_out(baseline: str):
    text = STEPS.replace("[x, LSTM: {units: 3, return_sequences: true}", "[x, Masking, LSTM: 3")
    run = Trained.untrained(zoo.loads(text), seed=3)
    x = np.random.default_rng(0).normal(size=(3, 4, 2))
    x[0, 2:] = 0
    found = run.explain(x, baseline=baseline if baseline == "zeros" else np.ones((1, 4, 2)))
    check_complete(found)
    assert (found.attributions["x"][0, 2:] == 0).all()
    assert (found.attributions["x"][1:] != 0).all()


MASKED_WITHIN = """
spec: 1
name: masked_within
inputs: {x: {shape: [4, 2]}}
models:
  reader:
    inputs: {part: {shape: [4, 2]}}
    graph: {code: [part, Masking: {mask_value: -1.0}, LSTM: 3]}
    outputs: [code]
graph: {y: [x, Identity, reader, Dense: {units: 3, activation: softmax}]}
outputs: {y: {loss: sparse_categorical_crossentropy}}
"""


@pytest.mark.parametrize("text", [MASKED_WITHIN, MASKED_WITHIN.replace("Identity, ", "")])
def test_steps_that_a_submodel_masks_stay_out(text: str):
    run = Trained.untrained(zoo.loads(text), seed=3)
    x = np.random.default_rng(0).normal(size=(3, 4, 2))
    x[0, 2:] = -1.0
    found = run.explain(x, baseline=np.ones((1, 4, 2)))
    check_complete(found)
    assert (found.attributions["x"][0, 2:] == 0).all()
    assert (found.attributions["x"][1:] != 0).all()
    # and the model is as it was
    moved = x.copy()
    moved[0, 2:] = 0.5
    assert not np.allclose(run.predict(moved)[0], run.predict(x)[0])


def test_no_function_is_traced_as_it_is_called(worked: Trained, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("WARNING", logger="tensorflow"):
        for _ in range(6):
            worked.explain(ONE, baseline="zeros")
    assert "retracing" not in caplog.text


def test_logits_are_what_softmax_is_given():
    run = Trained.untrained(zoo.loads(WORDS), seed=3)
    x = {"text": np.array([[1, 2, 3, 4, 5]], np.int32), "other": np.ones((1, 2), np.float32)}
    scores = [run.explain(x, baseline="zeros", target=place, of="logits").values[0] for place in (0, 1)]
    np.testing.assert_allclose(np.exp(scores) / np.exp(scores).sum(), run.predict(x)[0], rtol=1e-5)
    # and the model is as it was
    np.testing.assert_allclose(run.predict(x).sum(axis=1), 1.0, rtol=1e-6)


def test_a_step_sees_no_later_one():
    run = Trained.untrained(zoo.loads(STEPS), seed=3)
    x = np.random.default_rng(0).normal(size=(3, 4, 2))
    found = run.explain(x, baseline="zeros", step=1, target=2)
    check_complete(found)
    assert (found.attributions["x"][:, 2:] == 0).all()
    assert (found.attributions["x"][:, :2] != 0).all()
    assert "step 2 of 4" in found.target


def test_a_state_begins_at_zero_and_is_left_as_it_was():
    run = Trained.untrained(zoo.loads(STATEFUL), seed=3)
    x = np.random.default_rng(0).normal(size=(3, 6, 4))
    run.model.predict_on_batch(x[:1])
    before = [np.asarray(item) for layer in run.model.layers for item in getattr(layer, "states", None) or ()]
    found = run.explain(x, baseline="zeros")
    check_complete(found)
    again = run.explain(x[::-1], baseline="zeros")
    np.testing.assert_allclose(again.attributions["past"], found.attributions["past"][::-1], atol=1e-6)
    after = [np.asarray(item) for layer in run.model.layers for item in getattr(layer, "states", None) or ()]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_baselines(book: Trained):
    mean = book.explain(windows=8)
    assert mean.baseline == "mean of the training part"
    for baseline in ("median", "zeros", "expected", np.zeros((1, 6, 8, 1))):
        found = book.explain(windows=8, baseline=baseline)
        check_complete(found)
    # z-scores: the training part's mean is zero, but for the windows that were looked at
    zeros = book.explain(windows=8, baseline="zeros").attributions["book"]
    np.testing.assert_allclose(mean.attributions["book"], zeros, atol=0.05)
    one, other = (
        book.explain(windows=8, baseline="expected", seed=seed).attributions["book"] for seed in (1, 1)
    )
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, book.explain(windows=8, baseline="expected", seed=2).attributions["book"])


def test_several_baselines_are_the_mean_of_each(worked: Trained):
    draws = np.random.default_rng(0).normal(size=(3, 3))
    together = worked.explain(ONE, baseline=draws, steps=64).attributions["x"]
    alone = [worked.explain(ONE, baseline=draws[i : i + 1], steps=64).attributions["x"] for i in range(3)]
    np.testing.assert_allclose(together, np.mean(alone, axis=0), rtol=1e-4)


def test_steps_are_added_until_the_gap_is_small(worked: Trained):
    x = np.random.default_rng(0).normal(size=(40, 3)) * 3
    rough = worked.explain(x, baseline=x[:1], steps=2, tolerance=0.001)
    assert not rough.complete
    assert "above the tolerance" in str(rough)
    fine = worked.explain(x, baseline=x[:1], tolerance=0.001)
    assert fine.relative_gap.max() <= 0.001 or fine.steps.max() == 1024
    assert len(set(fine.steps.tolist())) > 1


def test_what_does_not_fit_in_one_pass_is_walked_in_pieces(book: Trained, monkeypatch: pytest.MonkeyPatch):
    whole = book.explain(windows=7, steps=16).attributions["book"]
    monkeypatch.setattr("zoo.explain.integrated._NUMBERS", 1)
    np.testing.assert_allclose(book.explain(windows=7, steps=16).attributions["book"], whole, atol=1e-6)


def test_tables(book: Trained):
    found = book.explain(windows=10, target="up")
    table = found.frame(["side", "level"])
    assert list(table) == ["side", "level", "attribution", "importance", "share"]
    assert len(table) == 4
    assert table["share"].sum() == pytest.approx(1)
    assert (table["importance"].diff().dropna() <= 0).all()
    for by in ("feature", "time", "field", "input"):
        total = found.frame(by)["attribution"].sum()
        assert total == pytest.approx(float(found.attributions["book"].sum(axis=(1, 2, 3)).mean()), abs=1e-6)
    assert set(found.importance("time")) == set(range(6))
    assert (found.rows > 0).all()


@pytest.mark.parametrize(
    ("by", "column", "counted"),
    [
        (["side", "time"], "side", "time: steps before the window's last one, which is 0"),
        ("level", "level", "level: of the book, 1 is the best"),
        ({"best": ["ask_size_1", "bid_size_1"]}, "group", "importance: the mean of its size"),
    ],
)
def test_what_was_asked_is_what_is_told(book: Trained, by: object, column: str, counted: str):
    found = book.explain(windows=6, target="up", by=by)
    assert found.frame().equals(book.explain(windows=6, target="up").frame(by))
    assert list(found.frame())[0] == column
    said = str(found)
    assert counted in said and found.table(by) in said and found.table("feature") not in said
    assert list(found.importance()) == list(book.explain(windows=6, target="up").importance(by))


def test_no_number_of_an_input_has_the_label(worked: Trained):
    with pytest.raises(TrainError, match="no number of the inputs has a level"):
        worked.explain(ONE, baseline="zeros", by="level")


def test_every_method_of_the_shell_is_a_function_or_says_whose_it_is(worked: Trained):
    from zoo.cli.explain import _METHODS

    for method, (name, _) in _METHODS.items():
        if name == "explain":
            assert worked.explain(ONE, baseline="zeros", method=method).method == method
        else:
            with pytest.raises(TrainError, match=rf"run\.{name}\(\)"):
                worked.explain(ONE, baseline="zeros", method=method)


def test_several_outputs():
    run = Trained.untrained(zoo.loads(PAIR), seed=1)
    x = {"a": np.ones((2, 4)), "b": np.ones((2, 2))}
    assert run.explain(x, baseline="zeros").output == "zz"
    found = run.explain(x, baseline="zeros", output="aa")
    assert found.values.shape == (2,)
    np.testing.assert_allclose(found.values, run.predict(x)["aa"][:, 0], rtol=1e-6)


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ({"method": "integrated"}, "explain.method", "integrated_gradients"),
        ({"method": "permutation"}, "explain.method", "run.importance()"),
        ({"method": "occlusion"}, "explain.method", "run.occlusion()"),
        ({"by": "levels"}, "explain.by", "did you mean `level`"),
        ({"by": {"best": ["ask_sise_1"]}}, "explain.by", "did you mean `ask_size_1`"),
        ({"output": "directon"}, "explain.output", "direction"),
        ({"target": "upp"}, "explain.target", "did you mean `up`? (known: `down`, `stationary`, `up`)"),
        ({"target": 3}, "explain.target", "`up`"),
        ({"baseline": "average"}, "explain.baseline", "mean"),
        ({"of": "score"}, "explain.of", "logits"),
        ({"step": 2}, "explain.step", "no steps"),
        ({"windows": 0}, "explain.windows", "from 1"),
        ({"tolerance": -1}, "explain.tolerance", "from 0"),
        ({"steps": 0}, "explain.steps", "from 1"),
        ({"baseline": np.zeros((1, 3))}, "train.shape", "book"),
    ],
)
def test_mistakes_are_told(book: Trained, asked: dict[str, object], code: str, said: str):
    with pytest.raises(TrainError) as caught:
        book.explain(**asked)
    assert caught.value.code == code
    assert said in str(caught.value)


def test_mistakes_in_a_table_are_told(book: Trained):
    found = book.explain(windows=2)
    for by, said in (("levels", "did you mean `level`"), ([], "names nothing"), ("sides", "side")):
        with pytest.raises(TrainError, match=said):
            found.frame(by)


def test_an_opened_bundle_has_no_training_part(book: Trained, tmp_path: object):
    run = Trained.untrained(zoo.loads(WORKED), seed=1)
    with pytest.raises(TrainError) as caught:
        run.explain(ONE)
    assert caught.value.code == "explain.baseline"
    opened = zoo.from_bytes(book.to_bytes())
    np.testing.assert_allclose(
        opened.explain(windows=4).attributions["book"],
        book.explain(windows=4).attributions["book"],
        atol=1e-6,
    )
