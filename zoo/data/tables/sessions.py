"""The sessions of a table: what rolling scalers and scalers of each group go by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from zoo.data.row_scaling import Session
from zoo.data.scale_recipe import ROLLING
from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.table import Table
from zoo.data.windowing import group_runs
from zoo.errors import DataError


def sessions_of(table: Table, recipe: TableRecipe) -> list[Session]:
    """Unbroken rows of one session of one group, those of a group in time order.

    A group is what ``scale.by`` tells apart. Its sessions are the table's own groups where ``by`` leaves some
    of their columns out (``group: [symbol, session]``, ``by: [symbol]``), else its days.

    Raises:
        DataError: ``data.scale`` when days are wanted and the times are no dates.
    """
    by = recipe.scale.by
    names = [" ".join(table.index[name][row] for name in by) for row in _firsts(table.series)]
    of_group = [name for name in recipe.group if name not in by]
    days = _days(table) if recipe.scale.method == ROLLING and not of_group else np.zeros(len(table), np.int64)
    found = []
    for start, stop in group_runs(len(table), table.series):
        for first, last in group_runs(stop - start, days[start:stop]):
            row = start + first
            name = " ".join(table.index[name][row] for name in of_group) or str(days[row])
            since, until = _span(table, row, start + last - 1)
            found.append(Session(row, start + last, names[int(table.series[row])], name, since, until))
    return sorted(found, key=lambda item: (item.group, item.since if item.since is not None else item.start))


def _firsts(series: NDArray[np.int64]) -> Iterator[int]:
    return (start for start, _ in group_runs(len(series), series))


def _days(table: Table) -> NDArray[np.int64]:
    if table.time is None or table.time.dtype.kind != "M":
        raise DataError(
            "`rolling_sessions` scales a day by those before it, and the times of the rows are no dates",
            help="give a time column of dates, or name sessions: `group: [symbol, session]` with "
            "`scale: {method: rolling_sessions, by: [symbol]}`",
            code="data.scale",
        )
    return np.asarray(table.time.astype("M8[D]").astype(np.int64))


def _span(table: Table, first: int, last: int) -> tuple[int | None, int | None]:
    """Times of two rows as whole numbers; None where they are none."""
    if table.time is None or table.time.dtype.kind not in "Mi":
        return None, None
    return int(table.time[first].astype(np.int64)), int(table.time[last].astype(np.int64))
