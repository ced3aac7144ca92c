"""Reading recorded order books: wide CSV, the same under gzip, and Parquet."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from zoo.data.checking import Origin
from zoo.data.files import PARQUET, SURPLUS, find_file, first_bytes, read_header
from zoo.data.orderbook.book import Book
from zoo.data.orderbook.columns import SESSION, SYMBOL, TIME, find_levels, level_columns
from zoo.data.orderbook.frames import assemble
from zoo.data.parsing import parse_csv, read_parquet, without_empty_end
from zoo.errors import DataError


def read(
    path: str | os.PathLike[str],
    *,
    levels: int | None = None,
    clean: str = "error",
    symbol: str | None = None,
) -> Book:
    """A recorded order book: one row a snapshot, one column a number.

    Columns: ``ask_price_1, ask_size_1, bid_price_1, bid_size_1, ask_price_2, …`` (level 1 is the best), and,
    if there, ``time_ns`` (nanoseconds), ``session``, ``symbol``; others are ignored. Rows of several symbols
    may be mixed; the Book brings each symbol's rows together.

    Args:
        path: ``.csv``, ``.csv.gz`` or ``.parquet``.
        levels: read only that many levels; all when None.
        clean: ``error`` names every row that cannot be true, by its line in the file; ``drop`` leaves such
            rows out and counts them in ``Book.counts``.
        symbol: keep this symbol's rows only.

    Raises:
        DataError: ``data.no_file``, ``data.directory``, ``data.empty``, ``data.binary``, ``data.gzip``,
            ``data.columns``, ``data.levels``, ``data.symbol``; for rows ``data.missing``, ``data.price``,
            ``data.negative_size``, ``data.crossed``, ``data.levels``, ``data.time``.
    """
    file = find_file(path)
    if levels is not None and (isinstance(levels, bool) or not isinstance(levels, int) or levels < 1):
        raise DataError(
            f"`levels` is a whole number from 1; received {levels!r}",
            help="leave it out for all levels",
            code="data.levels",
        )
    if first_bytes(file) == PARQUET or file.suffix.lower() == ".parquet":
        frame, count = _read_parquet(file, levels)
        book = assemble(frame, count, Origin(file.name, "row", 1), clean)
    else:
        frame, count = _read_csv(file, levels)
        book = assemble(frame, count, Origin(file.name, "line", 2), clean)
    return book if symbol is None else _only(book, symbol)


def _columns(names: list[str], count: int) -> list[str]:
    return [name for name in (TIME, SESSION, SYMBOL) if name in names] + level_columns(count)


def _read_csv(file: Path, levels: int | None) -> tuple[pd.DataFrame, int]:
    names = read_header(file)
    count = find_levels(names, levels, file.name)
    wanted = _columns(names, count)
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


def _read_parquet(file: Path, levels: int | None) -> tuple[pd.DataFrame, int]:
    count = 0

    def choose(names: list[str]) -> list[str]:
        nonlocal count
        count = find_levels(names, levels, file.name)
        return _columns(names, count)

    return read_parquet(file, choose), count


def _only(book: Book, symbol: str) -> Book:
    if symbol not in book.symbols:
        near = get_close_matches(symbol, book.symbols, 1)
        listed = ", ".join(book.symbols) if any(book.symbols) else "none: there is no `symbol` column"
        raise DataError(
            f"{book.name} has no symbol `{symbol}`",
            help=f"did you mean `{near[0]}`?" if near else f"its symbols are: {listed}",
            code="data.symbol",
        )
    return book.take(book.symbol == book.symbols.index(symbol))
