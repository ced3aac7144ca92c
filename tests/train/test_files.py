"""A file is there whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from zoo import files
from zoo.errors import BundleError, TrainError
from zoo.train.files import write_atomic


def test_writes_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "run.zoo"
    write_atomic(target, b"one")
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert [item.name for item in tmp_path.iterdir()] == ["run.zoo"]


def test_a_new_file_has_the_users_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write_atomic(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_keeps_its_permissions_when_it_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "mine").touch(0o600)
    write_atomic(tmp_path / "mine", b"new")
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o600


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "error")]
)
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    target = tmp_path / "run.zoo"
    write_atomic(target, b"old")

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(BundleError, match=said) as caught:
        write_atomic(target, b"new", error=BundleError)
    assert caught.value.code == "file.write"
    assert caught.value.help
    assert target.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["run.zoo"]


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(source: object, target: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "run.zoo", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_for_real(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="No space left"):
        files._write_to(os.open(full, os.O_WRONLY), b"x" * 10)


def test_says_what_is_wrong_with_the_path(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="no such folder"):
        write_atomic(tmp_path / "absent" / "run.zoo", b"")
    with pytest.raises(TrainError, match="it is a folder"):
        write_atomic(tmp_path, b"")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TrainError, match="a file, not a folder"):
        write_atomic(tmp_path / "file" / "run.zoo", b"")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("runs/a/model.zo", "runs/a/model.zoo"),
        ("runs/a/MODEL.zoo", "runs/a/model.zoo"),
        ("run/a/modl", "runs/a/model.zoo"),
        ("runs/a/model.csv", "runs/a/model.zoo"),
        ("runs/zzz/model.zoo", None),
        ("elsewhere/model.zoo", None),
    ],
)
def test_a_path_that_is_not_there_has_a_nearest_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, meant: str | None
) -> None:
    (tmp_path / "runs" / "a").mkdir(parents=True)
    for name in ("model.zoo", "model.cs"):
        (tmp_path / "runs" / "a" / name).touch()
    expected = None if meant is None else Path(meant)
    monkeypatch.chdir(tmp_path)
    assert files.nearest_path(asked, "*.zoo") == expected
    assert files.nearest_path(tmp_path / asked, "*.zoo") == (expected and tmp_path / expected)


@pytest.mark.parametrize(
    ("asked", "file", "folder"),
    [
        ("new", "", ""),
        ("old", "", "part of the path is a file"),
        ("folder", "it is a folder", ""),
        ("no/new", "there is no such folder", ""),
        ("old/new", "part of the path is a file", "part of the path is a file"),
        ("closed/new", "may not be written to", "may not be written to"),
    ],
)
def test_whether_a_place_can_be_written_is_known_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, file: str, folder: str
) -> None:
    (tmp_path / "old").touch()
    for name in ("folder", "closed"):
        (tmp_path / name).mkdir()
    # the tests may run as root, who may write everywhere
    monkeypatch.setattr(files.os, "access", lambda path, _: Path(path).name != "closed")
    for check, said in ((files.check_file, file), (files.check_folder, folder)):
        try:
            check(tmp_path / asked, error=TrainError)
        except TrainError as error:
            assert said and said in error.message and error.code == "file.write" and error.help
        else:
            assert not said
    assert sorted(item.name for item in tmp_path.iterdir()) == ["closed", "folder", "old"]
