"""Whole runs, small: from a spec to a folder, and what a user may get wrong on the way."""

from __future__ import annotations

import csv
import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import zoo
from tests.train.specs import PAIR, TINY
from zoo.errors import TrainError
from zoo.train.run import _spec_callbacks
from zoo.train.trained import Trained


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs") / "tiny"


@pytest.fixture(scope="module")
def run(out: Path) -> Trained:
    return zoo.train(zoo.loads(TINY), out=out, verbose=0)


def _pair(count: int = 60) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    rng = np.random.default_rng(0)
    x = {"a": rng.normal(size=(count, 4)), "b": rng.normal(size=(count, 2))}
    return x, {"zz": rng.integers(0, 3, count), "aa": rng.normal(size=count)}


def test_a_run_says_what_it_did(run: Trained) -> None:
    assert run.epochs == 2
    assert list(run.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert set(run.metrics) == {"accuracy", "balanced_accuracy", "macro_f1", "mcc", "nll"}
    assert run.evaluation is not None
    assert list(run.evaluation.baselines) == ["majority", "persistence", "logistic", "oracle"]
    assert "simulated" in str(run.evaluation)
    assert "horizon 5 snapshots" in str(run.evaluation)
    assert max(map(len, str(run.evaluation).splitlines())) <= 60


def test_the_folder(run: Trained, out: Path) -> None:
    assert sorted(item.name for item in out.iterdir()) == [
        "history.csv",
        "history.png",
        "metrics.json",
        "run.json",
        "spec.yaml",
        "tiny.zoo",
    ]
    rows = list(csv.reader((out / "history.csv").read_text().splitlines()))
    assert rows[0] == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert float(rows[2][1]) == run.history["loss"][1]
    assert json.loads((out / "metrics.json").read_text())["metrics"] == run.metrics
    assert (out / "history.png").read_bytes().startswith(b"\x89PNG")
    assert zoo.load(out / "spec.yaml") == run.spec


def test_the_same_seed_is_the_same_run_and_another_is_not(run: Trained) -> None:
    again = zoo.train(zoo.loads(TINY), verbose=0)
    assert again.history == run.history
    assert again.to_bytes() == run.to_bytes()
    assert zoo.train(zoo.loads(TINY), seed=8, verbose=0).history != run.history


def test_the_callers_random_numbers_go_on_as_before() -> None:
    random.seed(1), np.random.seed(1)
    wanted = random.random(), np.random.rand()
    random.seed(1), np.random.seed(1)
    Trained.untrained(zoo.loads(TINY))
    assert (random.random(), np.random.rand()) == wanted


def test_predictions_are_the_same_from_parts_arrays_and_books(run: Trained) -> None:
    part = run.prepared.test
    wanted = run.predict()
    assert wanted.shape == (len(part), 3)
    np.testing.assert_array_equal(run.predict(np.asarray(part.x["book"])), wanted)
    np.testing.assert_array_equal(run.predict({"book": np.asarray(part.x["book"])}), wanted)
    book = zoo.data.orderbook.simulate(snapshots=600, levels=1, seed=1)
    whole = run.predict(book)
    ends = run.pipeline.transform(book).rows
    np.testing.assert_allclose(whole[np.isin(ends, part.rows)], wanted, atol=1e-6)


def test_data_seen_in_training_is_judged_on_its_test_part_alone(run: Trained) -> None:
    seen = zoo.data.orderbook.simulate(snapshots=600, levels=1, seed=1)
    assert run.evaluate(seen).context.part == "test"
    assert run.evaluate(seen).metrics == run.metrics
    deeper = zoo.data.orderbook.simulate(snapshots=600, levels=1, seed=1).to_frame()
    deeper["ask_price_2"], deeper["ask_size_2"] = deeper["ask_price_1"] + 1, 1.0
    deeper["bid_price_2"], deeper["bid_size_2"] = deeper["bid_price_1"] - 1, 1.0
    assert run.evaluate(deeper).context.part == "test"
    fresh = run.evaluate(zoo.data.orderbook.simulate(snapshots=300, levels=1, seed=9))
    assert fresh.context.part == "all"
    assert fresh.context.windows > 200
    assert "majority" in fresh.baselines


def test_a_slice_of_the_training_data_is_told_as_seen(run: Trained) -> None:
    book = zoo.data.orderbook.simulate(snapshots=600, levels=1, seed=1)
    for opened in (run, zoo.from_bytes(run.to_bytes())):
        judged = opened.evaluate(book.take(np.arange(100, 300)))
        assert judged.context.part == "all" and "% of its rows were trained on" in str(judged)
    # Half of it is of the training part, which ends at row 420; the test part alone was never trained on.
    half = run.evaluate(book.take(np.arange(320, 520))).context.note
    assert 40 <= int(half.split("%")[0].split()[-1]) <= 60
    assert run.evaluate(book.take(np.arange(430, 600))).context.note == ""
    fresh = zoo.data.orderbook.simulate(snapshots=300, levels=1, seed=9)
    assert run.evaluate(fresh).context.note == ""


def test_another_simulation_comes_back_with_the_bundle() -> None:
    run = zoo.train(zoo.loads(TINY), {"simulate": {"snapshots": 500, "levels": 1, "seed": 2}}, verbose=0)
    again = zoo.from_bytes(run.to_bytes())
    np.testing.assert_array_equal(again.predict(), run.predict())
    assert again.prepared.fingerprint == run.data_card["fingerprint"]


def test_a_folder_never_shows_the_metrics_of_an_earlier_run(tmp_path: Path) -> None:
    zoo.train(zoo.loads(TINY), epochs=1, out=tmp_path, verbose=0)
    with pytest.raises(KeyboardInterrupt):
        zoo.train(zoo.loads(TINY), epochs=3, out=tmp_path, overwrite=True, verbose=0, callbacks=[Interrupt()])
    assert not (tmp_path / "metrics.json").exists()


def test_an_interrupt_while_judging_keeps_the_trained_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("zoo.train.sources.judge", interrupt)
    with pytest.raises(KeyboardInterrupt):
        zoo.train(zoo.loads(TINY), epochs=1, out=tmp_path, verbose=0)
    assert zoo.open(tmp_path / "tiny.zoo").epochs == 1


def test_no_epochs_is_an_untrained_run_with_a_pipeline() -> None:
    run = zoo.train(zoo.loads(TINY), epochs=0, verbose=0)
    assert run.history == {}
    assert run.epochs == 0
    assert run.pipeline is not None
    assert 0 <= run.metrics["accuracy"] <= 1
    again = Trained.untrained(zoo.loads(TINY))
    for one, two in zip(run.model.get_weights(), again.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_arrays_with_several_inputs_and_outputs(tmp_path: Path) -> None:
    x, y = _pair()
    run = zoo.train(zoo.loads(PAIR), (x, y), epochs=2, verbose=0, out=tmp_path, class_weight="balanced")
    assert {"zz_macro_f1", "aa_rmse"} <= set(run.metrics)
    assert list(run.predict()) == ["zz", "aa"]
    assert list(run.predict([x["a"], x["b"]])) == ["zz", "aa"]
    assert run.evaluate((x, y)).context.windows == 60
    same = zoo.train(zoo.loads(PAIR), {"x": x, "y": y}, epochs=2, verbose=0, class_weight="balanced")
    assert same.history == run.history


def test_fit_in_place_and_again() -> None:
    x, y = _pair()
    run = Trained.untrained(zoo.loads(PAIR))
    first = run.fit(x, y, epochs=2, validation_split=0.25)
    assert len(first["val_loss"]) == 2
    second = run.fit([x["a"], x["b"]], [y["zz"], y["aa"]], class_weight={"zz": {0: 2.0}})
    assert len(second["loss"]) == 1
    assert "val_loss" not in second
    assert run.epochs == 3
    assert run.history["loss"] == first["loss"] + second["loss"]
    assert np.isnan(run.history["val_loss"][2])
    again = Trained.untrained(zoo.loads(PAIR))
    again.fit(x, y, epochs=2, validation_split=0.25)
    assert again.history["loss"] == first["loss"]
    scores = run.score(x, y)
    assert {"loss", "zz_accuracy"} <= set(scores)
    zoo.from_bytes(run.to_bytes()).fit(x, y)


def test_fit_with_validation_data_and_callbacks() -> None:
    x, y = _pair()
    seen: list[int] = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))
    run = Trained.untrained(zoo.loads(PAIR))
    run.fit(x, y, epochs=2, validation_data=(x, y), callbacks=[watch])
    assert seen == [0, 1]


