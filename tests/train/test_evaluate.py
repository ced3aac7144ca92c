"""Scores against scikit-learn and by hand; baselines see the training part only; the table fits the page."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from zoo.train.judge.baselines import Baselines, fit_baselines
from zoo.train.judge.evaluate import Context, Evaluation, evaluate
from zoo.train.judge.scores import class_scores, number_scores
from zoo.train.parts import Sample, last_snapshot
from zoo.train.tasks import task

LABELS = task("sparse_categorical_crossentropy", (3,))
NUMBER = task("mse", (1,))
CONTEXT = Context(
    "hrnn_lob",
    about="simulated order book (seed 7), 20,000 snapshots",
    windows=2_950,
    label="label: forward, horizon 50 snapshots, threshold half_mean_abs",
    split="split: by time, 70/15/15 % train/val/test, purge auto",
    simulated=True,
)


def _sample(count: int, seed: int, classes: int = 3) -> Sample:
    rng = np.random.default_rng(seed)
    last = rng.normal(size=(count, 4)) * [1, 5, 0.1, 0] + 3
    y = (np.digitize(last[:, 0] + rng.normal(size=count), [2.5, 3.5])).astype(np.int32) % classes
    return Sample(
        {"book": rng.normal(size=(count, 5, 2)).astype(np.float32)},
        {"move": y},
        last=last,
        persistence=rng.integers(0, 3, count),
        hidden=last[:, 0] + rng.normal(size=count) * 0.1,
    )


def test_scores_by_hand() -> None:
    truth, said = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    chances = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.0, 1.0, 0.0], [0.5, 0.5, 0.0]])
    scores = class_scores(truth, said, 3, chances)
    assert scores["accuracy"] == 0.5
    assert scores["balanced_accuracy"] == pytest.approx((0.5 + 1 + 0) / 3)
    assert scores["macro_f1"] == pytest.approx((2 / 3 + 0.5 + 0) / 3)
    assert scores["nll"] == pytest.approx(-(np.log(0.5) + np.log(0.25) + np.log(1) + np.log(1e-7)) / 4)
    assert class_scores(np.array([0, 0]), np.array([1, 1]), 3)["mcc"] == 0


def test_number_scores_by_hand() -> None:
    scores = number_scores(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 5.0]))
    assert scores == pytest.approx({"mae": 2 / 3, "rmse": (4 / 3) ** 0.5, "r2": -1.0})


def test_the_logistic_baseline_is_scikit_learns_on_scaled_columns() -> None:
    train, test = _sample(400, 0), _sample(200, 1)
    fitted = fit_baselines(train, train.y, {"move": LABELS})["move"]
    ours = fitted.predict(test, test.y["move"], "move")["logistic"]
    assert train.last is not None and test.last is not None
    mean, spread = train.last.mean(axis=0), train.last.std(axis=0)
    spread[spread == 0] = 1
    theirs = LogisticRegression(max_iter=500).fit((train.last - mean) / spread, train.y["move"])
    np.testing.assert_allclose(
        ours.probabilities, theirs.predict_proba((test.last - mean) / spread), atol=1e-9
    )


def test_a_class_the_training_part_never_showed_has_no_chance() -> None:
    train = _sample(300, 0, classes=2)
    fitted = fit_baselines(train, train.y, {"move": LABELS})["move"]
    again = Baselines.from_dict(json.loads(json.dumps(fitted.to_dict())))
    for item in (fitted, again):
        found = item.predict(train, train.y["move"], "move")
        assert found["logistic"].probabilities is not None
        np.testing.assert_array_equal(found["logistic"].probabilities[:, 2], 0)
        np.testing.assert_allclose(found["logistic"].probabilities.sum(axis=1), 1)


def test_baselines_survive_json() -> None:
    train, test = _sample(300, 0), _sample(100, 1)
    fitted = fit_baselines(train, train.y, {"move": LABELS})["move"]
    again = Baselines.from_dict(json.loads(json.dumps(fitted.to_dict())))
    one, two = (item.predict(test, test.y["move"], "move") for item in (fitted, again))
    assert list(one) == ["majority", "persistence", "logistic", "oracle"]
    for name, said in one.items():
        np.testing.assert_array_equal(said.values, two[name].values)


def test_baselines_know_nothing_of_the_test_part() -> None:
    train, test = _sample(300, 0), _sample(100, 1)
    fitted = fit_baselines(train, train.y, {"move": LABELS})["move"]
    before = fitted.predict(test, test.y["move"], "move")
    shuffled = np.random.default_rng(2).permutation(test.y["move"])
    after = fitted.predict(test, shuffled, "move")
    for name, said in before.items():
        np.testing.assert_array_equal(said.values, after[name].values)


def test_numbers_beside_the_mean_and_the_last_value() -> None:
    train_y, test_y = np.array([[1.0], [2.0], [3.0]]), np.array([[5.0], [7.0]])
    x = {"x": np.zeros((3, 2), dtype=np.float32)}
    fitted = fit_baselines(Sample(x, {"y": train_y}), {"y": train_y}, {"y": NUMBER})["y"]
    found = fitted.predict(Sample({"x": x["x"][:2]}, {"y": test_y}), test_y, "y")
    np.testing.assert_array_equal(found["mean"].values, [[2.0], [2.0]])
    np.testing.assert_array_equal(found["last_value"].values, [[3.0], [5.0]])


LEVELS = {"move": ["down", "stationary", "up"]}


def _report() -> Evaluation:
    train, test = _sample(300, 0), _sample(100, 1)
    raw = np.full((100, 3), 0.2)
    raw[np.arange(100), test.y["move"]] = 0.6
    baselines = fit_baselines(train, train.y, {"move": LABELS})
    return evaluate({"move": raw}, test, {"move": LABELS}, baselines, CONTEXT, LEVELS)


def test_the_table_says_what_was_judged_and_fits_the_page() -> None:
    report = _report()
    text = str(report)
    assert max(map(len, text.splitlines())) <= 60
    for said in (
        "simulated",
        "horizon 50",
        "half_mean_abs",
        "70/15/15",
        "test part: 2,950 windows",
        "stationary",
    ):
        assert said in text
    for row in ("model", "majority", "persistence", "logistic, snapshot", "oracle, hidden state"):
        assert f"\n{row}" in text
    assert report.metrics["accuracy"] == 1.0
    assert report.metrics["nll"] == pytest.approx(-np.log(0.6))
    assert list(report.baselines) == ["majority", "persistence", "logistic", "oracle"]
    assert "nll" not in report.baselines["persistence"]
    assert report.confusion["move"].trace() == 100


def test_simulated_is_said_even_if_the_data_does_not_say_so() -> None:
    report = Evaluation(Context("m", about="a book", simulated=True))
    assert "(simulated)" in str(report)


def test_the_report_survives_json() -> None:
    report = _report()
    again = Evaluation.from_dict(json.loads(json.dumps(report.to_dict(), allow_nan=False)))
    assert str(again) == str(report)
    assert again.metrics == report.metrics


def test_several_outputs_are_named_in_the_metrics() -> None:
    test = _sample(50, 1)
    part = Sample(test.x, {"move": test.y["move"], "size": np.linspace(0, 1, 50)[:, None]}, last=test.last)
    tasks = {"move": LABELS, "size": NUMBER}
    baselines = fit_baselines(part, part.y, tasks)
    raw = {"move": np.eye(3)[test.y["move"]], "size": part.y["size"]}
    report = evaluate(raw, part, tasks, baselines, Context("two"))
    assert report.metrics["move_macro_f1"] == 1.0
    assert report.metrics["size_rmse"] == 0.0
    assert report.baselines["mean"]["size_r2"] == pytest.approx(0.0)
    assert "R²" in str(report)
    assert max(map(len, str(report).splitlines())) <= 60


@pytest.mark.parametrize("classes", [2, 7, 12])
def test_many_classes_and_long_names_still_fit(classes: int) -> None:
    wanted = task("sparse_categorical_crossentropy", (classes,))
    y = np.arange(60) % classes
    part = Sample({"x": np.zeros((60, 2), dtype=np.float32)}, {"a_rather_long_name_of_an_output": y})
    name = "a_rather_long_name_of_an_output"
    levels = [f"a quite long level {i}" for i in range(classes)]
    context = Context("a_model", about="words " * 30)
    report = evaluate({name: np.eye(classes)[y]}, part, {name: wanted}, {}, context, {name: levels})
    assert max(map(len, str(report).splitlines())) <= 60


def test_the_last_snapshot_is_gathered_from_lazy_windows() -> None:
    x = np.arange(60, dtype=np.float32).reshape(5, 3, 4)
    found = last_snapshot({"a": x, "tokens": np.ones((5, 3), dtype=np.int32)})
    assert found is not None
    np.testing.assert_array_equal(found, x[:, -1])
    assert last_snapshot({"tokens": np.ones((5, 3), dtype=np.int32)}) is None
