from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from zoo.cli.main import main


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs one command line in this process: ``run("list", "--json")``."""

    def _run(*args: str) -> Ran:
        status = main(list(args))
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return _run