def test_compile_changes_the_loss_and_what_is_asked_of_y() -> None:
    x, y = _pair()
    run = Trained.untrained(zoo.loads(PAIR))
    run.compile(loss={"zz": "categorical_crossentropy", "aa": "mae"}, optimizer="sgd")
    assert run.tasks["zz"].kind == "one_hot"
    run.fit(x, y)
    run.compile()
    assert run.tasks["zz"].kind == "labels"
    assert "zz (Dense)" in run.summary()
    assert repr(run) == "Trained('pair', 1 epochs, 28 parameters)"


class Interrupt(keras.callbacks.Callback):
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if self.epoch == 1:
            signal.raise_signal(signal.SIGINT)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch = epoch


def test_an_interrupted_run_is_in_its_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        zoo.train(zoo.loads(TINY), epochs=5, out=tmp_path, verbose=0, callbacks=[Interrupt()])
    assert caught.value.args == ()
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    kept = zoo.open(tmp_path / "tiny.zoo")
    assert kept.interrupted
    assert kept.epochs == 1
    one = zoo.train(zoo.loads(TINY), epochs=1, verbose=0)
    np.testing.assert_array_equal(kept.predict(), one.predict())


def test_an_interrupted_fit_keeps_its_best_weights_in_the_object() -> None:
    x, y = _pair()
    run = Trained.untrained(zoo.loads(PAIR))
    with pytest.raises(KeyboardInterrupt):
        run.fit(x, y, epochs=5, callbacks=[Interrupt()])
    assert run.interrupted
    assert run.epochs == 1
    run.fit(x, y)
    assert not run.interrupted


