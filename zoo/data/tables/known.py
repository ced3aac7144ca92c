"""Columns whose coming values a caller knows: from a map, a frame or a file, by group, checked row by row."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Origin
from zoo.data.tables.frames import read_times
from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.sources import file_frame
from zoo.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

_GIVEN = Origin("`known`", "row")


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of the rows to come, in the order of their time.

    Args:
        origin: how messages name it and count its rows.
        columns: name → (row,) float64, of the columns that inputs read; NaN where nothing is known.
        time: (row,) dates or numbers, or None.
        group: name → (row,) text; empty where the rows are those of the only group.
    """

    origin: Origin
    columns: Mapping[str, NDArray[np.float64]]
    time: NDArray[Any] | None
    group: Mapping[str, NDArray[Any]]

    def of_group(self, names: Mapping[str, str]) -> Known:
        """The rows of one group.

        Args:
            names: group's column → its name.

        Raises:
            DataError: ``forecast.known``, there is none.
        """
        if not self.group:
            return self
        rows = np.flatnonzero(np.all([column == names[key] for key, column in self.group.items()], axis=0))
        if not len(rows):
            said = ", ".join(f"{key} {name}" for key, name in names.items())
            raise _wrong(f"{self.origin.name} has no row of {said}", "give the rows to come of each group")
        columns = {name: values[rows] for name, values in self.columns.items()}
        origin = replace(self.origin, places=self.origin.numbers(rows))
        return Known(origin, columns, None if self.time is None else self.time[rows], {})

    def values(self, column: str, needed: int) -> NDArray[np.float64]:
        """(row,) of a column, of which a forecast reads the first ``needed``.

        Raises:
            DataError: ``forecast.known``, there are fewer.
        """
        values = self.columns[column]
        if len(values) < needed or not np.isfinite(values[:needed]).all():
            found = int(np.isfinite(values[:needed]).sum())
            raise _wrong(
                f"{self.origin.name} has {found} values of `{column}`; the forecast reads {needed}",
                f"give {needed} rows, from the first after the data",
            )
        return values

    def check_times(self, coming: NDArray[Any] | None, needed: int) -> None:
        """That the rows are those that come next, where both have times.

        Args:
            coming: of the rows to come, or None.
            needed: how many of them a forecast reads.

        Raises:
            DataError: ``forecast.known``: values of other days would be taken for those to come.
        """
        if self.time is None or coming is None or len(coming) < 2:
            return
        if "M" in self.time.dtype.kind + coming.dtype.kind and self.time.dtype.kind != coming.dtype.kind:
            raise _wrong(f"{self.origin.name} has other times than the data", "write them as the data does")
        count = min(needed, len(self.time))
        # A row is that one whose time is nearer than its neighbours'.
        off = 2 * np.abs(self.time[:count] - coming[:count]) >= np.diff(coming).min()
        if off.any():
            row = int(np.flatnonzero(off)[0])
            raise _wrong(
                f"{self.origin.name}: {self.origin.of(row)} is of {_shown(self.time[row])}, where "
                f"{_shown(coming[row])} comes",
                "give the rows to come alone, from the first after the data",
            )


def known_columns(source: Any, recipe: TableRecipe) -> Known:
    """What the caller knows of the rows to come.

    Args:
        source: None, a map or frame of columns, or the path of a CSV or Parquet file; further columns are
            left alone.
        recipe: of the table.

    Raises:
        DataError: ``forecast.known``: a column holds no numbers, or inputs read none of the columns;
            ``data.…``, the file's own problems.
    """
    if source is None:
        return Known(_GIVEN, {}, None, {})
    read = [name for name in recipe.features if name not in recipe.calendar]
    if isinstance(source, (str, os.PathLike)):
        others = [*recipe.group, *([] if recipe.time is None else [recipe.time])]
        frame, origin = file_frame(source, [*dict.fromkeys([*read, *others])])
    else:
        frame, origin = _as_frame(source), _GIVEN
    there = [str(column) for column in frame.columns]
    frame = frame.set_axis(there, axis=1)
    columns = {column: _numbers(frame[column], origin) for column in read if column in there}
    if not columns:
        listed = ", ".join(read[:12]) or "none but the calendar's"
        raise _wrong(f"{origin.name} has none of the columns that the inputs read", f"they read: {listed}")
    timed = recipe.time in there
    grouped = bool(recipe.group) and set(recipe.group) <= set(there)
    time = read_times(frame[str(recipe.time)], origin) if timed else None
    group = {key: frame[key].to_numpy().astype(str) for key in recipe.group} if grouped else {}
    return Known(origin, columns, time, group)


def _as_frame(source: Any) -> pd.DataFrame:
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return source
    if not isinstance(source, Mapping):
        raise _wrong(
            f"`known` cannot be of type {type(source).__name__}",
            "give a frame, a map {column: values} or a file's path",
        )
    return pd.DataFrame({str(name): pd.Series(np.atleast_1d(values)) for name, values in source.items()})


def _numbers(column: pd.Series[Any], origin: Origin) -> NDArray[np.float64]:
    import pandas as pd

    values = pd.to_numeric(column.astype(object), errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = column.notna().to_numpy() & np.isnan(values)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise _wrong(
            f"{origin.name}: `{column.name}` of {origin.of(row)} is {column.iloc[row]!r}", "give numbers"
        )
    return np.asarray(values)


def _shown(time: Any) -> str:
    text = str(time)
    return text.removesuffix(".000000000").replace("T00:00:00", "").replace("T", " ")


def _wrong(message: str, help: str) -> DataError:
    return DataError(message, help=help, code="forecast.known")
