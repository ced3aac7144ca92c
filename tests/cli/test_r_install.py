"""`zoo r-install` against an R that only keeps notes; the real one is tried by tests/bridge."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from r_bridge import install

FAKE_RSCRIPT = """#!/bin/sh
printf '\\n%s' "{library}"
"""
FAKE_R = """#!/bin/sh
echo "$@" >> "{log}"
mkdir -p "{library}/speczoo"
exit {status}
"""


@pytest.fixture
def fake_r(tmp_path: Path, monkeypatch):
    """Sets an R on the PATH whose only library is ``tmp_path/library``, with this exit status."""

    def _fake(status: int = 0) -> Path:
        programs = tmp_path / "bin"
        programs.mkdir(exist_ok=True)
        names = {"library": tmp_path / "library", "log": tmp_path / "log", "status": status}
        for name, text in {"Rscript": FAKE_RSCRIPT, "R": FAKE_R}.items():
            (programs / name).write_text(text.format(**names))
            (programs / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
        monkeypatch.delenv("R_HOME", raising=False)
        return tmp_path

    return _fake


def test_the_installed_package_remembers_this_python(run, fake_r):
    folder = fake_r()
    ran = run("r-install")
    assert (ran.status, ran.out) == (0, f"The R package speczoo is in {folder / 'library' / 'speczoo'}\n")
    assert f"Python: {sys.executable}\n" in (folder / "library" / "speczoo" / "python.dcf").read_text()
    assert str(install.SOURCES) in (folder / "log").read_text()


def test_unchanged_sources_are_not_installed_again(run, fake_r):
    folder = fake_r()
    assert [run("r-install", "--if-changed").status for _ in range(2)] == [0, 0]
    assert len((folder / "log").read_text().splitlines()) == 1
    assert run("r-install").status == 0
    assert len((folder / "log").read_text().splitlines()) == 2


def test_a_package_that_r_refuses_is_not_remembered(run, fake_r):
    folder = fake_r(status=1)
    ran = run("r-install")
    assert ran.status == 1
    assert "R could not install its package speczoo into" in ran.err
    assert not (folder / "library" / "speczoo" / "python.dcf").exists()


def test_without_r_the_message_says_how_to_get_it(run, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("R_HOME", raising=False)
    ran = run("r-install")
    assert ran.status == 1
    assert "R was not found" in ran.err
    assert "apt-get install r-base-core" in ran.err
