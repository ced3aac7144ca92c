"""Train, evaluate and predict from the shell, on a small simulated book in a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import zoo

SPEC = """\
spec: 1
name: small
params: {units: {default: 4, min: 1}, sizes: {default: [8]}}
inputs: {book: {shape: [10, 8]}}
graph:
  direction:
    - book
    - repeat: {for: size, in: =sizes, do: [Dense: {units: =size, activation: relu}]}
    - LSTM: =units
    - Dense: {units: 3, activation: softmax}
outputs: {direction: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}}
data:
  kind: orderbook
  features: {levels: 2, fields: [ask_price, ask_size, bid_price, bid_size], prices: relative_bps, sizes: log}
  window: {length: 10, stride: 1, within: [session]}
  label: {kind: forward, horizon: 5, threshold: half_mean_abs}
  split: {by: time, train: 0.7, val: 0.15, test: 0.15, purge: auto}
  scale: {method: zscore, fit: train}
training: {optimizer: adam, epochs: 1, batch_size: 64, seed: 3}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a spec, a book, and the bundle of a first run."""
    from zoo.cli.main import main

    folder = tmp_path_factory.mktemp("run")
    (folder / "small.yaml").write_text(SPEC)
    frame = zoo.data.orderbook.simulate(snapshots=1200, levels=2, seed=5).to_frame()
    frame.to_csv(folder / "book.csv", index=False)
    args = [
        "train",
        str(folder / "small.yaml"),
        "--data",
        str(folder / "book.csv"),
        "--out",
        str(folder / "first"),
    ]
    assert main(args) == 0
    return folder


def test_train_reports_beside_the_baselines_and_says_where_the_run_is(run, folder: Path):
    out = folder / "second"
    ran = run("train", str(folder / "small.yaml"), "--data", str(folder / "book.csv"), "--out", str(out))
    assert ran.status == 0
    assert all(row in ran.out for row in ("model", "majority", "persistence", "logistic"))
    assert ran.out.endswith(f"the run is in {out}\n")
    assert "epoch 1/1" in ran.err
    assert (out / "small.zoo").read_bytes() == (folder / "first" / "small.zoo").read_bytes()


def test_train_json_is_the_run_for_a_program(run, folder: Path):
    files = ["--data", str(folder / "book.csv"), "--out", str(folder / "third")]
    changes = [
        "--epochs",
        "2",
        "--batch-size",
        "128",
        "--seed",
        "9",
        "--set",
        "units=2",
        "--set",
        "sizes=[4, 4]",
    ]
    ran = run("train", str(folder / "small.yaml"), *files, *changes, "--json")
    assert ran.status == 0, ran.err
    said = json.loads(ran.out)
    assert (said["name"], said["seed"], len(said["history"]["loss"])) == ("small", 9, 2)
    assert {"model", "majority", "persistence"} <= set(said["evaluation"]["outputs"]["direction"]["scores"])
    assert zoo.open(folder / "third" / "small.zoo").spec.params == {"units": 2, "sizes": [4, 4]}
    assert "epoch" not in ran.err


def test_zero_epochs_give_an_untrained_run(run, folder: Path):
    ran = run("train", str(folder / "small.yaml"), "--data", str(folder / "book.csv"), "--epochs", "0",
              "--out", str(folder / "untrained"), "--json")  # fmt: skip
    assert ran.status == 0
    assert json.loads(ran.out)["history"] == {}


def test_evaluate_judges_the_test_part_of_the_data_of_the_run(run, folder: Path):
    bundle = str(folder / "first" / "small.zoo")
    ran = run("evaluate", bundle, "--data", str(folder / "book.csv"))
    assert ran.status == 0
    assert "test part" in ran.out
    said = json.loads(run("evaluate", bundle, "--data", str(folder / "book.csv"), "--json").out)
    kept = json.loads((folder / "first" / "metrics.json").read_text())["report"]
    assert said["windows"] == kept["windows"]
    assert said["outputs"]["direction"]["confusion"] == kept["outputs"]["direction"]["confusion"]


def test_predict_writes_one_line_a_window(run, folder: Path):
    bundle, book, out = folder / "first" / "small.zoo", folder / "book.csv", folder / "predictions.csv"
    ran = run("predict", str(bundle), "--data", str(book), "--out", str(out))
    assert (ran.status, ran.out) == (0, "")
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert list(rows[0]) == ["row", "p_down", "p_stationary", "p_up", "class"]
    assert (rows[0]["row"], rows[-1]["row"], len(rows)) == ("10", "1200", 1191)
    expected = zoo.open(bundle).predict(str(book))
    for row, chances in zip(rows, expected, strict=True):
        assert [float(row[f"p_{name}"]) for name in ("down", "stationary", "up")] == pytest.approx(
            chances, abs=1e-6
        )
        assert row["class"] == ("down", "stationary", "up")[chances.argmax()]
    assert run("predict", str(bundle), "--data", str(book)).out == out.read_text()


def test_predict_writes_some_windows_after_another(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """No frame of all predictions is made, and the file is the same, in CSV and in Parquet."""
    import pandas as pd

    from zoo.train import prediction_file

    bundle, book = folder / "first" / "small.zoo", str(folder / "book.csv")
    trained, lengths = zoo.open(bundle), []
    whole = trained.predict_frame(book)
    made = prediction_file.prediction_frame

    def counted(*args):
        frame = made(*args)
        lengths.append(len(frame))
        return frame

    monkeypatch.setattr(prediction_file, "prediction_frame", counted)
    monkeypatch.setattr(prediction_file, "_PIECE", 256)
    out, table = folder / "pieces.csv", folder / "pieces.parquet"
    assert run("predict", str(bundle), "--data", book, "--out", str(out)).status == 0
    assert lengths == [256, 256, 256, 256, 167] and not list(folder.glob(".*.tmp"))
    pd.testing.assert_frame_equal(pd.read_csv(out), whole, check_dtype=False, atol=1e-6)
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which is not installed")
    assert trained.predict_file(table, book) == len(whole)
    pd.testing.assert_frame_equal(pd.read_parquet(table), whole, atol=1e-6)


def test_predict_by_an_engine_that_is_asked_for(run, folder: Path):
    import numpy as np
    import pandas as pd

    given = ("predict", str(folder / "first" / "small.zoo"), "--data", str(folder / "book.csv"))
    keras, xla = folder / "keras.csv", folder / "xla.csv"
    assert run(*given, "--out", str(keras), "--engine", "keras").status == 0
    assert run(*given, "--out", str(xla), "--engine", "xla").status == 0
    np.testing.assert_allclose(pd.read_csv(xla)["p_up"], pd.read_csv(keras)["p_up"], atol=1e-5)
    ran = run(*given, "--forecast", "3", "--engine", "xla")
    assert ran.status == 2
    assert "a forecast is Keras's own" in ran.err


def test_predict_leaves_no_half_file_behind(run, folder: Path, tmp_path: Path):
    out = tmp_path / "nowhere" / "predictions.csv"
    ran = run(
        "predict", str(folder / "first" / "small.zoo"), "--data", str(folder / "book.csv"), "--out", str(out)
    )
    assert ran.status == 1
    assert "there is no such folder" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "args",
    [
        ["train", "{spec}", "--data", "{folder}/no.csv"],
        ["train", "{spec}", "--data", "{folder}"],
        ["train", "{spec}", "--data", "{empty}"],
        ["train", "{spec}", "--data", "{bundle}"],
        ["train", "{spec}", "--data", "{book}", "--out", "{book}"],
        ["train", "{spec}", "--set", "unit=3"],
        ["train", "{spec}", "--set", "units=many"],
        ["train", "{folder}"],
        ["train", "{empty}"],
        ["train", "{bundle}"],
        ["evaluate", "{book}"],
        ["evaluate", "{folder}"],
        ["evaluate", "{bundle}"],
        ["evaluate", "{empty}"],
        ["evaluate", "{bundle}", "--data", "{spec}"],
        ["predict", "{bundle}", "--data", "{spec}"],
        ["predict", "{spec}", "--data", "{book}"],
        ["validate", "{book}"],
        ["validate", "{bundle}"],
        ["plot", "{spec}", "--out", "{folder}/picture.doc"],
    ],
)
def test_every_mistake_ends_in_a_message_with_a_way_out(run, folder: Path, args):
    (folder / "empty").touch()
    names = {
        "folder": folder,
        "spec": folder / "small.yaml",
        "book": folder / "book.csv",
        "bundle": folder / "first" / "small.zoo",
        "empty": folder / "empty",
    }
    ran = run(*(text.format(**names) for text in args))
    assert ran.status == 1
    said = ran.err + (ran.out if args[0] == "validate" else "")
    assert said.startswith("error")
    assert "= help: " in said or "= see: zoo rule" in said
    assert "Traceback" not in said


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A spec in a folder of its own, where runs/ goes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SPEC + "  # its data are simulated\n")
    return "small.yaml"


def test_a_run_nobody_named_a_folder_for_never_replaces_another(run, tiny: str):
    small = ["train", tiny, "--set", "units=1", "--set", "sizes=[]"]
    assert run(*small).out.endswith("the run is in runs/small\n")
    first = Path("runs/small/small.zoo").read_bytes()
    again = run(*small, "--seed", "4")
    assert again.out.endswith("the run is in runs/small-2\n")
    assert "runs/small holds a run, so this one goes to runs/small-2\n" in again.err
    assert Path("runs/small/small.zoo").read_bytes() == first
    # What was finished is reported on again, and is not trained.
    resumed = run(*small, "--resume")
    assert resumed.status == 0 and "epoch" not in resumed.err
    assert resumed.out == again.out
    third = run(*small, "--overwrite")
    assert third.out.endswith("the run is in runs/small\n")


def test_a_folder_that_holds_a_run_is_refused_in_the_shells_words(run, tiny: str):
    small = ["train", tiny, "--set", "units=1", "--out", "here"]
    assert run(*small).status == 0
    ran = run(*small, "--epochs", "2")
    assert ran.status == 1
    assert ran.err == (
        "error: `here` holds a finished run of `small`\n"
        "  = help: --resume goes on with it, or reports on it when it is finished; give another --out, "
        "or --overwrite to lose it\n"
    )
    assert "`epochs` is 2, the run's is 1" in run(*small, "--epochs", "2", "--resume").err
    assert run(*small, "--epochs", "2", "--overwrite").status == 0


def test_ctrl_c_says_how_to_go_on(run, tiny: str, monkeypatch: pytest.MonkeyPatch):
    import keras

    def interrupt(self, epoch, logs=None):
        if epoch == 1:
            raise KeyboardInterrupt

    small = ["train", tiny, "--set", "units=1", "--epochs", "2"]
    with monkeypatch.context() as patch:
        patch.setattr(keras.callbacks.History, "on_epoch_begin", interrupt)
        ran = run(*small)
    assert ran.status == 130
    assert "the best weights of the finished epochs are in runs/small; --resume goes on from there" in ran.err
    ran = run(*small, "--resume")
    assert "runs/small: going on after epoch 1 of 2\nepoch 2/2" in ran.err
    assert ran.out.endswith("the run is in runs/small\n")
