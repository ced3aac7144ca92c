"""``zoo export``: each format, where it goes, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

import zoo
from tests.train.specs import TINY


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(
        zoo.train(zoo.loads(TINY), epochs=1, verbose=0).save(tmp_path_factory.mktemp("run") / "tiny.zoo")
    )


@pytest.mark.parametrize(
    ("format", "name"),
    [("onnx", "tiny.onnx"), ("saved_model", "tiny_saved_model"), ("folder", "tiny_folder")],
)
def test_each_format_has_a_name_and_says_it(
    run, bundle: str, format: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    ran = run("export", bundle, "--format", format)
    assert ran.status == 0, ran.err
    assert ran.out == f"tiny is in {name}\n"
    assert [item.name for item in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).is_file() == (format == "onnx")


def test_what_is_there_is_replaced_only_when_asked(run, bundle: str, tmp_path: Path):
    out = tmp_path / "model.onnx"
    out.write_text("mine")
    ran = run("export", bundle, "--out", str(out))
    assert ran.status == 1 and "is there already" in ran.err and "--overwrite to replace it" in ran.err
    assert out.read_text() == "mine"
    ran = run("export", bundle, "--out", str(out), "--overwrite")
    assert ran.status == 1 and "no export of speczoo" in ran.err and out.read_text() == "mine"
    out.unlink()
    assert run("export", bundle, "--out", str(out)).status == 0
    out.chmod(0o600)
    assert run("export", bundle, "--out", str(out), "--overwrite").status == 0


def test_an_unknown_format_is_a_usage_error(run, bundle: str):
    ran = run("export", bundle, "--format", "pmml")
    assert ran.status == 2 and "saved_model" in ran.err
