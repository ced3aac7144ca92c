"""Train on a CSV file of one's own, and predict the rows of another."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from tests.data.rows import frame

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


def test_a_column_that_the_file_lacks_is_told(run, folder: Path):
    ran = run(
        "train", str(folder / "table.yaml"), "--data", str(folder / "table.csv"), "--set", "columns=[x,yy]"
    )
    assert ran.status != 0
    assert "table.csv has no column `yy`" in ran.err and "did you mean `y`?" in ran.err
