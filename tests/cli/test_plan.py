"""``zoo show --plan`` and ``zoo train --plan``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from zoo.cli.main import cli
from zoo.train.execution.plan import ExecutionPlan, Timing


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is asked to be measured; nothing is."""
    asked: list[Any] = []

    def plan(spec: Any, data: Any = None, **options: Any) -> ExecutionPlan:
        asked.append((spec, options))
        timings = {"keras": Timing(1.0, 0.2), "loops": Timing(2.0, 0.1, 1e-7)}
        return ExecutionPlan("loops", {}, timings, 64, "a machine")

    monkeypatch.setattr("zoo.plan", plan, raising=False)
    return asked


def test_show_prints_what_was_measured(measured: list[Any]) -> None:
    wide = {"COLUMNS": "200"}
    done = CliRunner().invoke(cli, ["show", "hrnn_lob", "--plan", "--set", "window=10"], env=wide)
    assert done.exit_code == 0
    assert measured == [("hrnn_lob", {"params": {"window": 10}})]
    lines = done.output.splitlines()
    assert lines[0].startswith("  keras") and lines[1].startswith("→ loops")
    assert "2.00 × Keras" in lines[1] and lines[2] == "measured on a machine"


def test_a_narrow_terminal_breaks_no_word(measured: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    wide = CliRunner().invoke(cli, ["show", "hrnn_lob", "--plan"], env={"COLUMNS": "200"}).output
    narrow = CliRunner().invoke(cli, ["show", "hrnn_lob", "--plan"], env={"COLUMNS": "60"}).output
    assert max(map(len, narrow.splitlines())) <= 60 < max(map(len, wide.splitlines()))
    assert narrow.split() == wide.split()


def test_show_gives_it_as_json(measured: list[Any]) -> None:
    done = CliRunner().invoke(cli, ["show", "hrnn_lob", "--plan", "--json"])
    found = json.loads(done.output)
    assert found["way"] == "loops" and found["timings"]["loops"]["step"] == 0.1


def test_show_prints_one_thing(measured: list[Any]) -> None:
    done = CliRunner().invoke(cli, ["show", "hrnn_lob", "--plan", "--cite"])
    assert done.exit_code == 2 and not measured


def test_train_takes_a_plan() -> None:
    done = CliRunner().invoke(cli, ["train", "hrnn_lob", "--plan", "fast"])
    assert done.exit_code == 2 and "'fast' is not one of 'auto', 'off', 'measure'" in done.output
