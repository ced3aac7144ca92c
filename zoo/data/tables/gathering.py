"""Which rows windows end at, and what their targets and the last known values are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.table import Table
from zoo.data.tables.targets import Target
from zoo.data.windowing import Windows, group_runs, window_ends
from zoo.errors import DataError


def window_rows(table: Table, recipe: TableRecipe, *, labels: bool) -> NDArray[np.int64]:
    """(window,) the row each window ends at: all it reads lies in one group.

    Args:
        labels: also the rows that the targets read.

    Raises:
        DataError: ``data.window``, ``data.short`` when no window fits.
    """
    ends = window_ends(len(table), recipe.past, recipe.stride, table.runs)
    ahead = recipe.ahead if labels else recipe.known_ahead
    left = np.empty(len(table), np.int64)
    for start, stop in group_runs(len(table), table.runs):
        left[start:stop] = np.arange(stop - start)[::-1]
    kept = ends[left[ends] >= ahead]
    if labels:
        kept = kept[_targets_known(table, recipe, kept)]
    if len(kept) == 0:
        longest = int(np.bincount(table.runs).max())
        raise DataError(
            f"{table.name} is too short: a window of {recipe.past} rows and {ahead} rows ahead need "
            f"{recipe.past + ahead} rows of one group{'' if recipe.gap is None else ' without a gap'}, "
            f"the longest has {longest:,}",
            help="give more data, a shorter lookback or a shorter horizon",
            code="data.short",
        )
    return kept


def _targets_known(table: Table, recipe: TableRecipe, ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(window,) whether all that its targets read was there: what was filled in is nothing to learn."""
    good = np.ones(len(ends), bool)
    for target in recipe.targets.values():
        known = [table.known[name] for name in target.columns if name in table.known]
        if known:
            unknown = np.concatenate([[0], np.cumsum(~np.all(known, axis=0))])
            stop = ends + target.horizon + 1
            good &= unknown[stop] == unknown[stop - target.length]
    return good


def target_of(rows: NDArray[Any], target: Target, ends: NDArray[np.int64]) -> NDArray[Any]:
    """(window, *target's shape); a view of the rows where windows are evenly spaced."""
    return _gathered(rows, target.length, ends + target.horizon, target)


def persistence_of(
    rows: NDArray[Any], target: Target, ends: NDArray[np.int64], recipe: TableRecipe
) -> NDArray[Any] | None:
    """What "it stays as it was" predicts, in the target's shape.

    The value at t for t + 1 … t + horizon; for a target at t itself the value at t - 1; for each step of a
    window that step's own value. None where nothing is predicted: the window itself, or no row before.
    """
    if target.per_step:
        return _gathered(rows, target.length, ends, target) if target.horizon else None
    if not target.horizon and recipe.past < 2:
        return None
    last = rows[ends if target.horizon else ends - 1]
    repeated = np.broadcast_to(last[:, None], (len(ends), target.length, rows.shape[1]))
    return repeated.reshape(len(ends), *target.shape)


def _gathered(rows: NDArray[Any], length: int, last: NDArray[np.int64], target: Target) -> NDArray[Any]:
    if length == 1:
        return rows[last].reshape(len(last), *target.shape)
    windows = Windows(rows, length, last)
    even = len(np.unique(np.diff(last))) < 2
    values = windows.view if even else windows[:]
    if values.shape[2] == 1 and len(target.shape) == 1:
        return values[:, :, 0]
    return values
