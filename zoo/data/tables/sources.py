"""Where a table comes from: what the caller gave, else the recipe's source; a file, a frame or a toy."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Origin
from zoo.data.files import GZIP, PARQUET, SURPLUS, find_file, first_bytes, read_header
from zoo.data.tables.frames import Wanted, check_columns, read_frame
from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.table import Table
from zoo.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

_DROP = "write `clean: drop` in `data`"


def load_table(source: Any, raw: Mapping[str, Any], recipe: TableRecipe, *, labels: bool) -> Table:
    """The table of a source.

    Args:
        source: None (the recipe's ``source``), path, pandas frame, ``{toy: NAME, …}``, or an array
            (row, column) of the columns of numbers in the order in which the recipe names them.
        raw: the spec's ``data`` section.
        recipe: the same, checked.
        labels: also read the columns that only targets need.

    Raises:
        DataError: the file's or frame's own problems, or ``data.source`` when it is none of these.
    """
    frame, origin, toy = open_rows(source, raw, recipe, labels=labels)
    return read_frame(frame, _wanted(recipe, labels), origin, toy=toy)


def open_rows(
    source: Any, raw: Mapping[str, Any], recipe: TableRecipe, *, labels: bool
) -> tuple[pd.DataFrame, Origin, str]:
    """The rows of a source as they lie there, how messages name them, and the toy that they are, if any.

    Args:
        source, raw, recipe, labels: as in ``load_table``.

    Raises:
        DataError: the file's own problems, or ``data.source``.
    """
    if source is None:
        source = raw.get("source")
    wanted = _wanted(recipe, labels)
    if isinstance(source, Mapping):
        from zoo.data.toys.tables import make_table

        name, frame = make_table(source, wanted.all)
        return frame, Origin(name, "row", 1, _DROP), source["toy"]
    if isinstance(source, str | os.PathLike):
        return *_open_file(find_file(source), wanted), ""
    if hasattr(source, "columns") and hasattr(source, "iloc"):
        return source, Origin("data frame", "row", 1, _DROP), ""
    if isinstance(source, np.ndarray) and source.ndim == 2:
        return _frame_of(source, wanted), Origin("array", "row", 1, _DROP), ""
    if source is None:
        raise DataError(
            "the recipe names no `source`, and no data was given",
            help="give a file or a frame, or write `source: {toy: seasonal}`",
            code="data.source",
        )
    raise DataError(
        f"a table is a file or a data frame; received {type(source).__name__}",
        help="give a path, a pandas frame, an array of rows, or arrays (x, y)",
        code="data.source",
    )


def _wanted(recipe: TableRecipe, labels: bool) -> Wanted:
    targets = list(recipe.targets.values()) if labels else []
    numeric = [name for target in targets if not target.categorical for name in target.columns]
    made = set(recipe.calendar)
    return Wanted(
        numbers=tuple(name for name in dict.fromkeys((*recipe.features, *numeric)) if name not in made),
        names=tuple(dict.fromkeys(target.columns[0] for target in targets if target.categorical)),
        time=recipe.time,
        group=recipe.group,
        clean=recipe.clean,
        missing=recipe.missing,
        gap=recipe.gap,
        calendar=recipe.calendar,
    )


def _frame_of(rows: NDArray[Any], wanted: Wanted) -> pd.DataFrame:
    """Rows of an array under the names of the columns they are; their order is their time."""
    import pandas as pd

    if rows.shape[1] != len(wanted.numbers):
        raise DataError(
            f"an array of rows has {rows.shape[1]} columns, and the recipe reads {len(wanted.numbers)}: "
            + ", ".join(wanted.numbers[:12]),
            help="give them in this order, or a frame, whose columns have names",
            code="data.columns",
        )
    frame = pd.DataFrame(rows, columns=list(wanted.numbers))
    if wanted.calendar or wanted.gap is not None:
        raise DataError(
            "an array of rows has no times, and the recipe's calendar or gap needs them",
            help=f"give a frame with the column `{wanted.time}`",
            code="data.columns",
        )
    if wanted.time is not None and wanted.time not in frame:
        frame.insert(0, wanted.time, np.arange(len(rows)))
    return frame


def _open_file(file: Path, wanted: Wanted) -> tuple[pd.DataFrame, Origin]:
    def choose(names: list[str]) -> Wanted:
        check_columns(names, wanted, file.name)
        return wanted

    return _frame_of_file(file, choose)


def file_frame(path: str | os.PathLike[str], columns: list[str]) -> tuple[pd.DataFrame, Origin]:
    """Those of the columns that a file has, as they stand in it.

    Raises:
        DataError: the file's own problems.
    """

    def choose(names: list[str]) -> Wanted:
        return Wanted(numbers=(), names=tuple(name for name in columns if name in names), time=None, group=())

    return _frame_of_file(find_file(path), choose)


def _frame_of_file(file: Path, choose: Callable[[list[str]], Wanted]) -> tuple[pd.DataFrame, Origin]:
    from zoo.data.parsing import read_parquet

    start = first_bytes(file)
    if start == PARQUET or file.suffix.lower() == ".parquet":
        frame = read_parquet(file, lambda names: choose(names).all)
        return frame, Origin(file.name, "row", 1, _DROP)
    if not start.startswith(GZIP) and start.startswith(b"PK"):
        raise DataError(
            f"{file.name} is a zip or spreadsheet file, not CSV",
            help="export it as CSV (also gzip) or Parquet",
            code="data.binary",
        )
    return _read_csv(file, choose), Origin(file.name, "line", 2, _DROP)


def _read_csv(file: Path, choose: Callable[[list[str]], Wanted]) -> pd.DataFrame:
    from zoo.data.parsing import parse_csv, without_empty_end

    names = read_header(file)
    wanted = choose(names)
    text = dict.fromkeys([*wanted.all, SURPLUS], str)
    # A column that is read both as numbers and as names is text here.
    numbers: dict[str, Any] = {name: np.float64 for name in wanted.numbers if name not in wanted.names}
    try:
        frame = parse_csv(file, names, wanted.all, text | numbers)
    except (ValueError, OverflowError):
        # A cell that is no plain number: read again as text, so that it is kept as written and its row named.
        frame = parse_csv(file, names, wanted.all, str)
    return without_empty_end(frame)