def test_early_stopping_of_the_spec() -> None:
    stopping = "  callbacks: [EarlyStopping: {monitor: val_loss, patience: 0, min_delta: 100.0}]\n"
    run = zoo.train(zoo.loads(TINY + stopping), epochs=9, verbose=0)
    assert run.epochs == 2
    with pytest.raises(TrainError, match="watches `val_loss`"):
        _spec_callbacks(run.spec, has_val=False)


SCHEDULE = "{CosineDecay: {initial_learning_rate: 0.1, decay_steps: =epochs*steps_per_epoch}}"


@pytest.mark.parametrize(("more", "steps"), [("", 7), ("  steps_per_epoch: 4\n", 4)])
def test_a_schedule_is_as_long_as_the_run(more: str, steps: int) -> None:
    rate = TINY.replace("Adam: {learning_rate: 0.01}", f"SGD: {{learning_rate: {SCHEDULE}}}")
    run = zoo.train(zoo.loads(rate + more), epochs=3, verbose=0)
    assert int(run.model.optimizer.iterations) == 3 * steps
    assert float(run.model.optimizer.learning_rate) == pytest.approx(0.0, abs=1e-9)


def test_a_schedule_is_as_long_as_a_fit_of_arrays() -> None:
    rate = PAIR + f"  optimizer: {{SGD: {{learning_rate: {SCHEDULE}}}}}\n"
    run = Trained.untrained(
        zoo.loads(rate.replace("{batch_size: 16, seed: 3}", "\n  batch_size: 16")), seed=1
    )
    x, y = {"a": np.ones((64, 4)), "b": np.ones((64, 2))}, {"zz": np.zeros(64, int), "aa": np.ones((64, 1))}
    run.fit(x, y, epochs=2)
    assert int(run.model.optimizer.iterations) == 8
    assert float(run.model.optimizer.learning_rate) == pytest.approx(0.0, abs=1e-9)


def test_a_state_has_no_epochs_of_a_given_length() -> None:
    spec = zoo.load("lstm_stacked_stateful")
    text = f"spec: 1\nextends: {spec.name}\nname: cut\ntraining: {{steps_per_epoch: 3}}\n"
    with pytest.raises(TrainError) as caught:
        zoo.train(zoo.loads(text), epochs=1, verbose=0)
    assert caught.value.code == "train.steps"


CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"epochs": -1}, "epochs", "epochs must be a whole number, 0 or more, received -1"),
    ({"epochs": 1.5}, "epochs", "received 1.5"),
    ({"epochs": float("nan")}, "epochs", "received nan"),
    ({"batch_size": 0}, "batch_size", "1 or more, received 0"),
    ({"seed": -3}, "seed", "received -3"),
    ({"seed": "x"}, "seed", "received 'x'"),
    ({"class_weight": "even"}, "class_weight", "`balanced` or a map"),
    ({"params": {"units": 3}}, "params", "already loaded"),
]


@pytest.mark.parametrize(("given", "code", "said"), CASES)
def test_mistakes(given: dict[str, Any], code: str, said: str) -> None:
    with pytest.raises(TrainError) as caught:
        zoo.train(zoo.loads(TINY), **{"epochs": 1, "verbose": 0, **given})
    assert caught.value.code == f"train.{code}"
    assert said in caught.value.message
    assert caught.value.help


def test_mistakes_about_data(run: Trained, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="no data section"):
        zoo.train(zoo.loads(PAIR), epochs=1, verbose=0)
    assert zoo.train(zoo.loads(PAIR), epochs=0, verbose=0).pipeline is None
    bare = Trained.untrained(zoo.loads(TINY))
    with pytest.raises(TrainError, match="no data at hand"):
        bare.predict()
    with pytest.raises(TrainError, match="is a path, and this model came without a pipeline"):
        bare.predict("book.csv")
    with pytest.raises(TrainError, match="there is no part `tset`"):
        run.predict(part="tset")
    with pytest.raises(TrainError, match="labels are missing"):
        run.evaluate(np.zeros((3, 5, 4)))
    with pytest.raises(TrainError, match="expected \\(batch, time=5, feature=4\\)"):
        run.predict(np.zeros((3, 4, 5)))
    with pytest.raises(TrainError, match=r"validation_data must be \(x, y\)"):
        bare.fit(np.zeros((3, 5, 4)), [0, 1, 2], validation_data=3)  # type: ignore[arg-type]
    (tmp_path / "file").write_text("")
    with pytest.raises(TrainError, match="is a file, and a run needs a folder"):
        zoo.train(zoo.loads(TINY), epochs=0, out=tmp_path / "file", verbose=0)


def test_the_package_is_callable_and_light() -> None:
    code = "import sys, zoo.train; print(callable(zoo.train), 'keras' in sys.modules, 'numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "False", "False"]
