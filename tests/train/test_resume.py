"""A run that is killed goes on to what it would have been, and no result is lost on the way."""

from __future__ import annotations

import json
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
from tests.train.survivors import EPOCHS, SPECS, At, Killed, die, moment, train
from zoo.errors import TrainError
from zoo.train.runs.checkpoint import read_state
from zoo.train.trained import Trained

CHECKPOINT = "checkpoint.zoo-state"


@pytest.fixture(scope="module")
def unbroken() -> Trained:
    return train("adam")


def _same(one: Trained, two: Trained) -> None:
    assert one.history == two.history
    assert one.metrics == two.metrics
    pairs = zip(one.model.variables, two.model.variables, strict=True)
    optimizers = zip(one.model.optimizer.variables, two.model.optimizer.variables, strict=True)
    for first, second in (*pairs, *optimizers):
        np.testing.assert_array_equal(np.asarray(first), np.asarray(second), err_msg=first.path)


def _record(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "run.json").read_text())


def _killed(folder: Path, when: str, kind: str = "adam", **given: Any) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        train(kind, folder, callbacks=moment(when, die, patch.setattr), **given)


@pytest.mark.parametrize("kind", SPECS)
def test_a_killed_run_goes_on_to_the_same_model(kind: str, tmp_path: Path) -> None:
    _killed(tmp_path, "batch 2 1", kind)
    assert _record(tmp_path)["state"] == "running"
    again = train(kind, tmp_path, resume=True)
    assert again.epochs == EPOCHS
    _same(again, train(kind))


@pytest.mark.parametrize(
    "when",
    [
        "batch 0 0",
        "batch 3 2",
        "writing run.json 1",
        f"writing {CHECKPOINT} 1",
        f"writing {CHECKPOINT} 3",
        "judging",
        "writing tiny.zoo 1",
        "writing metrics.json 1",
        "writing run.json 2",
    ],
)
def test_at_whatever_moment(when: str, tmp_path: Path, unbroken: Trained) -> None:
    _killed(tmp_path, when)
    _same(train("adam", tmp_path, resume=True), unbroken)
    assert zoo.open(tmp_path / "tiny.zoo").to_bytes() == unbroken.to_bytes()
    assert _record(tmp_path)["state"] == "finished"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "history.csv",
        "history.png",
        "metrics.json",
        "run.json",
        "spec.yaml",
        "tiny.zoo",
    ]


def test_killed_again_and_again(tmp_path: Path, unbroken: Trained) -> None:
    _killed(tmp_path, "batch 1 1")
    _killed(tmp_path, "batch 1 0", resume=True)
    _killed(tmp_path, "batch 3 0", resume=True)
    _same(train("adam", tmp_path, resume=True), unbroken)
    assert len(_record(tmp_path)["resumed"]) == 3


def test_early_stopping_ends_a_run_once(tmp_path: Path) -> None:
    stopping = "  callbacks: [EarlyStopping: {monitor: val_loss, patience: 0, min_delta: 100.0}]\n"
    spec = zoo.loads(TINY + stopping)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        moment("judging", die, patch.setattr)
        zoo.train(spec, epochs=9, out=tmp_path, verbose=0)
    assert zoo.train(spec, epochs=9, out=tmp_path, resume=True, verbose=0).epochs == 2


