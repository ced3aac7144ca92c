"""Wide files: one row a snapshot, one column a number; CSV, the same under gzip, and Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from zoo.data.checking import Origin
from zoo.data.files import SURPLUS, read_header
from zoo.data.orderbook.asked import Asked
from zoo.data.orderbook.assembly import Latest
from zoo.data.orderbook.book import Book
from zoo.data.orderbook.columns import SESSION, SYMBOL, TIME, find_levels, level_columns
from zoo.data.orderbook.frames import assemble
from zoo.data.parsing import parse_csv, read_parquet_pieces, without_empty_end


def read_csv_books(files: Sequence[Path], asked: Asked) -> Iterator[Book]:
    """A book of each CSV file."""
    for file in files:
        frame, count = _read_csv(file, asked)
        book = assemble(frame, count, Origin(file.name, "line", 2), asked.cleaning, asked.columns)
        yield _named(book, file, len(files))


def read_parquet_books(files: Sequence[Path], asked: Asked) -> Iterator[Book]:
    """A book of each Parquet file, or of each piece of one."""
    for file in files:
        first, latest = 1, Latest()
        for frame, count in _read_parquet(file, asked):
            origin = Origin(file.name, "row", first)
            book = assemble(frame, count, origin, asked.cleaning, asked.columns, latest)
            first += len(frame)
            yield _named(book, file, len(files))


def _named(book: Book, file: Path, files: int) -> Book:
    """Of several files without a ``session`` column each is a session of its name."""
    return replace(book, sessions=(file.name,)) if files > 1 and book.sessions == ("",) else book


def _columns(names: list[str], count: int, further: Sequence[str]) -> list[str]:
    own = [name for name in (TIME, SESSION, SYMBOL) if name in names] + level_columns(count)
    return own + [name for name in dict.fromkeys(further) if name not in own]


def _read_csv(file: Path, asked: Asked) -> tuple[pd.DataFrame, int]:
    names = read_header(file)
    count = find_levels(names, asked.levels, file.name, asked.columns)
    wanted = _columns(names, count, asked.columns)
    numbers: dict[str, Any] = dict.fromkeys(level_columns(count), np.float64)
    try:
        frame = parse_csv(file, names, wanted, numbers | dict.fromkeys((SESSION, SYMBOL, SURPLUS), str))
        # Asked for int64, pandas takes all times through a float, and rounds them, where one reads 1.7e18.
        plain = TIME not in names or frame[TIME].dtype == np.int64
    except (ValueError, OverflowError):
        plain = False
    if not plain:
        # A cell that is no plain number: read again as text, so that it is kept as written and its row named.
        frame = parse_csv(file, names, wanted, str)
    return without_empty_end(frame), count


def _read_parquet(file: Path, asked: Asked) -> Iterator[tuple[pd.DataFrame, int]]:
    count = 0

    def choose(names: list[str]) -> list[str]:
        nonlocal count
        count = find_levels(names, asked.levels, file.name, asked.columns)
        return _columns(names, count, asked.columns)

    for frame in read_parquet_pieces(file, choose, asked.piece):
        yield frame, count
