"""A bundle opens to the same model, and anything else is a BundleError."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import zoo
from tests.train.specs import PAIR, TINY
from zoo.build import archive
from zoo.errors import BundleError
from zoo.train.trained import Trained


@pytest.fixture(scope="module")
def run() -> Trained:
    return zoo.train(zoo.loads(TINY), epochs=1, verbose=0)


@pytest.fixture(scope="module")
def blob(run: Trained) -> bytes:
    return run.to_bytes()


def _repacked(blob: bytes, **changes: bytes) -> bytes:
    """The bundle with other parts, hashes and seal right, as if written by one who knows the format."""
    with zipfile.ZipFile(io.BytesIO(blob)) as opened:
        parts = {name: opened.read(name) for name in archive.MEMBERS}
        manifest = json.loads(opened.read(archive.MANIFEST))
    for name, part in changes.items():
        key = {item.split(".")[0]: item for item in archive.MEMBERS}[name]
        parts[key] = part
    del manifest["sha256"], manifest["format"]
    return archive.encode(parts, manifest)


def test_the_same_model_comes_back(run: Trained, blob: bytes, tmp_path: Path) -> None:
    path = run.save(tmp_path / "tiny.zoo")
    assert path.read_bytes() == blob
    for opened in (
        zoo.open(path),
        zoo.open(str(path)),
        zoo.from_bytes(blob),
        zoo.from_bytes(bytearray(blob)),
    ):
        assert opened.spec == run.spec
        assert opened.history == run.history
        assert opened.metrics == run.metrics
        assert opened.seed == run.seed
        assert opened.data_card == run.data_card
        assert opened.to_bytes() == blob
    np.testing.assert_array_equal(opened.predict(), run.predict())
    assert str(opened.evaluate()) == str(run.evaluation)


def test_what_is_inside(run: Trained, blob: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(blob)) as opened:
        assert sorted(opened.namelist()) == sorted((archive.MANIFEST, *archive.MEMBERS))
        manifest = json.loads(opened.read(archive.MANIFEST))
        for name in archive.MEMBERS:
            assert manifest["sha256"][name] == hashlib.sha256(opened.read(name)).hexdigest()
        assert zoo.loads(opened.read("spec.yaml").decode()) == run.spec
        assert json.loads(opened.read("pipeline.json"))["levels"] == ["down", "stationary", "up"]
    assert manifest["seed"] == 7
    assert manifest["data"]["simulated"] is True
    assert manifest["data"]["fingerprint"]
    for key in ("speczoo", "keras", "numpy", "python", "backend"):
        assert manifest[key]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(1, 255))
def test_one_altered_byte_anywhere_is_found(blob: bytes, place: float, value: int) -> None:
    altered = bytearray(blob)
    altered[int(place * len(blob))] ^= value
    with pytest.raises(BundleError):
        zoo.from_bytes(bytes(altered))


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_file_cut_short_is_found(blob: bytes, share: float, tmp_path: Path) -> None:
    path = tmp_path / "short.zoo"
    path.write_bytes(blob[: int(share * len(blob))])
    with pytest.raises(BundleError, match=r"short\.zoo` is (empty|cut short)"):
        zoo.open(path)


CASES: list[tuple[dict[str, bytes], str, str]] = [
    ({"spec": b"spec: 1\nname: tiny\n"}, "the spec in the bundle cannot be built", "bundle.foreign"),
    ({"spec": b"\xff\xfe\x00"}, "do not fit each other", "bundle.foreign"),
    ({"spec": PAIR.encode()}, "the weights of the bundle do not fit: it holds 2 weights", "bundle.weights"),
    (
        {"spec": TINY.replace("[5, 4]", "[6, 4]").replace("length: 5", "length: 6").encode()},
        "of shape (24, 3), received float32 of shape (20, 3)",
        "bundle.weights",
    ),
    ({"weights": b"not safetensors"}, "its safetensors cannot be read", "bundle.weights"),
    ({"pipeline": b'{"format": 99}'}, "format 99", "bundle.foreign"),
    ({"pipeline": b"[]"}, "`pipeline.json` holds no map", "bundle.altered"),
    ({"history": b'{"loss": 3}'}, "do not fit each other", "bundle.foreign"),
    ({"history": b'{"loss": ["x"]}'}, "do not fit each other", "bundle.foreign"),
    ({"metrics": b"{}"}, "do not fit each other", "bundle.foreign"),
]


@pytest.mark.parametrize(("changes", "said", "code"), CASES)
def test_parts_that_do_not_belong_together(
    blob: bytes, changes: dict[str, bytes], said: str, code: str
) -> None:
    with pytest.raises(BundleError) as caught:
        zoo.from_bytes(_repacked(blob, **changes))
    assert said in caught.value.message
    assert caught.value.code == code
    assert caught.value.help


def test_a_newer_format(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FORMAT", 2)
    newer = _repacked(blob)
    monkeypatch.undo()
    with pytest.raises(BundleError, match="format 2, and this speczoo reads formats up to 1"):
        zoo.from_bytes(newer)


def test_what_is_no_bundle(tmp_path: Path, blob: bytes) -> None:
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "tiny.zoo").write_bytes(blob)
    meant = f"did you mean `{tmp_path / 'run' / 'tiny.zoo'}`?"
    cases: list[tuple[Any, str, str]] = [
        (tmp_path / "absent.zoo", "there is no file", "runs/NAME/NAME.zoo"),
        (tmp_path / "run", "is a folder", meant),
        (tmp_path / "rum" / "tiny.zo", "there is no file", meant),
        (tmp_path / "note.txt", "not a bundle", "zoo train"),
        ("a\0b", "cannot read", "check the path"),
        (tmp_path / "note.txt" / "x.zoo", "cannot read", "check the path"),
    ]
    for path, said, helped in cases:
        with pytest.raises(BundleError) as caught:
            zoo.open(path)
        assert said in caught.value.message
        assert helped in caught.value.help
    with pytest.raises(BundleError, match="no ordinary file"):
        zoo.open(os.devnull)
    with pytest.raises(BundleError, match="received str"):
        zoo.from_bytes("text")  # type: ignore[arg-type]


def test_saving_over_an_old_bundle_fails_whole(
    run: Trained, blob: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tiny.zoo"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BundleError, match="the disk is full"):
        run.save(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_compile_changed_comes_back(blob: bytes) -> None:
    changed = zoo.from_bytes(blob)
    changed.compile(optimizer="sgd", loss={"direction": "categorical_crossentropy"})
    again = zoo.from_bytes(changed.to_bytes())
    assert type(again.model.optimizer).__name__ == "SGD"
    assert again.tasks["direction"].kind == "one_hot"


def test_a_model_without_data_comes_back() -> None:
    first = Trained.untrained(zoo.loads(PAIR))
    again = zoo.from_bytes(first.to_bytes())
    assert again.pipeline is None
    assert again.history == {}
    assert again.metrics == {}
    x = {"a": np.ones((3, 4)), "b": np.ones((3, 2))}
    for one, two in zip(first.predict(x).values(), again.predict(x).values(), strict=True):
        np.testing.assert_array_equal(one, two)
