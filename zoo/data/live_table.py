"""A table row by row, as it comes in: each row's scaled columns when it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Origin
from zoo.data.scaling import apply_scaler
from zoo.data.tables.calendar import calendar_values
from zoo.data.tables.checks import shown_time
from zoo.data.tables.gaps import unbroken
from zoo.data.tables.pipeline import TablePipeline
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
_DROP = "train with `clean: drop` under `data`"


@dataclass(frozen=True, slots=True)
class _Series:
    """What is known of a group's rows so far.

    Args:
        known: (column,) the last known values; NaN where none is.
        time: (1,) of the last row, or None.
        broken: a gap came before the next row that is made.
    """

    known: FloatArray
    time: NDArray[np.generic] | None = None
    broken: bool = False


class LiveTable:
    """Makes of each row the columns that the pipeline makes of a whole table, for a model of one input.

    Rows that name their groups may come in any order of these; rows that do not are of one, and ``reset``
    begins another.

    Args:
        pipeline: fitted on a training part.

    Attributes:
        begins: the last row that was made came after a gap: no window has it and those before.
        group: of the last row that was made; empty where it names none.
        names: of the columns that are made.

    Raises:
        DataError: ``stream.shift``, the input does not end at the row that is predicted from;
            ``stream.scale``, its scaler is of each group or of the sessions before.
    """

    def __init__(self, pipeline: TablePipeline) -> None:
        recipe = pipeline.read
        (item,) = recipe.inputs.values()
        _check(item.reach.shift, recipe.by_row)
        self._recipe, self._columns, self._calendar = recipe, item.read, item.calendar
        self.names = list(item.columns)
        self._shift, self._factor = np.array([pipeline.scaler[name] for name in item.columns], np.float64).T
        self._needs_time = bool(item.calendar) or recipe.gap is not None
        self._drops = recipe.clean == "drop"
        self._missing = recipe.missing or recipe.clean
        self.reset()

    def reset(self) -> None:
        """All groups begin anew: nothing came before their first rows."""
        self.begins = False
        self.group: tuple[str, ...] = ()
        self._series: dict[tuple[str, ...], _Series] = {}

    def push(self, snapshot: Any) -> NDArray[np.float32] | None:
        """(column,) the scaled columns of a row; None of one that ``clean`` or ``missing`` leaves out.

        Args:
            snapshot: a map or row of a frame by the columns' names, with the time where the calendar or a gap
                asks for it; or (column,) numbers in the order of the recipe, where none does.

        Raises:
            DataError: ``stream.row``, no such columns; ``data.missing``, ``data.no_time``, ``data.time``,
                ``data.duplicate``, as of a file's rows. Nothing is kept of such a row.
        """
        values, time, group = self._read(snapshot)
        before = self._series.get(group or (), _Series(np.full(len(values), np.nan)))
        bad = self._wrong(values, time, group, before.time)
        if bad is not None:
            code, message, help_ = bad
            if self._missing == "drop" if code == "data.missing" else self._drops:
                return None
            raise DataError(message, help=help_, code=code)
        far = self._is_far(time, before.time)
        known = np.where(np.isnan(values), np.nan if far else before.known, values)
        whole, broken = not np.isnan(known).any(), before.broken or far
        calendar = [calendar_values(time, name)[0] for name in self._calendar]
        # The row after a gap may be left out, and the next one is then the first.
        last = before.time if time is None else time
        self._series[group or ()] = _Series(known, last, broken and not whole)
        if not whole:
            return None
        self.begins, self.group = broken, group or ()
        row = np.concatenate((known, calendar))
        return np.asarray(apply_scaler(row, self._shift, self._factor), np.float32)

    def _read(self, snapshot: Any) -> tuple[FloatArray, NDArray[np.generic] | None, tuple[str, ...] | None]:
        """(column,) numbers, NaN for none; the time, (1,); the group, None where a cell of it is empty."""
        named = isinstance(snapshot, Mapping) or hasattr(snapshot, "index") and not isinstance(snapshot, list)
        if not named or isinstance(snapshot, tuple):
            cells = np.ravel(np.asarray(snapshot, object)).tolist()
            if len(cells) != len(self._columns) or self._needs_time:
                raise self._lacking(f"received {len(cells)} without names")
            return _numbers(cells, self._columns), None, ()
        wanted = [*self._columns, *([self._recipe.time] if self._needs_time else [])]
        missing = [str(name) for name in wanted if name not in snapshot]
        if missing:
            raise self._lacking("it lacks " + ", ".join(f"`{name}`" for name in missing[:5]))
        told = self._recipe.time is not None and self._recipe.time in snapshot
        time = _time(snapshot[self._recipe.time], str(self._recipe.time)) if told else None
        return (
            _numbers([snapshot[name] for name in self._columns], self._columns),
            time,
            self._group(snapshot),
        )

    def _group(self, snapshot: Any) -> tuple[str, ...] | None:
        """What a row says of its group: nothing, all of it, or None where a cell is empty."""
        told = [name for name in self._recipe.group if name in snapshot]
        if told and len(told) < len(self._recipe.group):
            lacks = next(name for name in self._recipe.group if name not in told)
            raise DataError(
                f"the row names `{told[0]}`, and its group is that and `{lacks}`",
                help=f"give {self._group_names()}, or none of them where all rows are of one group",
                code="stream.row",
            )
        cells = [snapshot[name] for name in told]
        return None if any(map(_is_empty, cells)) else tuple(_named(cell) for cell in cells)

    def _wrong(
        self,
        values: FloatArray,
        time: NDArray[np.generic] | None,
        group: tuple[str, ...] | None,
        before: NDArray[np.generic] | None,
    ) -> tuple[str, str, str] | None:
        """Code, message and help of what a file's row would be told of; None where nothing is wrong."""
        if group is None:
            return "data.missing", f"the row does not say its group, {self._group_names()}", "fill the cell"
        empty = np.flatnonzero(np.isinf(values) if self._missing == "fill" else ~np.isfinite(values))
        if len(empty):
            return (
                "data.missing",
                f"the row has no number in `{self._columns[empty[0]]}`",
                "fill the cell, or train with `missing: fill` for the last known value",
            )
        if time is None:
            return None
        if not (np.isfinite(time[0]) if time.dtype.kind == "f" else time[0] == time[0]):
            return "data.no_time", f"the row has no time in `{self._recipe.time}`", _DROP
        if before is None:
            return None
        if (time.dtype.kind == "M") != (before.dtype.kind == "M"):
            now, then = ("a date", "a number") if time.dtype.kind == "M" else ("a number", "a date")
            raise DataError(
                f"the row's time `{self._recipe.time}` is {now}, and that of the row before is {then}",
                help="give the times of all rows as the training's data have them",
                code="stream.row",
            )
        if time[0] > before[0]:
            return None
        help_ = self._order_help()
        if time[0] == before[0]:
            return "data.duplicate", f"the time {shown_time(time[0])} is there already", help_
        return "data.time", f"time goes backwards: {shown_time(time[0])} after {shown_time(before[0])}", help_

    def _group_names(self) -> str:
        return " and ".join(f"`{name}`" for name in self._recipe.group)

    def _order_help(self) -> str:
        names = self._group_names()
        group = f"name each row's group, {names}" if names else "reset() begins another series"
        return f"push rows in the order of time; {group}; or {_DROP}"

    def _is_far(self, time: NDArray[np.generic] | None, before: NDArray[np.generic] | None) -> bool:
        if time is None or before is None or self._recipe.gap is None:
            return False
        both = np.concatenate((before, time))
        return bool(unbroken(both, np.zeros(2, np.int64), self._recipe.gap)[1])

    def _lacking(self, what: str) -> DataError:
        time = f", and the time `{self._recipe.time}`" if self._needs_time else ""
        return DataError(
            f"a row has a number for each of {', '.join(f'`{name}`' for name in self._columns[:8])}"
            f"{', …' if len(self._columns) > 8 else ''}{time}; {what}",
            help="give a map by these names, or a row of a frame"
            + ("" if self._needs_time else ", or the numbers in this order"),
            code="stream.row",
        )


