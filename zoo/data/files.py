"""Is there a file, can it be read, and is it what its name says? Asked before pandas sees it."""

from __future__ import annotations

import csv
import gzip
import os
import re
import zlib
from pathlib import Path
from typing import IO, cast

from zoo.errors import DataError
from zoo.files import nearest_path

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
SURPLUS = "#surplus"  # the reader's own column: the cell that a row has beyond the header
# Endings that no table is written to: models, specs, scripts, archives, which a slip of the keyboard must not
# replace.
NO_TABLES = (".zoo", ".keras", ".onnx", ".yaml", ".yml", ".py", ".r", ".xlsx", ".gz", ".zip")
# A header of a thousand levels is 60 kB; a first "line" longer than this is no line.
_LONGEST_HEADER = 1_000_000


def find_file(path: str | os.PathLike[str]) -> Path:
    """The regular, non-empty, readable file at ``path``.

    Raises:
        DataError: ``data.no_file`` (with the nearest name in that folder), ``data.directory``,
            ``data.empty``, ``data.file``.
    """
    refuse_nameless(path)
    file = Path(path).expanduser()
    try:
        if file.is_dir():
            raise _directory(file)
        if not file.exists():
            raise _absent(file)
        if not file.is_file():
            raise DataError(f"{file} is a device or a pipe, not a file", help="give a file", code="data.file")
        if file.stat().st_size == 0:
            raise DataError(
                f"{file} is empty (0 bytes)", help="the download or export may have failed", code="data.empty"
            )
        with file.open("rb"):
            pass
    except OSError as error:
        raise DataError(
            f"cannot read {file}: {error.strerror or error}",
            help="check the path and its permissions",
            code="data.file",
        ) from None
    return file


def refuse_nameless(path: str | os.PathLike[str]) -> None:
    """An empty path would be the working folder, which nobody named.

    Raises:
        DataError: ``data.no_file``.
    """
    if not os.fspath(path):
        raise DataError("the path is an empty text", help="give the path of a file", code="data.no_file")


def first_bytes(file: Path) -> bytes:
    """The first four bytes, which tell gzip and Parquet from text."""
    with file.open("rb") as stream:
        return stream.read(4)


def read_header(file: Path) -> list[str]:
    """The column names in the first line of a CSV file, plain or gzip.

    Raises:
        DataError: ``data.gzip``, ``data.binary`` or ``data.columns`` when there is no such line.
    """
    packed = first_bytes(file).startswith(GZIP)
    if file.suffix.lower() == ".gz" and not packed:
        raise DataError(
            f"{file.name} is not a gzip file, although its name ends in .gz",
            help="rename it without .gz if it is plain CSV, or download it again",
            code="data.gzip",
        )
    try:
        with gzip.open(file, "rb") if packed else file.open("rb") as stream:
            line = _first_line(cast(IO[bytes], stream), file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise broken_gzip(file, error) from None
    try:
        names = [name.strip() for name in next(csv.reader([line]), [])]
    except csv.Error as error:
        raise DataError(
            f"the first line of {file.name} is no list of column names: {error}",
            help="give a CSV file whose first line names the columns",
            code="data.columns",
        ) from None
    if len(names) == 1 and (";" in line or "\t" in line):
        raise DataError(
            f"{file.name} is not separated by commas: its first line reads {line.strip()[:60]!r}",
            help="write it with commas between cells and a point as decimal mark",
            code="data.columns",
        )
    return names


def broken_gzip(file: Path, error: Exception) -> DataError:
    """The error for a gzip file that is damaged or cut short."""
    return DataError(
        f"{file.name} is damaged or cut short: {error}", help="download or write it again", code="data.gzip"
    )


def _first_line(stream: IO[bytes], file: Path) -> str:
    start = stream.read(_LONGEST_HEADER)
    if not start.strip():
        raise DataError(f"{file.name} holds no text", help="give a file with rows", code="data.empty")
    try:
        if b"\0" in start:
            raise UnicodeDecodeError("utf-8", start, 0, 1, "a zero byte")
        # Cut at a line's end: a character of several bytes may straddle the limit.
        return re.split(rb"\r\n|\n|\r", start, maxsplit=1)[0].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(
            f"{file.name} is not text: it looks like a binary file, or text that is not UTF-8",
            help="give a CSV file in UTF-8 (also gzip), or Parquet",
            code="data.binary",
        ) from None


def _directory(file: Path) -> DataError:
    inside = sorted(p.name for p in file.iterdir() if ".csv" in p.name.lower() or p.suffix == ".parquet")
    hint = (
        f"it holds {', '.join(inside[:5])}" + (", …" if len(inside) > 5 else "") if inside else "give a file"
    )
    return DataError(f"{file} is a folder, not a file", help=hint, code="data.directory")


def _absent(file: Path) -> DataError:
    folder, near = file.parent, nearest_path(file)
    if not folder.is_dir():
        help = f"did you mean `{near}`?" if near else "check the path"
        return DataError(f"there is no folder {folder}", help=help, code="data.no_file")
    help = f"did you mean `{near}`?" if near else f"the folder {folder.resolve()} has no similar name"
    return DataError(f"there is no file {file}", help=help, code="data.no_file")
