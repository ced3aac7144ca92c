"""A process's memory: its peak, and a hard limit, of control groups of either version."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.memory import anonymous, limited, watched


def test_the_peak_stays_when_the_memory_is_given_back() -> None:
    before, peak = anonymous(), watched()
    held = b"1" * 2**26
    assert peak() >= before + 60
    del held
    assert peak() >= before + 60


@pytest.mark.parametrize(("version", "limit"), [("memory", "memory.limit_in_bytes"), (".", "memory.max")])
def test_who_enters_a_group_has_its_limit(tmp_path: Path, version: str, limit: str) -> None:
    (tmp_path / version).mkdir(exist_ok=True)
    with limited(3, tmp_path) as enter:
        assert enter is not None
        (group,) = (tmp_path / version).iterdir()
        assert (group / limit).read_text() == str(3 * 2**20)
        enter()
        assert (group / "cgroup.procs").read_text() == str(os.getpid())


def test_where_no_group_can_be_made_there_is_no_limit(tmp_path: Path) -> None:
    with limited(3, tmp_path / "none") as enter:
        assert enter is None
