"""The commands: exit statuses, files written whole or not at all, narrow terminals."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zoo.cli.main import main

TEXT = """\
spec: 1
name: x
inputs: {a: { shape: [4] }}  # four
graph: {y: [a, Dense: 2]}
outputs: {y: {loss: mse}}
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")

    def _run(*args: str) -> tuple[int, str, str]:
        status = main(list(args))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return _run


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    return path


def test_new_writes_once(run: Run, tmp_path: Path):
    assert run("new", "--data", "table", "--name", "mine")[0] == 0
    assert run("validate", "mine.yaml") == (0, "mine.yaml: ok\n", "")
    status, _, err = run("new", "--data", "images", "--name", "mine")
    assert status == 1 and "--force" in err and "kind: table" in (tmp_path / "mine.yaml").read_text()
    assert run("new", "--data", "images", "--name", "mine", "--force")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_new_asks_nobody_without_a_terminal(run: Run):
    status, _, err = run("new")
    assert status == 2 and "--data" in err


def test_new_names_the_schema_above_it(run: Run, tmp_path: Path):
    assert run("schema", "--out", "zoo.schema.json")[0] == 0
    (tmp_path / "deeper").mkdir()
    run("new", "--data", "tokens", "--out", "deeper/mine.yaml")
    assert (
        (tmp_path / "deeper" / "mine.yaml")
        .read_text()
        .startswith("# yaml-language-server: $schema=../zoo.schema.json\n")
    )


def test_fmt(run: Run, spec: Path, monkeypatch: pytest.MonkeyPatch):
    assert run("fmt", "x.yaml", "--check") == (1, "x.yaml: would change\n", "")
    assert spec.read_text() == TEXT
    assert "+inputs: {a: {shape: [4]}}  # four" in run("fmt", "x.yaml", "--diff")[1]
    assert run("fmt", "*.yaml")[0] == 0
    assert run("fmt", "x.yaml", "--check") == (0, "", "")
    monkeypatch.setattr("sys.stdin", io.StringIO(TEXT))
    assert run("fmt", "-") == (0, spec.read_text(), "")
    spec.write_text("spec: [1\n")
    status, _, err = run("fmt", "x.yaml")
    assert status == 1 and "Y104" in err and spec.read_text() == "spec: [1\n"
    assert run("fmt", "no_such.yaml")[0] == 1


def test_fill(run: Run, spec: Path):
    status, out, _ = run("fill", "x.yaml", "--diff")
    assert status == 0 and "x.yaml:4: Dense" in out and "use_bias: true" in out
    assert max(map(len, out.splitlines())) <= 60
    assert run("fill", "x.yaml", "--out", "full.yaml")[0] == 0
    assert run("diff", "x.yaml", "full.yaml")[0] == 0


def test_resolve(run: Run, spec: Path):
    spec.write_text(TEXT.replace("graph", "params: {units: 2}\ngraph").replace("Dense: 2", "Dense: =units"))
    assert "Dense: 7" in run("resolve", "x.yaml", "--set", "units=7")[1]
    out = run("resolve", "x.yaml", "--set", "units=7", "--origin")[1]
    assert "x.yaml:5  =units" in out and "given\n    params: {units: 7}" in out
    rows: Any = json.loads(run("resolve", "x.yaml", "--origin", "--json")[1])
    assert {"path", "value", "file", "line", "column", "expression"} == set(rows[0])


def test_diff(run: Run, spec: Path, tmp_path: Path):
    (tmp_path / "b.yaml").write_text(TEXT.replace("Dense: 2", "Dense: 3"))
    status, out, _ = run("diff", "x.yaml", "b.yaml")
    assert status == 1
    assert "argument y.units: 2 → 3\n    x.yaml:4 → b.yaml:4\n" in out
    assert "number of weights: 10 → 15 (+5)" in out
    assert run("diff", "x.yaml", "x.yaml")[0] == 0
    assert json.loads(run("diff", "x.yaml", "b.yaml", "--json")[1])["same"] is False
    assert run("diff", "x.yaml", "no_such.yaml")[0] == 2
    (tmp_path / "b.yaml").write_text("spec: 1\n")
    assert run("diff", "x.yaml", "b.yaml")[0] == 2
    assert run("diff", "x.yaml")[0] == 2


def test_validate_in_sarif(run: Run, spec: Path):
    spec.write_text(TEXT.replace("Dense", "Dens"))
    status, out, _ = run("validate", "*.yaml", "--format", "sarif")
    assert status == 1
    assert json.loads(out)["runs"][0]["results"][0]["ruleId"] == "S103"


def test_plot_in_the_terminal(run: Run, spec: Path):
    status, out, _ = run("plot", "x.yaml", "--format", "text")
    assert status == 0 and "Dense 2" in out and max(map(len, out.splitlines())) <= 60
    assert run("plot", "x.yaml", "--format", "mermaid")[1] == "x.mmd\n"
    assert run("plot", "x.yaml", "--format", "png", "--out", "x.svg")[0] == 2


def test_plot_of_a_split(run: Run, tmp_path: Path):
    rows = "".join(f"{row},{row % 7},{row % 3}\n" for row in range(80))
    (tmp_path / "rows.csv").write_text("time,a,b\n" + rows)
    page = """\
spec: 1
name: next_a
inputs: {past: {shape: [4, 2]}}
graph: {y: [past, Flatten, Dense: 1]}
outputs: {y: {loss: mse}}
data:
  kind: table
  time: time
  inputs: {past: {columns: [a, b], lookback: 4}}
  targets: {y: {column: a, type: numeric, horizon: 2}}
"""
    (tmp_path / "next_a.yaml").write_text(page)
    assert run("plot", "next_a.yaml", "--split", "--data", "rows.csv")[:2] == (0, "next_a_split.png\n")
    assert (tmp_path / "next_a_split.png").read_bytes()[:4] == b"\x89PNG"
    assert run("plot", "next_a.yaml", "--data", "rows.csv")[0] == 2
    assert run("plot", "next_a.yaml", "--split", "--format", "mermaid")[0] == 2
    assert run("plot", "next_a.yaml", "--split", "--data", "rows.csv", "--out", "there/split.png")[0] == 1
