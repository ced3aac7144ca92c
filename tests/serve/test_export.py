"""``Trained.export``: files whole or absent, and a folder that predicts without speczoo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.serve.specs import HIERARCHY, STATEFUL
from tests.train.specs import PAIR, TINY
from zoo.data import orderbook
from zoo.data.orderbook import Book
from zoo.errors import BuildError, TrainError
from zoo.train.trained import Trained

HEADS = ",".join(
    f"{side}_{level}" for level in (1, 2) for side in ("ask_price", "ask_size", "bid_price", "bid_size")
)


@pytest.fixture(scope="module")
def run() -> Trained:
    return zoo.train(zoo.loads(HIERARCHY), verbose=0)


@pytest.fixture(scope="module")
def folder(run: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.export(tmp_path_factory.mktemp("exports") / "hierarchy", format="folder")


@pytest.fixture(scope="module")
def book() -> Book:
    return orderbook.simulate(snapshots=120, levels=3, seed=5, sessions=2)


def cells(book: Book) -> np.ndarray:
    """(snapshot, 4·level) in the order of a wide file."""
    return np.stack([book.ask_price, book.ask_size, book.bid_price, book.bid_size], axis=2).reshape(
        len(book), -1
    )


def predict(folder: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """The folder's program, elsewhere, where no module of this checkout is in reach."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-I", str(folder / "predict.py"), *map(str, args)],
        capture_output=True, text=True, env=kept, cwd=folder.parent, check=False,
    )  # fmt: skip


def predicted(folder: Path, data: Path) -> dict[str, np.ndarray]:
    out = data.with_name("result.npz")
    ran = predict(folder, data, "--out", out)
    assert ran.returncode == 0, ran.stderr
    with np.load(out) as found:
        return dict(found)


def test_a_folder_has_its_files_and_nothing_else(folder: Path):
    assert sorted(item.name for item in folder.iterdir()) == [
        "README.txt",
        "model.onnx",
        "pipeline.json",
        "predict.py",
    ]
    assert [item.name for item in folder.parent.iterdir()] == ["hierarchy"]
    text = (folder / "predict.py").read_text()
    imported = {
        line.split()[1].split(".")[0]
        for line in map(str.strip, text.splitlines())
        if line.startswith(("import ", "from "))
    }
    assert imported - set(sys.stdlib_module_names) == {"numpy", "onnxruntime"}


def test_the_card_says_what_it_is(folder: Path, run: Trained):
    card = json.loads((folder / "pipeline.json").read_text())
    assert card["inputs"] == [{"name": "book", "shape": [6, 8, 1], "dtype": "float32", "window": [6, 8, 1]}]
    assert card["outputs"][0]["classes"] == ["down", "stationary", "up"]
    assert card["pipeline"] == json.loads(json.dumps(run.pipeline.to_dict()))
    assert card["versions"]["onnxruntime"] != "unknown"
    readme = (folder / "README.txt").read_text()
    assert "book: (sample, 6, 8, 1), float32" in readme and "down, stationary, up" in readme


@pytest.mark.parametrize("prices", ["relative_bps", "raw", "returns"])
def test_the_program_gives_what_predict_gives_for_raw_rows(
    prices: str, book: Book, tmp_path: Path, folder: Path, run: Trained
):
    if prices != "relative_bps":
        run = zoo.train(zoo.loads(HIERARCHY.replace("relative_bps", prices)), verbose=0)
        folder = run.export(tmp_path / "exported", format="folder")
    book.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    found = predicted(folder, tmp_path / "rows.csv")
    np.testing.assert_allclose(found["direction"], run.predict(book), atol=1e-5)
    np.testing.assert_array_equal(found["row"], run.predict_frame(book)["row"])


def test_rows_of_symbols_may_be_mixed_and_packed(tmp_path: Path, folder: Path, run: Trained):
    frames = [
        orderbook.simulate(snapshots=40, levels=3, seed=seed, sessions=2).to_frame().assign(symbol=name)
        for seed, name in enumerate(("zz", "aa"))
    ]
    mixed = pd.concat(frames).sort_values("time_ns", kind="stable").reset_index(drop=True)
    assert (mixed["symbol"] != mixed["symbol"].shift()).sum() > 20
    mixed.to_csv(tmp_path / "rows.csv.gz", index=False)
    found, wanted = predicted(folder, tmp_path / "rows.csv.gz"), run.predict_frame(mixed)
    np.testing.assert_array_equal(found["row"], wanted["row"])
    np.testing.assert_allclose(found["direction"], run.predict(mixed), atol=1e-5)


