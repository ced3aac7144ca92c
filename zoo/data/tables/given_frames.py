"""Frames and arrays as a caller has them: their columns, and which of them hold numbers, classes or times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from zoo.errors import DataError

TARGET = "target"


def frame_of(data: Any, target: Any) -> tuple[pd.DataFrame, Any]:
    """The data as a frame, and the target as the names of its columns.

    Args:
        data: a frame or a series, or an array (row, column) or (row,).
        target: as ``zoo.data.windows`` takes it.

    Raises:
        DataError: ``data.source``, ``data.columns``.
    """
    if isinstance(data, pd.Series):
        data = data.to_frame(data.name if data.name is not None else "0")
    if not isinstance(data, pd.DataFrame):
        data = _rows(data)
    frame = data.set_axis([str(name) for name in data.columns], axis=1)
    if isinstance(target, int):
        return frame, str(target)
    if not isinstance(target, (np.ndarray, pd.Series, pd.Index)):
        return frame, [str(name) for name in target] if isinstance(target, (list, tuple)) else target
    if len(target) != len(frame) or np.ndim(target) != 1:
        raise DataError(
            f"`target` has the shape {np.shape(target)}, and the data has {len(frame):,} rows",
            help="give a column's name, or one value a row",
            code="data.columns",
        )
    if TARGET in frame:
        raise DataError(
            "`target` is an array, and the data has a column `target` already",
            help="name the column that is to be predicted, or rename it",
            code="data.columns",
        )
    return frame.assign(**{TARGET: np.asarray(target)}), TARGET


def _rows(data: Any) -> pd.DataFrame:
    array = np.asarray(data) if not isinstance(data, str) else np.empty(0, dtype=object)
    if array.dtype.kind not in "biuf" or array.ndim not in (1, 2):
        what = f"an array of shape {array.shape}" if array.dtype.kind in "biuf" else type(data).__name__
        raise DataError(
            f"windows are cut from a frame, or from rows of numbers, (row, column); received {what}",
            help="read a file with pandas first, or name it in a spec: zoo.train(spec, path)",
            code="data.source",
        )
    return pd.DataFrame(array[:, None] if array.ndim == 1 else array)


def time_column(frame: pd.DataFrame, time: str | None) -> tuple[str | None, pd.DataFrame]:
    """The column of times, and the frame that has it; None where the rows are in order and no more is known.

    Raises:
        DataError: ``data.columns`` where it could be one or another.
    """
    if time is not None:
        return time, frame
    if isinstance(frame.index, pd.DatetimeIndex):
        name = str(frame.index.name or "time")
        return name, frame if name in frame else frame.rename_axis(name).reset_index()
    dates = [str(name) for name in frame if frame[name].dtype.kind == "M"]
    if len(dates) > 1:
        raise DataError(
            f"several columns hold dates: {', '.join(dates)}",
            help=f'say which one is the time of a row: time="{dates[0]}"',
            code="data.columns",
        )
    if dates:
        return dates[0], frame
    return "time" if "time" in frame and _numeric(frame["time"]) else None, frame


def number_columns(frame: pd.DataFrame, but: tuple[str | None, ...]) -> tuple[str, ...]:
    """The columns of numbers, in their order.

    Raises:
        DataError: ``data.columns`` when there are none.
    """
    found = tuple(name for name in frame if name not in but and name != TARGET and _numeric(frame[name]))
    if not found:
        raise DataError(
            "the data has no column of numbers to make windows of",
            help="name the columns: columns=[…]",
            code="data.columns",
        )
    return tuple(map(str, found))


def categorical(column: pd.Series[Any]) -> bool:
    """Does a column hold names of classes? Text, booleans and pandas' categories do."""
    return not _numeric(column)


def _numeric(column: pd.Series[Any]) -> bool:
    return column.dtype.kind in "iuf" and not isinstance(column.dtype, pd.CategoricalDtype)
