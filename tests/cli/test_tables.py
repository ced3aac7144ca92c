"""Train on a CSV file of one's own, and predict the rows of another."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import zoo
from tests.data.rows import frame
from zoo.data.tables.pipeline import TablePipeline
from zoo.data.tables.targets import Target

SPEC = """\
spec: 1
name: table
params: {columns: {default: [x, y]}}
inputs: {past: {shape: [6, =len(columns)]}}
graph:
  value: [past, Flatten, Dense: 1]
  side: [past, Flatten, Dense: {units: 3, activation: softmax}]
outputs:
  value: {loss: mse}
  side: {loss: sparse_categorical_crossentropy}
data:
  kind: table
  time: time
  group: [symbol]
  inputs: {past: {columns: =columns}}
  targets: {value: {column: x}, side: {column: side}}
training: {epochs: 1, batch_size: 16, seed: 3}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    times = pd.date_range("2024-01-01", periods=240, freq="h")
    table = frame(240, time=times, symbol=["A", "B"] * 120)
    table.to_csv(tmp_path / "table.csv", index=False)
    table.iloc[:40].drop(columns="side").to_csv(tmp_path / "new.csv", index=False)
    (tmp_path / "table.yaml").write_text(SPEC)
    return tmp_path


def test_a_table_is_trained_on_judged_and_predicted_from_files(run, folder: Path):
    data, out = str(folder / "table.csv"), str(folder / "run")
    ran = run("train", str(folder / "table.yaml"), "--data", data, "--out", out, "--set", "columns=[y,x]")
    assert ran.status == 0, ran.err
    assert "table.csv: 240 rows × 2 columns in 2 groups" in " ".join(ran.out.split())
    judged = run("evaluate", f"{out}/table.zoo", "--data", data)
    assert judged.status == 0 and "test part" in judged.out
    ran = run("predict", f"{out}/table.zoo", "--data", str(folder / "new.csv"))
    rows = list(csv.DictReader(ran.out.splitlines()))
    assert list(rows[0]) == [
        "row",
        "time",
        "symbol",
        "value_value",
        "side_p_buy",
        "side_p_hold",
        "side_p_sell",
        "side_class",
    ]
    # two symbols of 20 rows, windows of 6
    assert len(rows) == 2 * 15
    assert rows[0]["row"] == "11" and rows[0]["symbol"] == "A"
    assert rows[0]["time"] == "2024-01-01 10:00:00"
    assert {row["side_class"] for row in rows} <= {"buy", "hold", "sell"}
    # in the unit of the column, not in that of the scaler
    opened = zoo.open(f"{out}/table.zoo")
    part = opened.pipeline.transform(str(folder / "new.csv"))
    shift, factor = opened.pipeline.scaler["x"]
    expected = opened.raw_outputs(part.x)["value"].ravel().astype(float) / factor + shift
    assert [float(row["value_value"]) for row in rows] == pytest.approx(expected, rel=1e-5)


def test_a_column_that_the_file_lacks_is_told(run, folder: Path):
    ran = run(
        "train", str(folder / "table.yaml"), "--data", str(folder / "table.csv"), "--set", "columns=[x,yy]"
    )
    assert ran.status != 0
    assert "table.csv has no column `yy`" in ran.err and "did you mean `y`?" in ran.err


def test_columns_that_the_file_lacks_are_all_named(run, folder: Path):
    data = str(folder / "table.csv")
    ran = run("train", str(folder / "table.yaml"), "--data", data, "--set", "columns=[aa,bb]")
    assert ran.status != 0
    assert "table.csv has none of the columns aa, bb" in ran.err
    assert "its columns are: time, x, y, side, symbol" in ran.err


def test_numbers_of_several_steps_are_named_by_column_and_step():
    read = SimpleNamespace(targets={"path": Target(("a", "b"), False, (), 2, 2, False, (2, 2))})
    names = TablePipeline.number_names
    pipeline = SimpleNamespace(read=read)
    assert names(pipeline, "path", 4) == ["a_1", "b_1", "a_2", "b_2"]


def test_a_shell_user_is_told_of_options_and_files(run, tmp_path: Path):
    path = tmp_path / "bare.yaml"
    path.write_text(
        "spec: 1\nname: bare\ninputs: {x: {shape: [3]}}\ngraph: {y: [x, Dense: 1]}\n"
        "outputs: {y: {loss: mse}}\n"
    )
    ran = run("train", str(path), "--out", str(tmp_path / "run"))
    assert ran.status == 1
    assert "--data FILE" in ran.err and "data=" not in ran.err


def test_validate_takes_other_parameters(run, folder: Path):
    spec = str(folder / "table.yaml")
    assert run("validate", spec, "--set", "columns=[y,x]").out.strip().endswith("ok")
    ran = run("validate", spec, "--set", "colums=[y]")
    assert ran.status == 1 and "did you mean `columns`" in ran.out
