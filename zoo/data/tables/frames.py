"""A pandas frame to a checked table: types, missing values, times, groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from zoo.data.checking import Origin, check_rows, has_decimal_comma
from zoo.data.files import SURPLUS
from zoo.data.tables.calendar import calendar_values
from zoo.data.tables.checks import CHECKS, Rows
from zoo.data.tables.gaps import Gap, unbroken
from zoo.data.tables.missing import fill, is_empty
from zoo.data.tables.table import Table
from zoo.data.tables.targets import level_name
from zoo.errors import DataError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a source.

    Args:
        numbers, names, time, group: the columns to be read, by what they hold.
        clean: ``error``, or ``drop`` to leave out rows with missing or misplaced values and count them.
        missing: what becomes of empty cells: ``error``, ``drop``, ``fill`` with the last known value; None is
            as ``clean`` says.
        gap: the longest step of time in an unbroken stretch of a group, or None.
        calendar: features that the times make.
    """

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    time: str | None
    group: tuple[str, ...]
    clean: str = "error"
    missing: str | None = None
    gap: Gap | None = None
    calendar: tuple[str, ...] = ()

    @property
    def all(self) -> list[str]:
        """Every column once."""
        time = () if self.time is None else (self.time,)
        return list(dict.fromkeys((*time, *self.group, *self.numbers, *self.names)))


def check_columns(found: list[str], wanted: Wanted, name: str) -> None:
    """Every column that the recipe names is there, once.

    Raises:
        DataError: ``data.columns``, with the nearest name of the first that is missing.
    """
    missing = [column for column in wanted.all if column not in found]
    if missing:
        near = get_close_matches(missing[0], found, 1, 0.7 if missing[0] == wanted.time else 0.6)
        listed = ", ".join(found[:12]) + (", …" if len(found) > 12 else "")
        if len(missing) == 1:
            mend = f"did you mean `{near[0]}`?" if near else f"its columns are: {listed}"
            if missing[0] == wanted.time:
                mend += ". The spec names the column of times in `data.time`"
            raise DataError(f"{name} has no column `{missing[0]}`", help=mend, code="data.columns")
        named = ", ".join(missing[:12]) + (", …" if len(missing) > 12 else "")
        raise DataError(
            f"{name} has none of the columns {named}",
            help=f"its columns are: {listed}. The spec names its own under `data` (time, inputs, targets): "
            "set the parameters that it takes them from, or name yours in a spec that `extends` it",
            code="data.columns",
        )
    twice = [column for column in wanted.all if found.count(column) > 1]
    if twice:
        raise DataError(
            f"{name} has the column `{twice[0]}` twice", help="name each once", code="data.columns"
        )


def read_frame(frame: pd.DataFrame, wanted: Wanted, origin: Origin, *, toy: str = "") -> Table:
    """The table of a frame.

    Args:
        frame: as its source has it; other columns are left alone.
        wanted: what is asked of it.
        origin: how messages name the source and count its rows.
        toy: name of the toy that the frame is, or empty.

    Raises:
        DataError: ``data.columns``, ``data.empty``, ``data.type``; for rows ``data.missing``,
            ``data.duplicate``, ``data.time``, ``data.cells``; ``data.gap``, ``data.calendar``.
    """
    if wanted.time is not None and wanted.time not in frame.columns and wanted.time in frame.index.names:
        frame = frame.reset_index(wanted.time)
    found = [str(column) for column in frame.columns]
    check_columns(found, wanted, origin.name)
    if len(frame) == 0:
        raise DataError(f"{origin.name} has no rows", help="give at least one row", code="data.empty")
    named = frame.set_axis(found, axis=1)
    numbers = {column: _numbers(named[column], origin) for column in wanted.numbers}
    names = {column: _names(named[column], origin) for column in wanted.names}
    filled = (*wanted.numbers, *wanted.names) if wanted.missing == "fill" else ()
    empty = {column: is_empty(named[column]) for column in filled}
    time = None if wanted.time is None else read_times(named[wanted.time], origin)
    rows = Rows(
        # What will be filled is nothing to be told of; what is there and is no number still is.
        numbers={
            name: np.where(empty[name], 0.0, numbers[name]) if empty else numbers[name] for name in numbers
        },
        empty=_empty(named, wanted.group if empty else (*wanted.names, *wanted.group)),
        time=time,
        time_name=wanted.time or "",
        run=_runs(named, wanted.group, origin),
        surplus=named[SURPLUS].notna().to_numpy() if SURPLUS in named else np.zeros(len(named), bool),
        cell=lambda row, column: named[column].iloc[row],
    )
    others = {} if wanted.missing in (None, "fill") else {"missing": str(wanted.missing)}
    good, counts = check_rows(rows, len(named), CHECKS, origin, wanted.clean, others)
    order = np.argsort(rows.run, kind="stable")
    order = order[good[order]]
    index: dict[str, NDArray[Any]] = {"row": order + 1}
    index |= {} if time is None else {str(wanted.time): time[order]}
    index |= {column: named[column].to_numpy()[order].astype(str) for column in wanted.group}
    series = _numbered(rows.run[order])
    times = None if time is None else time[order]
    table = Table(
        name=origin.name,
        numbers={column: values[order] for column, values in numbers.items()}
        | {feature: calendar_values(times, feature) for feature in wanted.calendar},
        names={column: values[order] for column, values in names.items()},
        runs=unbroken(times, series, wanted.gap),
        series=series,
        time=times,
        index=index,
        unit_of_source=origin.unit,
        counts={"rows": len(good), **counts},
        toy=toy,
    )
    return _filled(table, {column: mask[order] for column, mask in empty.items()}) if empty else table