def test_a_damaged_gzip_is_told_in_a_line(book: Book, tmp_path: Path, folder: Path):
    book.to_frame().to_csv(tmp_path / "rows.csv.gz", index=False)
    whole = (tmp_path / "rows.csv.gz").read_bytes()
    for broken in (whole[:200], whole[:100] + b"\xff" * 400 + whole[500:]):
        (tmp_path / "rows.csv.gz").write_bytes(broken)
        ran = predict(folder, tmp_path / "rows.csv.gz")
        assert ran.returncode == 1 and ran.stderr.startswith("error: ") and ran.stderr.count("\n") == 1


def test_who_reads_the_first_lines_alone_is_not_told_of_it(book: Book, tmp_path: Path, folder: Path):
    book.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    program = f"{sys.executable} -I {folder / 'predict.py'} {tmp_path / 'rows.csv'}"
    ran = subprocess.run(
        ["sh", "-c", f"{program} | sh -c 'exec true'"], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""


def test_rows_of_one_session_may_be_an_array(book: Book, tmp_path: Path, folder: Path, run: Trained):
    one = Book.from_frame(book.to_frame().drop(columns="session").head(50))
    np.save(tmp_path / "rows.npy", cells(one))
    np.testing.assert_allclose(
        predicted(folder, tmp_path / "rows.npy")["direction"], run.predict(one), atol=1e-5
    )


@pytest.mark.parametrize(
    "levels", ["set: volumes, levels: 2", "fields: [bid_size, ask_price, ask_size, bid_price], levels: 2"]
)
def test_features_come_in_the_order_of_the_recipe(levels: str, book: Book, tmp_path: Path):
    text = TINY.replace("levels: 1, prices: relative_bps, sizes: log", levels)
    text = text.replace("[5, 4]", "[5, 4]" if "volumes" in levels else "[5, 8]").replace(
        "levels: 1,", "levels: 2,"
    )
    text = text.replace("window: {length: 5}", "window: {length: 5, stride: 3}\n  scale: {method: minmax}")
    run = zoo.train(zoo.loads(text), epochs=1, verbose=0)
    folder = run.export(tmp_path / "exported", format="folder")
    book.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    found = predicted(folder, tmp_path / "rows.csv")
    np.testing.assert_allclose(found["direction"], run.predict(book), atol=1e-5)


def test_its_table_is_that_of_zoo_predict(book: Book, tmp_path: Path, folder: Path, run: Trained):
    book.to_frame().to_csv(tmp_path / "rows.csv", index=False)
    ran = predict(folder, tmp_path / "rows.csv")
    heads, *lines = [line.split(",") for line in ran.stdout.splitlines()]
    wanted = run.predict_frame(book)
    assert heads == list(wanted) and len(lines) == len(wanted)
    assert [line[-1] for line in lines] == wanted["class"].tolist()
    np.testing.assert_allclose(np.array(lines)[:, 1:4].astype(float), wanted.iloc[:, 1:4], atol=1e-5)


def test_scaled_arrays_by_name_of_several_inputs_and_outputs(tmp_path: Path):
    run = Trained.untrained(zoo.loads(PAIR), seed=1)
    folder = run.export(tmp_path / "pair", format="folder")
    x = {"a": np.random.default_rng(1).normal(size=(7, 4)), "b": np.ones((7, 2))}
    np.savez(tmp_path / "x.npz", **x)
    found = predicted(folder, tmp_path / "x.npz")
    for name, values in run.predict(x).items():
        np.testing.assert_allclose(found[name], values, atol=1e-5)
    ran = predict(folder, tmp_path / "x.npz")
    assert ran.stdout.splitlines()[0] == "row,zz_p_0,zz_p_1,zz_p_2,zz_class,aa_value"


def test_numbers_are_in_the_unit_of_their_column(tmp_path: Path):
    rows = np.cumsum(np.random.default_rng(0).normal(size=(200, 3)), axis=0) * 100
    run = zoo.train("lstm_stateless", rows, epochs=1, verbose=0)
    folder = run.export(tmp_path / "table", format="folder")
    part = run.prepared.test
    np.savez(tmp_path / "x.npz", **{name: np.asarray(values[:]) for name, values in part.x.items()})
    found = predicted(folder, tmp_path / "x.npz")
    np.testing.assert_allclose(found[next(iter(run.spec.outputs))], run.predict(), rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("sample: {by: event, every: 2}", "a sampled book"),
        ("clean: drop", "a cleaned book"),
        ("scale: {method: zscore, by: [symbol]}", "by symbol"),
    ],
)
def test_what_cannot_be_made_of_rows_alone_is_said(change: str, why: str, book: Book, tmp_path: Path):
    run = zoo.train(zoo.loads(TINY.replace("data:", f"data:\n  {change}", 1)), epochs=0, verbose=0)
    folder = run.export(tmp_path / "exported", format="folder")
    np.save(tmp_path / "rows.npy", cells(book))
    ran = predict(folder, tmp_path / "rows.npy")
    assert ran.returncode == 1 and why in ran.stderr and "Traceback" not in ran.stderr
    assert why in (folder / "README.txt").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ask_price_1,ask_size_1\n1,2\n", "has no column bid_price_1"),
        ("2,1,1,1,3,1,0.5,1\n" * 3, "no session has the 6 rows"),
        ("1,1,2,1,3,1,0.5,1\n" * 9, "row 1 cannot be true"),
        ("", "rows.csv is empty"),
        (f"{HEADS}\n2,1,1,1,3,1,0.5\n", "row 1 cannot be true: a number is missing"),
        (f"{HEADS}\n2,1,1,1,3,1,0.5,1,7\n", "line 2: more cells than the header names"),
        (f"{HEADS}\n\n2,1,1,1,abc,1,0.5,1\n", "line 3: `ask_price_2` is 'abc', not a number"),
        (f"{HEADS},time_ns\n2,1,1,1,3,1,0.5,1,5\n2,1,1,1,3,1,0.5,1,4\n", "line 3: time goes backwards: 4"),
        ("PAR1\x00\ud800", "is no whole CSV"),
        ("ask_price_1;ask_size_1\n1;2\n", "separated by commas, not by semicolons"),
        (f"{HEADS}\n2,1,1,1,3,1,0.5,1\n2,1,1,NA,3,1,0.5,1\n", "row 2 cannot be true"),
    ],
)
def test_the_program_says_what_is_wrong_in_a_line(text: str, said: str, tmp_path: Path, folder: Path):
    (tmp_path / "rows.csv").write_bytes(text.encode(errors="surrogatepass"))
    ran = predict(folder, tmp_path / "rows.csv")
    assert ran.returncode == 1 and said in ran.stderr and "Traceback" not in ran.stderr


