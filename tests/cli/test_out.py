"""What a command is to write: whether it can is told before anything else is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "command",
    [
        "explain no.zoo --html",
        "explain no.zoo --out FOLDER/sub.csv/table.csv",
        "predict no.zoo --out",
        "plot no.yaml --out",
        "plot no.yaml --split --out",
        "fill no.yaml --out",
        "resolve no.yaml --out",
        "schema --out",
        "new --data orderbook --out",
        "import no.keras --out",
        "import no.keras --weights",
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_the_work(run, tmp_path: Path, command: str):
    bad = tmp_path / "no" / "file"
    words = command.replace("FOLDER", str(tmp_path / "no")).split()
    ran = run(*words, *([str(bad)] if words[-1].startswith("--") else []))
    assert ran.status == 1
    assert ran.err.startswith(f"error: cannot write `{tmp_path / 'no'}") and "= help:" in ran.err
    assert list(tmp_path.iterdir()) == []