def _filled(table: Table, empty: dict[str, NDArray[np.bool_]]) -> Table:
    """The table with its empty cells filled, without the rows at which some column was not known yet."""
    numbers, there, ready = fill(
        table.numbers, {k: empty[k] for k in table.numbers if k in empty}, table.runs
    )
    names, named, ready_too = fill(table.names, {k: empty[k] for k in table.names}, table.runs)
    keep = np.flatnonzero(ready & ready_too)
    if len(keep) == 0:
        raise DataError(
            f"{table.name} has no row at which every column is known",
            help="look at the columns: one of them may be empty throughout",
            code="data.empty",
        )
    known = {name: mask[keep] for name, mask in (there | named).items()}
    lost = len(table) - len(keep)
    counts = dict(table.counts) | {"filled": sum(int((~mask).sum()) for mask in known.values())}
    counts["dropped_missing"] = counts.get("dropped_missing", 0) + lost
    return replace(
        table,
        numbers={name: values[keep] for name, values in numbers.items()},
        names={name: values[keep] for name, values in names.items()},
        runs=_numbered(table.runs[keep]),
        series=_numbered(table.series[keep]),
        time=None if table.time is None else table.time[keep],
        index={name: values[keep] for name, values in table.index.items()},
        counts=counts,
        known=known,
    )


def _numbered(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Codes that rise, without those that no row has."""
    return np.asarray(np.unique(codes, return_inverse=True)[1], np.int64)


def _numbers(column: pd.Series[Any], origin: Origin) -> NDArray[np.float64]:
    if column.dtype.kind in "fiub" and not isinstance(column.dtype, pd.CategoricalDtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    plain = column.astype(str) if column.dtype.kind == "c" else column.astype(object)
    values = pd.to_numeric(plain, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    filled = column.notna().to_numpy()
    if filled.any() and not np.isfinite(values[filled]).any():
        row = int(np.flatnonzero(filled)[0])
        raise DataError(
            f"{origin.name}: the column `{column.name}` holds no numbers: {origin.of(row)} is "
            f"{column.iloc[row]!r}",
            help="write its numbers with a point as decimal mark"
            if has_decimal_comma(column.iloc[row])
            else "code it as numbers, one column for each level, or predict it with `type: categorical`",
            code="data.type",
        )
    return np.asarray(values)


def _names(column: pd.Series[Any], origin: Origin) -> NDArray[Any]:
    codes, levels = _coded(column, origin)
    texts = np.array([level_name(level) for level in levels] + [""], dtype=object)
    return np.asarray(texts[codes])


def _coded(column: pd.Series[Any], origin: Origin) -> tuple[NDArray[np.int64], Any]:
    """Numbers of the values in order of appearance, -1 for an empty cell; and the values."""
    try:
        codes, levels = pd.factorize(column, use_na_sentinel=True)
    except TypeError:
        raise DataError(
            f"{origin.name}: the column `{column.name}` holds no names but lists or the like: "
            f"{origin.of(0)} is {column.iloc[0]!r}",
            help="give one name or number a row",
            code="data.type",
        ) from None
    return codes.astype(np.int64), levels


def read_times(column: pd.Series[Any], origin: Origin) -> NDArray[Any]:
    """Dates as datetime64[ns] (NaT where unreadable), numbers as they are (NaN where unreadable).

    Raises:
        DataError: ``data.type``, neither.
    """
    if column.dtype.kind in "iuf":
        # pandas' own whole numbers may have gaps, which no whole number can show.
        whole = column.dtype.kind != "f" and not column.hasnans
        return column.to_numpy(np.int64 if whole else np.float64, na_value=0 if whole else np.nan)
    if column.dtype.kind == "M":
        plain = column.dt.tz_convert(None) if getattr(column.dt, "tz", None) is not None else column
        return np.asarray(plain.to_numpy("datetime64[ns]"))
    numbers = pd.to_numeric(column.astype(object), errors="coerce")
    if numbers.notna().any():
        return np.asarray(numbers.to_numpy())
    dates = pd.to_datetime(column.astype(object), errors="coerce", format="ISO8601", utc=True)
    if not dates.notna().any():
        raise DataError(
            f"{origin.name}: the time column `{column.name}` holds neither numbers nor dates: "
            f"{origin.of(0)} is {column.iloc[0]!r}",
            help="write times as 2024-05-01 or 2024-05-01 09:30:00, or as numbers that rise",
            code="data.type",
        )
    return np.asarray(dates.dt.tz_convert(None).to_numpy("datetime64[ns]"))


def _empty(frame: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, NDArray[np.bool_]]:
    return {column: frame[column].isna().to_numpy() for column in columns}


def _runs(frame: pd.DataFrame, group: tuple[str, ...], origin: Origin) -> NDArray[np.int64]:
    if not group:
        return np.zeros(len(frame), np.int64)
    codes = pd.DataFrame({name: _coded(frame[name], origin)[0] for name in group})
    # In order of appearance, whatever the groups are called.
    return np.asarray(codes.groupby(list(group), sort=False).ngroup().to_numpy(np.int64))