def test_the_program_does_not_write_over_what_it_reads(tmp_path: Path, folder: Path):
    rows = tmp_path / "rows.csv"
    rows.write_text("2,1,1,1,3,1,0.5,1\n" * 9)
    ran = predict(folder, rows, "--out", rows)
    assert ran.returncode == 2 and "is the data that are predicted" in ran.stderr
    assert rows.read_text().startswith("2,1,1,1,3")


def test_onnx_is_one_file_that_onnx_runtime_reads(run: Trained, tmp_path: Path):
    import onnxruntime

    path = run.export(tmp_path / "model.onnx")
    assert [item.name for item in tmp_path.iterdir()] == ["model.onnx"]
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    x = np.asarray(run.prepared.test.x["book"][:5])
    np.testing.assert_allclose(session.run(["direction"], {"book": x})[0], run.predict()[:5], atol=1e-5)


def test_a_saved_model_is_what_tensorflow_loads(run: Trained, tmp_path: Path):
    import tensorflow as tf

    path = run.export(tmp_path / "saved", format="saved_model")
    assert [item.name for item in tmp_path.iterdir()] == ["saved"]
    x = np.asarray(run.prepared.test.x["book"][:5])
    served = tf.saved_model.load(str(path)).signatures["serving_default"](book=tf.constant(x))
    np.testing.assert_allclose(served["output_0"], run.predict()[:5], atol=1e-5)