class Counter(keras.callbacks.Callback):
    """A user's own, with a state that counts and one that cannot be kept."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs, self.open = 0, sys.stderr

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.epochs += 1


def test_callbacks_of_the_caller_go_on_too(tmp_path: Path) -> None:
    with pytest.raises(Killed):
        train("adam", tmp_path, callbacks=[Counter(), At(2, 0, die)])
    again = Counter()
    train("adam", tmp_path, callbacks=[again], resume=True)
    assert again.epochs == EPOCHS


def test_a_log_of_epochs_keeps_those_before(tmp_path: Path) -> None:
    def log() -> keras.callbacks.CSVLogger:
        return keras.callbacks.CSVLogger(tmp_path / "log.csv")

    first = log()
    with pytest.raises(Killed):
        train("adam", tmp_path / "run", callbacks=[first, At(2, 0, die)])
    first.csv_file.close()
    train("adam", tmp_path / "run", callbacks=[log()], resume=True)
    rows = (tmp_path / "log.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["epoch", "0", "1", "2", "3"]


def _interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_after_a_ctrl_c_it_goes_on_from_the_last_finished_epoch(tmp_path: Path, unbroken: Trained) -> None:
    with pytest.raises(KeyboardInterrupt):
        train("adam", tmp_path, callbacks=[At(2, 1, _interrupt)])
    assert _record(tmp_path)["state"] == "interrupted"
    assert zoo.open(tmp_path / "tiny.zoo").epochs == 2
    with pytest.raises(KeyboardInterrupt):
        train("adam", tmp_path, callbacks=[At(2, 0, _interrupt)], resume=True)
    assert zoo.open(tmp_path / "tiny.zoo").epochs == 2
    _same(train("adam", tmp_path, resume=True), unbroken)


def test_an_epoch_is_told_of_once_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []

    def told(self: Any, epoch: int, logs: Any = None) -> None:
        kept.append(read_state(tmp_path / "checkpoint.zoo-state")["extra"]["epoch"])

    monkeypatch.setattr("zoo.train.progress.Progress.on_epoch_end", told)
    train("adam", tmp_path)
    assert kept == [1, 2, 3, 4]


def test_a_finished_run_is_returned_and_not_trained_again(tmp_path: Path, unbroken: Trained) -> None:
    train("adam", tmp_path)
    files = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    again = train("adam", tmp_path, resume=True)
    assert again.to_bytes() == unbroken.to_bytes()
    np.testing.assert_array_equal(again.predict(), unbroken.predict())
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == files


def test_where_there_is_nothing_a_run_begins(tmp_path: Path, unbroken: Trained) -> None:
    _same(train("adam", tmp_path / "new", resume=True), unbroken)


def test_options_left_out_are_those_it_was_begun_with(tmp_path: Path) -> None:
    given = {"epochs": 3, "batch_size": 32, "seed": 11, "class_weight": {0: 2.0}}
    _killed(tmp_path, "batch 1 1", **given)
    spec = zoo.loads(TINY)
    _same(zoo.train(spec, out=tmp_path, resume=True, verbose=0), zoo.train(spec, verbose=0, **given))


def test_another_seed_is_drawn_once(tmp_path: Path) -> None:
    spec = zoo.loads(TINY.replace("  seed: 7\n", ""))
    with pytest.raises(Killed):
        zoo.train(spec, out=tmp_path, verbose=0, callbacks=[At(1, 0, die)])
    assert zoo.train(spec, out=tmp_path, resume=True, verbose=0).seed == _record(tmp_path)["seed"]


def test_a_run_is_not_continued_with_anything_else(tmp_path: Path) -> None:
    _killed(tmp_path, "batch 1 1")
    given: dict[str, Any] = {"out": tmp_path, "resume": True, "verbose": 0}
    with pytest.raises(TrainError) as caught:
        zoo.train(zoo.loads(TINY), epochs=9, seed=1, batch_size=8, callbacks=[Counter()], **given)
    assert caught.value.code == "train.resume"
    assert caught.value.data["differences"] == [
        "`seed` is 1, the run's is 7",
        "`epochs` is 9, the run's is 4",
        "`batch_size` is 8, the run's is 64",
        "`callbacks` is ['Counter'], the run's is []",
    ]
    with pytest.raises(TrainError, match=r"the spec is `pair`, the run's is `tiny`"):
        zoo.train(zoo.loads(PAIR), **given)
    with pytest.raises(TrainError, match="the spec's text differs from the run's spec.yaml"):
        zoo.train(zoo.loads(TINY.replace("0.01", "0.02")), **given)
    other = {"simulate": {"snapshots": 500, "levels": 1, "seed": 2}}
    with pytest.raises(TrainError, match="the data are others .*500.*600"):
        zoo.train(zoo.loads(TINY), other, **given)
    assert _record(tmp_path)["state"] == "running"
    train("adam", tmp_path, resume=True)
    with pytest.raises(TrainError, match="the data are others"):
        zoo.train(zoo.loads(TINY), other, **given)


def test_parameters_that_differ_are_named(tmp_path: Path) -> None:
    text = TINY.replace("inputs:", "params: {units: 3, classes: 3}\ninputs:").replace(
        "units: 3, activation", "units: =units, activation"
    )
    zoo.train(zoo.loads(text), epochs=1, out=tmp_path, verbose=0)
    with pytest.raises(TrainError, match=r"parameter `classes` is 4, the run's is 3"):
        zoo.train(zoo.loads(text, classes=4), epochs=1, out=tmp_path, resume=True, verbose=0)


@pytest.mark.parametrize("when", ["batch 2 1", f"writing {CHECKPOINT} 2"])
def test_a_real_kill(when: str, tmp_path: Path, unbroken: Trained) -> None:
    """The process is gone at once, and its lock on the folder goes with it."""
    code = [sys.executable, "-m", "tests.train.survivors", "adam", str(tmp_path), when]
    assert subprocess.run(code, capture_output=True, timeout=300).returncode == -signal.SIGKILL
    left = [file.name for file in tmp_path.iterdir() if file.suffix == ".tmp"]
    assert len(left) == (1 if when.startswith("writing") else 0)
    _same(train("adam", tmp_path, resume=True), unbroken)
    assert not [file for file in tmp_path.iterdir() if file.suffix in (".tmp", ".zoo-state")]
