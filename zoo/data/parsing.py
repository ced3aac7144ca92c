"""Columns of a CSV or Parquet file, every line kept and counted as it stands in the file."""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Callable, Iterator
from gzip import BadGzipFile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from zoo.data.files import GZIP, SURPLUS, broken_gzip, first_bytes
from zoo.errors import DataError


def parse_csv(
    file: Path, names: list[str], wanted: list[str], dtype: Any, *, headed: bool = True
) -> pd.DataFrame:
    """The wanted columns of a CSV file, and ``SURPLUS``: what a row has beyond the header.

    Args:
        file: plain or gzip.
        names: of all columns.
        wanted: those to keep.
        dtype: as pandas takes it.
        headed: the first line is a header.

    Raises:
        DataError: ``data.cells``, ``data.binary``, ``data.gzip``. ValueError: a cell is not of its dtype.
    """
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
                skiprows=1 if headed else 0,
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


def without_empty_end(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the empty lines at its end, which are no rows."""
    if len(frame) and frame.iloc[-1].isna().all():
        filled = np.flatnonzero(frame.notna().any(axis=1).to_numpy())
        return frame.iloc[: int(filled[-1]) + 1 if len(filled) else 0]
    return frame


def read_parquet(file: Path, choose: Callable[[list[str]], list[str]]) -> pd.DataFrame:
    """The columns of a Parquet file that ``choose`` picks from their names.

    Raises:
        DataError: ``data.parquet``.
    """
    return next(read_parquet_pieces(file, choose, None))


def read_parquet_pieces(
    file: Path, choose: Callable[[list[str]], list[str]], rows: int | None
) -> Iterator[pd.DataFrame]:
    """The same, at most ``rows`` rows at a time, or all; at least one frame.

    Raises:
        DataError: ``data.parquet``.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise DataError(
            f"reading {file.name} needs pyarrow, which is not installed",
            help="pip install pyarrow, or write the data as CSV",
            code="data.parquet",
        ) from None
    try:
        wanted = choose(list(parquet.read_schema(file).names))
        # Buffered ahead, all pieces of a file would be in memory by the end.
        with parquet.ParquetFile(file, pre_buffer=False) as opened:
            if rows is None or opened.metadata.num_rows <= rows:
                yield opened.read(columns=wanted).to_pandas()
                return
            for batch in opened.iter_batches(rows, columns=wanted):
                yield batch.to_pandas()
    except (ArrowException, OSError) as error:
        raise DataError(
            f"{file.name} is not a Parquet file, or is damaged: {str(error).splitlines()[0]}",
            help="write it again, or give CSV",
            code="data.parquet",
        ) from None
