"""A wheel, unpacked in an empty folder, is the whole zoo."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

BUILD_ALL = """
import sys, zoo
from pathlib import Path
assert Path(zoo.__file__).is_relative_to(sys.argv[1]), zoo.__file__
for card in zoo.list_models():
    model = zoo.build(zoo.load(card.name))
    print(card.name, model.count_params())
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_the_specs_and_the_r_sources(wheel: Path, root: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    specs = [path.relative_to(root / "specs").as_posix() for path in (root / "specs").rglob("*.yaml")]
    assert specs
    assert {f"zoo/_specs/{name}" for name in specs} <= names
    assert {
        "zoo/spec/signatures.json",
        "zoo/_specs/index.json",
        "r_bridge/speczoo/DESCRIPTION",
        "r_bridge/speczoo/NAMESPACE",
    } <= names
    assert {"zoo/build/gallery/gallery.css", "zoo/build/gallery/gallery.js"} <= names
    assert not [name for name in names if name.startswith(("tests/", "specs/", "demo/", "runs/"))]


def test_every_spec_lists_and_builds_from_an_empty_folder(wheel: Path, root: Path, tmp_path: Path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(site)
    empty.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", BUILD_ALL, str(site)],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    built = {line.split()[0] for line in ran.stdout.splitlines()}
    assert built == {path.stem for path in (root / "specs").rglob("*.yaml")}
