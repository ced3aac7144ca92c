from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    # `pip install speczoo` alone must work without R; so must its tests.
    if shutil.which("Rscript") is None and collection_path.name.startswith("test_"):
        return True
    return None


@pytest.fixture(scope="session")
def rinterface() -> Any:
    """R inside this process, without the R package."""
    from r_bridge import host

    return host.start()


@pytest.fixture(scope="session")
def r(rinterface: Any) -> Callable[[str], Any]:
    """Evaluates R code; the value stays an R object."""

    def evaluate(code: str) -> Any:
        return rinterface.evalr(code)

    return evaluate


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An R library with the present sources of the R package, bound to this Python."""
    from r_bridge import install

    folder = tmp_path_factory.mktemp("library")
    subprocess.run(
        ["R", "CMD", "INSTALL", "--no-test-load", f"--library={folder}", str(install.SOURCES)],
        check=True,
        capture_output=True,
    )
    (folder / "speczoo" / install.MARK).write_text(f"Python: {sys.executable}\n", encoding="utf-8")
    return folder


@pytest.fixture
def rscript(library: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs R code in a real Rscript process of its own."""
    return _runner(library, tmp_path, ["Rscript"])


@pytest.fixture
def hosted(library: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs R code in a Python process that hosts R."""
    return _runner(library, tmp_path, [sys.executable, "-m", "r_bridge"])


def _runner(
    library: Path, folder: Path, command: list[str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    import os

    def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        script = folder / "script.R"
        script.write_text(code, encoding="utf-8")
        environment = {**os.environ, "R_LIBS": str(library), "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [*command, str(script), *arguments],
            capture_output=True,
            text=True,
            env=environment,
            cwd=ROOT,
            timeout=900,
        )

    return run
