"""requirements.lock is what pyproject.toml asks for, with hashes and without the name of any registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def lock(root: Path) -> str:
    return (root / "requirements.lock").read_text()


@pytest.fixture(scope="module")
def locked(lock: str) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", lock, re.MULTILINE):
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


def test_the_lock_holds_what_is_asked_for(root: Path, locked: dict[str, list[str]]):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for text in [*project["dependencies"], *extras["r"], *extras["dev"]]:
        asked = Requirement(text)
        versions = locked.get(canonicalize_name(asked.name))
        assert versions, f"{asked.name} is not in requirements.lock: run make lock"
        assert all(asked.specifier.contains(version) for version in versions), (text, versions)


def test_every_locked_package_has_hashes(lock: str):
    entries = re.split(
        r"^(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE), flags=re.MULTILINE
    )
    assert [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_registry(lock: str):
    assert "://" not in lock
    assert not re.search(r"^\s*(-i|-f|--index-url|--extra-index-url|--find-links)\b", lock, re.MULTILINE)


def test_heavy_extras_stay_out_of_the_lock(locked: dict[str, list[str]]):
    assert not {"torch", "captum"} & set(locked)


def test_the_bridge_is_held_where_it_runs_on_r_4_2(locked: dict[str, list[str]]):
    assert locked["rpy2-rinterface"] == ["3.6.5"]
    assert locked["rpy2-robjects"] == ["3.6.4"]
