"""Files that are there whole or not at all; whether one can be written; and which one was meant."""

from __future__ import annotations

import contextlib
import difflib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from zoo.errors import ZooError

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{12}\.tmp")
_REASONS = {
    errno.ENOSPC: ("the disk is full", "free some space, or write to another disk"),
    errno.EDQUOT: ("the disk quota is used up", "free some space, or write to another disk"),
    errno.EROFS: ("the folder is on a read-only disk", "write to a folder that you may change"),
    errno.EACCES: ("the folder may not be written to", "write to a folder that you may change"),
    errno.EPERM: ("the folder may not be written to", "write to a folder that you may change"),
    errno.ENOENT: ("there is no such folder", "create the folder first, or check the path"),
    errno.ENOTDIR: ("part of the path is a file, not a folder", "check the path"),
    errno.EISDIR: ("it is a folder", "give the name of a file"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
}


def write_atomic(path: str | os.PathLike[str], data: bytes, *, error: type[ZooError] = ZooError) -> Path:
    """Write ``data`` so that a reader finds the old file or the new one, never a piece.

    The bytes go to a temporary file in the same folder, reach the disk, and take the name in one step.
    A failure, an interrupt included, removes the temporary file and leaves an old file as it was.

    Raises:
        ZooError: of class ``error``, code ``file.write``, when the file cannot be written.
    """
    with whole_file(path, error=error) as temporary:
        _write(temporary, data)
    return Path(os.path.realpath(path))


@contextlib.contextmanager
def whole_file(path: str | os.PathLike[str], *, error: type[ZooError] = ZooError) -> Iterator[Path]:
    """A file to write piece by piece, which takes the name ``path`` in one step when the block has ended.

    A failure, an interrupt included, leaves no new file, and an old one as it was.

    Raises:
        ZooError: of class ``error``, code ``file.write``, when the file cannot be written.
    """
    # A link keeps pointing where it did: its target is replaced, not the link.
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        _same_rights(target, temporary)
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as failure:
        raise _refused(path, failure, error) from None
    finally:
        _remove(temporary)


@contextlib.contextmanager
def whole_folder(path: str | os.PathLike[str], *, error: type[ZooError] = ZooError) -> Iterator[Path]:
    """A folder to fill, which takes the name ``path`` in one step when the block has ended.

    An old folder of that name is replaced then, with all that is in it. A failure, an interrupt included,
    leaves no new folder, and the old one as it was.

    Raises:
        ZooError: of class ``error``, code ``file.write``, when the folder cannot be written.
    """
    target = Path(os.path.realpath(path))
    mark = secrets.token_hex(6)
    temporary, aside = (target.with_name(f".{target.name[:100]}.{mark}{end}") for end in (".tmp", ".old"))
    try:
        temporary.mkdir()
        yield temporary
        if target.exists():
            os.replace(target, aside)
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as failure:
        raise _refused(path, failure, error) from None
    finally:
        if aside.exists() and not target.exists():
            os.replace(aside, target)
        for left in (temporary, aside):
            shutil.rmtree(left, ignore_errors=True)


def check_file(path: str | os.PathLike[str], *, error: type[ZooError] = ZooError) -> None:
    """Can a file be written there? Asked before the work whose outcome it is to hold.

    Raises:
        ZooError: of class ``error``, code ``file.write``, as ``whole_file`` would raise it in the end.
    """
    target = Path(os.path.realpath(path))
    number = errno.EISDIR if target.is_dir() else _obstacle(target.parent)
    if number:
        raise _refused(path, OSError(number, ""), error)


def check_folder(path: str | os.PathLike[str], *, error: type[ZooError] = ZooError) -> None:
    """Can a folder be made there, with those above it that are missing? Asked before the work.

    Raises:
        ZooError: of class ``error``, code ``file.write``.
    """
    target = Path(os.path.realpath(path))
    number = _obstacle(next(item for item in (target, *target.parents) if item.exists()))
    if number:
        raise _refused(path, OSError(number, ""), error)


def _obstacle(folder: Path) -> int:
    """The number of what keeps from writing into a folder; 0 where nothing does."""
    if not folder.is_dir():
        return errno.ENOTDIR if folder.exists() else errno.ENOENT
    return 0 if os.access(folder, os.W_OK | os.X_OK) else errno.EACCES


def nearest_path(path: str | os.PathLike[str], pattern: str = "*") -> Path | None:
    """What is there and is written most like a path that is not; None where nothing is like it.

    Args:
        path: each part that is missing is mended, from the left, by the names in the folder before it.
        pattern: of the names that the last part may have.
    """
    *folders, last = Path(path).parts or (".",)
    found: Path | None = Path()
    for part, kind in (*((part, "*/") for part in folders), (last, pattern)):
        found = found and _nearest_in(found, part, kind)
    return found


def _nearest_in(folder: Path, name: str, pattern: str) -> Path | None:
    if (folder / name).exists():
        return folder / name
    there = {item.name.lower(): item for item in folder.glob(pattern)}
    near = difflib.get_close_matches(name.lower(), there, n=1)
    return there[near[0]] if near else None


def _refused(path: str | os.PathLike[str], failure: OSError, error: type[ZooError]) -> ZooError:
    reason, help_ = _REASONS.get(failure.errno or 0, (str(failure.strerror or failure), "check the path"))
    return error(f"cannot write `{path}`: {reason}", help=help_, code="file.write", data={"path": str(path)})


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of a process that was killed while it wrote there."""
    for file in folder.glob(".*.tmp"):
        if _TEMPORARY.fullmatch(file.name):
            _remove(file)


def _write(path: Path, data: bytes) -> None:
    # O_EXCL with 0o666 rather than tempfile: the file gets the permissions any new file of the user gets.
    _write_to(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), data)


def _write_to(descriptor: int, data: bytes) -> None:
    with open(descriptor, "wb") as file:
        file.write(data)


def _same_rights(old: Path, new: Path) -> None:
    if old.exists():
        new.chmod(old.stat().st_mode & 0o777)


def _sync_folder(folder: Path) -> None:
    # The new name must reach the disk too; some systems cannot sync a folder, and then the name is as safe
    # as it gets.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
