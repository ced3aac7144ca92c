"""What kind of order-book file it is, told from its content, never from its name alone."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import IO, cast

from zoo.data.files import GZIP, PARQUET, first_bytes

# Enough for the first cells of a line; a line of FI-2010 is megabytes long.
_HEAD = 65_536
_JSON = re.compile(rb"\s*(\d+\s+)?\{")

NAMES = {
    "csv": "a wide CSV table",
    "parquet": "a wide Parquet table",
    "stream": "an exchange depth stream",
    "fi2010": "FI-2010 text",
    "message": "a LOBSTER message file",
    "orderbook": "a LOBSTER order-book file",
}


def kind_of(file: Path) -> str:
    """A key of ``NAMES``; ``csv`` where nothing else fits, whose reader tells what is wrong."""
    if first_bytes(file) == PARQUET or file.suffix.lower() == ".parquet":
        return "parquet"
    line = _first_line(file)
    if _JSON.match(line):
        return "stream"
    if b"," not in line:
        cells = line.split()[:40]
        return "fi2010" if len(cells) > 1 and _numbers(cells[:-1]) else "csv"
    cells = line.strip().split(b",")
    if len(line) < _HEAD and _numbers(cells):
        return _headless([float(cell) for cell in cells])
    return "csv"


def _first_line(file: Path) -> bytes:
    try:
        packed = first_bytes(file).startswith(GZIP)
        with gzip.open(file, "rb") if packed else file.open("rb") as stream:
            head = cast(IO[bytes], stream).read(_HEAD)
    except (OSError, EOFError, zlib.error):
        return b""
    return next((line for line in re.split(rb"[\r\n]+", head) if line.strip()), b"")


def _numbers(cells: list[bytes]) -> bool:
    try:
        return bool([float(cell) for cell in cells])
    except ValueError:
        return False


def _headless(cells: list[float]) -> str:
    """LOBSTER's files have no header: six or seven numbers of a message, four a level of a book."""
    whole = [cell == round(cell) if abs(cell) < float("inf") else False for cell in cells]
    if len(cells) in (6, 7) and all(whole[1:6]) and 1 <= cells[1] <= 7 and cells[5] in (-1, 0, 1):
        return "message"
    return "orderbook" if len(cells) % 4 == 0 and all(whole) else "csv"
