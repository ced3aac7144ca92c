"""What the race found, as the models' cards read it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import zoo
from benchmarks import cards
from zoo.spec import catalogue
from zoo.spec.tools.card_text import speed_line


def test_a_card_reads_what_the_race_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"ours": {"one_p50": 0.3456, "train": 640.0}, "torch": {"one_p50": 1.0}}
    specs = shutil.copytree(catalogue.folder(), tmp_path / "specs")
    (specs / "speed.json").write_text(cards.speed({"gru_lob": found}, "a machine"), encoding="utf-8")
    monkeypatch.setattr(catalogue, "folder", lambda: specs)
    assert [speed_line(item) for item in zoo.card(specs / "orderbook" / "gru_lob.yaml").speed] == [
        "one window, `run.predictor()`: 0.35 ms on a machine",
        "a training step: 100 ms, batches of 64 on a machine",
    ]
    assert zoo.card(specs / "orderbook" / "deeplob.yaml").speed == ()