def _numbers(cells: list[Any], names: Sequence[str]) -> FloatArray:
    """(column,) numbers, NaN where a cell is empty.

    Raises:
        DataError: ``stream.row``, a cell that is no number and not empty.
    """
    found = np.full(len(cells), np.nan)
    for place, (cell, name) in enumerate(zip(cells, names, strict=True)):
        if _is_empty(cell):
            continue
        try:
            found[place] = float(cell)
        except (TypeError, ValueError):
            hint = "; the decimal mark is a point" if isinstance(cell, str) and "," in cell else ""
            raise DataError(
                f"the row's `{name}` is {cell!r}, not a number{hint}",
                help="give one number a column",
                code="stream.row",
            ) from None
    return found


def _named(cell: Any) -> str:
    """A group's name: 1 and 1.0 are the same."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _is_empty(cell: Any) -> bool:
    """Is it what an empty cell of a table is read as?"""
    import pandas as pd

    if isinstance(cell, str):
        return cell.strip() in ("", "NA", "NaN", "nan")
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def _time(value: Any, name: str) -> NDArray[np.generic]:
    """(1,) a time as a table's are: dates of nanoseconds, or numbers."""
    import pandas as pd

    from zoo.data.tables.frames import read_times

    return read_times(pd.Series([value], name=name), Origin("the stream", "row", 1))


def _check(shift: int, by_row: bool) -> None:
    if shift:
        raise DataError(
            f"the model's input ends {abs(shift)} rows {'after' if shift > 0 else 'before'} the row that is "
            "predicted from, and a stream knows the rows so far",
            help="predict(data) takes them from the table",
            code="stream.shift",
        )
    if by_row:
        raise DataError(
            "the model's columns are scaled by group or by the sessions before, which a stream does not keep",
            help="predict(data) has both; or train with `scale: {method: zscore}`",
            code="stream.scale",
        )
