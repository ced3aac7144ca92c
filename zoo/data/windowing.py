"""Windows over rows, as views: memory is the data's, not the data's times the window's length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import ArrayLike, NDArray

from zoo.data.blocks import collect, spans
from zoo.errors import DataError


class Windows:
    """Windows of ``length`` consecutive rows, none of which crosses a group.

    Indexing copies just the windows asked for, so a training loop holds one batch at a time.

    Args:
        values: (row, feature).
        length: rows in a window.
        ends: (window,) the last row of each window.
    """

    def __init__(self, values: NDArray[Any], length: int, ends: NDArray[np.int64]) -> None:
        self.values = values
        self.length = length
        self.ends = ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, index: Any) -> NDArray[Any]:
        """(window, time, feature) copies of the windows of a slice or index array; (time, feature) of one."""
        ends = np.asarray(self.ends[index])
        # a window's rows lie side by side: it is copied as one piece, not row by row
        gathered: NDArray[Any] = self._at_every_row[ends - self.length + 1]
        return gathered if ends.ndim else gathered.copy()

    @property
    def _at_every_row(self) -> NDArray[Any]:
        """The windows that begin at each row, whether they are among these or not."""
        rows, features = self.values.shape
        row, feature = self.values.strides
        shape = (max(0, rows - self.length + 1), self.length, features)
        return as_strided(self.values, shape=shape, strides=(row, row, feature), writeable=False)

    def __repr__(self) -> str:
        return f"Windows({len(self):,} × {self.length} × {self.values.shape[1]})"

    @property
    def shape(self) -> tuple[int, int, int]:
        """(window, time, feature), as if all windows were one array."""
        return len(self), self.length, self.values.shape[1]

    @property
    def view(self) -> NDArray[Any]:
        """All windows as one read-only array that shares the rows' memory.

        Raises:
            DataError: ``data.view`` when the windows are not evenly spaced, as with several groups.
        """
        steps = np.unique(np.diff(self.ends))
        if len(steps) > 1:
            raise DataError(
                "windows of several groups have no single view: they are not evenly spaced",
                help="index them instead, windows[i], or make windows of one group at a time",
                code="data.view",
            )
        first = int(self.ends[0]) - self.length + 1 if len(self) else 0
        row, feature = self.values.strides
        step = int(steps[0]) if len(steps) else 1
        strides = (step * row, row, feature)
        return as_strided(self.values[first:], shape=self.shape, strides=strides, writeable=False)

    def take(self, keep: NDArray[Any]) -> Windows:
        """The windows of an index array or mask, over the same rows."""
        return Windows(self.values, self.length, self.ends[keep])


def cut_windows(values: ArrayLike, length: int, stride: int = 1, groups: ArrayLike | None = None) -> Windows:
    """Windows of ``length`` rows, every ``stride`` rows, never across two groups.

    Args:
        values: (row, feature) or (row,).
        length: rows in a window.
        stride: rows from one window's end to the next one's, within a group.
        groups: (row,) anything that changes where one session or symbol ends and another begins.

    Returns:
        Windows; ``cut_windows(v, 100)[3]`` is (time, feature), ``[3:5]`` is (window, time, feature).

    Raises:
        DataError: ``data.window`` when length or stride is no positive whole number or no window fits.

    Example:
        >>> from zoo.data.windowing import cut_windows
        >>> cut_windows([1, 2, 3, 4], length=2)[1:3].tolist()
        [[[2], [3]], [[3], [4]]]
    """
    rows = np.asarray(values)
    if rows.ndim not in (1, 2):
        raise DataError(
            f"windows need rows of features, (row, feature); received an array of shape {rows.shape}",
            help="give one row a time step, one column a feature",
            code="data.window",
        )
    rows = rows[:, None] if rows.ndim == 1 else rows
    codes = None if groups is None else np.asarray(groups)
    if codes is not None and codes.shape != (len(rows),):
        raise DataError(
            f"`groups` has shape {codes.shape}, the rows are {len(rows)}",
            help="give one group for each row",
            code="data.window",
        )
    return Windows(rows, length, window_ends(len(rows), length, stride, codes))


def window_ends(
    rows: int, length: int, stride: int, groups: NDArray[Any] | None, folder: Path | None = None
) -> NDArray[np.int64]:
    """(window,) the row each window ends at: the first full window of a group, then every ``stride`` rows.

    With a ``folder`` in a file there, see ``collect``.
    """
    for name, value in (("length", length), ("stride", stride)):
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
            raise DataError(
                f"window {name} is a whole number from 1; received {value!r}",
                help=f"give `{name}` 1 or more",
                code="data.window",
            )
    runs = group_runs(rows, groups)
    blocks = (
        np.arange(start + length - 1 + stride * some.start, start + length - 1 + stride * some.stop, stride)
        for start, stop in runs
        for some in spans(max(0, -((start + length - 1 - stop) // stride)))
    )
    found = collect(blocks, np.int64, folder)
    if len(found) == 0:
        longest = max((stop - start for start, stop in runs), default=0)
        where = "the data" if groups is None else "the longest session"
        raise DataError(
            f"no window of {length} rows fits: {where} has {longest:,} rows",
            help="make the window shorter or give more data",
            code="data.window",
        )
    return found


def group_runs(rows: int, groups: NDArray[Any] | None) -> list[tuple[int, int]]:
    """First row and row after the last of each unbroken run of one group."""
    return runs_between(rows, [] if groups is None else cuts_of(groups).tolist())


def cuts_of(groups: NDArray[Any]) -> NDArray[np.int64]:
    """The rows at which another group begins than that of the row before."""
    found = [np.zeros(0, np.int64)]
    for some in spans(len(groups), start=1):
        now, before = groups[some], groups[some.start - 1 : some.stop - 1]
        found.append(np.flatnonzero(now != before) + some.start)
    return np.concatenate(found)


def runs_between(rows: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """First row and row after the last of each run between rows at which another begins."""
    return list(zip([0, *cuts], [*cuts, rows], strict=True)) if rows else []


def bounds_of(
    runs: Sequence[tuple[int, int]], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(row,) each: the first row of the run that a row belongs to, and the row after its last."""
    starts, stops = np.array(runs, np.int64).reshape(-1, 2).T
    place = np.searchsorted(starts, rows, side="right") - 1
    return starts[place], stops[place]
