"""Which rows of a table train, validate and test."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.recipe import Split
from zoo.data.splitting import assign_blocks, cut_rows, refuse_random
from zoo.data.tables.table import Table
from zoo.data.windowing import group_runs
from zoo.errors import DataError


def assign_rows(table: Table, split: Split) -> NDArray[np.int8]:
    """(row,) 0, 1 or 2 for train, val, test.

    ``time`` cuts all groups at the same times, so that no part of one symbol is older than the training part
    of another; without a time column each group's own rows are cut in their order. ``session`` and ``group``
    give whole groups in order of appearance.

    Raises:
        DataError: ``data.split``.
    """
    refuse_random(split)
    if split.by in ("session", "group"):
        if table.groups < 2:
            raise DataError(
                f"`data.split.by` is `{split.by}`, and the table has one group",
                help="name the columns of sessions or symbols in `data.group`, or use `by: time`",
                code="data.split",
            )
        return assign_blocks(table.series, split, "groups")
    if table.time is not None:
        # Rows of one time stay together, in the part of the first of them.
        return np.asarray(cut_rows(len(table), split)[np.searchsorted(np.sort(table.time), table.time)])
    parts = np.empty(len(table), np.int8)
    for start, stop in group_runs(len(table), table.series):
        parts[start:stop] = cut_rows(stop - start, split)
    return parts