@pytest.mark.parametrize("format", ["onnx", "saved_model", "folder"])
def test_a_state_has_no_place_in_a_file(format: str, tmp_path: Path):
    with pytest.raises(BuildError) as caught:
        Trained.untrained(zoo.loads(STATEFUL), seed=1).export(tmp_path / "x", format=format)
    assert caught.value.code == "export.state"
    assert list(tmp_path.iterdir()) == []


def test_missing_packages_are_named_and_nothing_is_left(
    run: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    with pytest.raises(BuildError, match="tf2onnx") as caught:
        run.export(tmp_path / "x", format="folder")
    assert caught.value.code == "serve.missing" and "speczoo[serve]" in caught.value.help
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays_unless_asked(run: Trained, folder: Path, tmp_path: Path):
    file, other = tmp_path / "model.onnx", tmp_path / "mine"
    file.write_text("mine")
    other.mkdir()
    (other / "thesis.txt").write_text("mine")

    def refused(path: Path, format: str, *, overwrite: bool = False) -> str:
        with pytest.raises(TrainError) as caught:
            run.export(path, format=format, overwrite=overwrite)
        return caught.value.code

    assert refused(file, "onnx") == "export.exists"
    assert refused(folder, "folder") == "export.exists"
    assert refused(other, "folder") == "export.exists"
    assert refused(other, "folder", overwrite=True) == "export.foreign"
    assert refused(file, "onnx", overwrite=True) == "export.foreign"
    assert refused(file, "folder", overwrite=True) == "export.path"
    assert refused(other, "onnx", overwrite=True) == "export.path"
    assert refused(tmp_path / "no" / "x", "onnx") == "export.path"
    assert refused(tmp_path / "x", "onx") == "export.format"
    assert file.read_text() == "mine" and (other / "thesis.txt").read_text() == "mine"


def test_an_earlier_export_is_replaced_when_asked(run: Trained, tmp_path: Path):
    for format in ("onnx", "folder", "saved_model"):
        first = run.export(tmp_path / format, format=format)
        if format == "folder":
            (first / "README.txt").write_text("old")
        again = run.export(tmp_path / format, format=format, overwrite=True)
        assert again == first
    assert "hierarchy" in (tmp_path / "folder" / "README.txt").read_text()
    assert sorted(item.name for item in tmp_path.iterdir()) == [
        "folder",
        "onnx",
        "saved_model",
    ]


@pytest.mark.parametrize("format", ["folder", "saved_model"])
def test_an_export_to_which_files_were_added_is_not_replaced(run: Trained, tmp_path: Path, format: str):
    path = run.export(tmp_path / "kept", format=format)
    if format == "folder":
        (path / "__pycache__").mkdir()
    (path / "results.csv").write_text("mine")
    with pytest.raises(TrainError, match="also holds `results.csv`") as caught:
        run.export(path, format=format, overwrite=True)
    assert caught.value.code == "export.foreign"
    assert (path / "results.csv").read_text() == "mine"


def test_what_others_wrote_in_the_same_format_is_not_replaced(run: Trained, tmp_path: Path):
    import onnx

    file, saved = tmp_path / "theirs.onnx", tmp_path / "theirs"
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "theirs", [], [])), file)
    run.model.export(str(saved), format="tf_saved_model", verbose=False)
    for path, format in ((file, "onnx"), (saved, "saved_model")):
        with pytest.raises(TrainError, match="no export of speczoo"):
            run.export(path, format=format, overwrite=True)


def test_a_folder_that_fails_half_way_leaves_the_old_one(
    run: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = run.export(tmp_path / "kept", format="folder")
    monkeypatch.setattr("zoo.train.export.readme_of", lambda card: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run.export(path, format="folder", overwrite=True)
    assert len(list(path.iterdir())) == 4
    assert [item.name for item in tmp_path.iterdir()] == ["kept"]
