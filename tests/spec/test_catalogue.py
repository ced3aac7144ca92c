"""The zoo's own specs by name, and any other by path."""

from __future__ import annotations

from pathlib import Path

import pytest

from zoo.errors import ZooError
from zoo.spec import catalogue


def test_every_spec_is_found_by_its_file_name() -> None:
    for name, path in catalogue.paths().items():
        assert path.stem == name and catalogue.locate(name) == path


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ("hrnn_lb", "spec.unknown", "did you mean `hrnn_lob`"),
        ("zzzzzz", "spec.unknown", "zoo list"),
        ("no/such.yaml", "spec.missing", "check the path"),
        ("", "spec.folder", "name a .yaml file"),
    ],
)
def test_what_is_not_there(asked: str, code: str, words: str) -> None:
    with pytest.raises(ZooError) as caught:
        catalogue.locate(asked)
    assert caught.value.code == code and words in caught.value.help


def test_a_misspelt_file_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text("spec: 1\n")
    with pytest.raises(ZooError) as caught:
        catalogue.locate(tmp_path / "modl.yaml")
    assert caught.value.help == f"did you mean `{tmp_path / 'model.yaml'}`?"
    assert catalogue.locate(str(tmp_path / "model.yaml")) == tmp_path / "model.yaml"


def test_a_large_file_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MAX_BYTES", 100)
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * 5000)
    source, _ = catalogue.read(path)
    assert len(source.text) <= 101


def test_a_file_without_rights(tmp_path: Path) -> None:
    with pytest.raises(ZooError) as caught:
        catalogue.read(tmp_path / "gone.yaml")
    assert caught.value.code == "spec.unreadable"
