"""Reading recorded order books: wide CSV, the same under gzip, and Parquet."""

from __future__ import annotations

import os
import re
import warnings
import zlib
from difflib import get_close_matches
from gzip import BadGzipFile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from zoo.data.orderbook.book import Book
from zoo.data.orderbook.checks import Origin
from zoo.data.orderbook.columns import SESSION, SURPLUS, SYMBOL, TIME, find_levels, level_columns
from zoo.data.orderbook.files import GZIP, PARQUET, broken_gzip, find_file, first_bytes, read_header
from zoo.data.orderbook.frames import assemble
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
        frame = _parse(file, names, wanted, numbers | dict.fromkeys((SESSION, SYMBOL, SURPLUS), str))
        # Asked for int64, pandas takes all times through a float, and rounds them, where one reads 1.7e18.
        plain = TIME not in names or frame[TIME].dtype == np.int64
    except (ValueError, OverflowError):
        plain = False
    if not plain:
        # A cell that is no plain number: read again as text, so that it is kept as written and its row named.
        frame = _parse(file, names, wanted, str)
    if len(frame) and frame.iloc[-1].isna().all():
        # Empty lines at the end of a file are no rows.
        filled = np.flatnonzero(frame.notna().any(axis=1).to_numpy())
        frame = frame.iloc[: int(filled[-1]) + 1 if len(filled) else 0]
    return frame, count


def _parse(file: Path, names: list[str], wanted: list[str], dtype: Any) -> pd.DataFrame:
    # One column more than the header has catches what a row has beyond it. Only with `header=None` and
    # without `usecols` does pandas not shift such rows, or leave the surplus out, in silence. Unread columns
    # get a number for a name, since pandas wants no name twice.
    columns = [name if name in wanted else f"#{place}" for place, name in enumerate(names)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.ParserWarning)
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            frame = pd.read_csv(
                file,
                header=None,
                skiprows=1,
                names=[*columns, SURPLUS],
                dtype=dtype,
                index_col=False,
                # A blank line in the middle must count, or every line number after it is wrong.
                skip_blank_lines=False,
                compression="gzip" if first_bytes(file).startswith(GZIP) else None,
                encoding="utf-8-sig",
            )
        return frame[[*wanted, SURPLUS]]
    except pd.errors.EmptyDataError:
        return pd.DataFrame(columns=wanted)
    except pd.errors.ParserError as error:
        raise _broken_csv(file, error) from None
    except UnicodeDecodeError:
        raise DataError(
            f"{file.name} is not text throughout: somewhere it is not UTF-8",
            help="write it again as UTF-8",
            code="data.binary",
        ) from None
    except (EOFError, zlib.error, BadGzipFile) as error:
        raise broken_gzip(file, error) from None


def _broken_csv(file: Path, error: Exception) -> DataError:
    match = re.search(r"Expected \d+ fields in line (\d+), saw (\d+)", str(error))
    if match:
        line, found = int(match[1]), int(match[2])
        text = f"{file.name}, line {line:,}: {found} cells, more than the header names columns"
        return DataError(
            text, help="mend or delete that line", code="data.cells", data={"rows": {"cells": [line]}}
        )
    what = str(error).removeprefix("Error tokenizing data. C error: ").strip()
    return DataError(
        f"{file.name} cannot be read as CSV: {what}",
        help="look for an unclosed quote, or write it again",
        code="data.cells",
    )


def _read_parquet(file: Path, levels: int | None) -> tuple[pd.DataFrame, int]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise DataError(
            f"reading {file.name} needs pyarrow, which is not installed",
            help="pip install pyarrow, or write the book as CSV",
            code="data.parquet",
        ) from None
    try:
        names = list(parquet.read_schema(file).names)
        count = find_levels(names, levels, file.name)
        return parquet.read_table(file, columns=_columns(names, count)).to_pandas(), count
    except (ArrowException, OSError) as error:
        raise DataError(
            f"{file.name} is not a Parquet file, or is damaged: {str(error).splitlines()[0]}",
            help="write it again, or give CSV",
            code="data.parquet",
        ) from None


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
