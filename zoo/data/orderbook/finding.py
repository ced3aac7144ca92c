"""The files that a path, a pattern, a folder or a list of them stands for, in order."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import Any

from zoo.data.files import find_file, refuse_nameless
from zoo.errors import DataError

ENDINGS = (".csv", ".txt", ".gz", ".parquet", ".json", ".jsonl", ".ndjson")
FilePath = str | os.PathLike[str]


def is_paths(source: Any) -> bool:
    """Is it a path or a list of paths?"""
    if isinstance(source, str | os.PathLike):
        return True
    listed = isinstance(source, list | tuple) and len(source) > 0
    return listed and all(isinstance(item, str | os.PathLike) for item in source)


def find_files(path: FilePath | Sequence[FilePath]) -> list[Path]:
    """The regular, non-empty, readable files of a source.

    A list stays in its order; the files of a folder or a pattern such as ``part*.gz`` come by name, with
    numbers in names as numbers: ``part2`` before ``part10``.

    Raises:
        DataError: ``data.no_file``, ``data.directory``, ``data.empty``, ``data.file``.
    """
    given = [path] if isinstance(path, str | os.PathLike) else list(path)
    for item in given:
        refuse_nameless(item)
    if not given:
        raise DataError("the list of files is empty", help="give at least one file", code="data.no_file")
    found = [file for item in given for file in _expand(Path(item).expanduser())]
    for place, file in enumerate(found):
        if file in found[:place]:
            raise DataError(f"{file} is given twice", help="give each file once", code="data.file")
    return found


def describe(files: Sequence[Path]) -> str:
    """What messages and reports call those files together."""
    return files[0].name + (f" and {len(files) - 1} more" if len(files) > 1 else "")


def by_name(file: Path) -> list[tuple[int, str]]:
    """Sorts ``part2`` before ``part10``."""
    pieces = re.split(r"(\d+)", file.name)
    return [(int(piece), "") if piece.isdigit() and piece.isascii() else (0, piece) for piece in pieces]


def _expand(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            return _inside(path)
        if has_magic(str(path)) and not path.exists():
            return _matches(path)
    except (OSError, ValueError) as error:
        raise DataError(f"cannot look for {path}: {error}", help="check the path", code="data.file") from None
    return [find_file(path)]


def _inside(folder: Path) -> list[Path]:
    names = [
        file
        for file in folder.iterdir()
        if file.suffix.lower() in ENDINGS and not file.name.startswith(".") and file.is_file()
    ]
    if not names:
        raise DataError(
            f"the folder {folder} holds no data file",
            help=f"give a file, or a folder with files ending in {', '.join(ENDINGS)}",
            code="data.directory",
        )
    return [find_file(file) for file in sorted(names, key=by_name)]


def _matches(pattern: Path) -> list[Path]:
    files = [Path(name) for name in glob(str(pattern)) if Path(name).is_file()]
    if not files:
        raise DataError(
            f"no file matches {pattern}",
            help=f"the folder {pattern.parent.resolve()} has none of that name",
            code="data.no_file",
        )
    return [find_file(file) for file in sorted(files, key=by_name)]
