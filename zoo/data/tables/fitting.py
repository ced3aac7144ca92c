"""What is fitted on rows of the training part: a scaler for each column, or one for each of its groups."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.row_scaling import State, remembered, row_scaling
from zoo.data.scale_recipe import ROLLING
from zoo.data.scaling import fit_scaler
from zoo.data.tables.calendar import is_cycle
from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.sessions import sessions_of
from zoo.data.tables.table import Table
from zoo.errors import DataError


def fit_scalers(
    table: Table, recipe: TableRecipe, training: NDArray[np.bool_]
) -> dict[str, tuple[float, float]]:
    """Column → (shift, factor), fitted on the training rows whose cell was there.

    Sines and cosines of the calendar lie between -1 and 1 and stay so. Rolling scalers are for inputs; a
    target, whose prediction has to be led back wherever it stands, has its z-score.

    Raises:
        DataError: ``data.empty`` when a column has no value among these rows.
    """
    made = {}
    for name, values in table.numbers.items():
        if name in recipe.calendar and is_cycle(name):
            made[name] = (0.0, 1.0)
            continue
        rows = _known(table, name, training)
        if not rows.any():
            raise DataError(
                f"{table.name}: the column `{name}` has no value in the training part",
                help="leave the column out, or give a longer training part",
                code="data.empty",
            )
        rolling = recipe.scale.method == ROLLING
        made[name] = fit_scaler(
            values[rows], replace(recipe.scale, method="zscore") if rolling else recipe.scale
        )
    return made


def fit_states(
    table: Table, recipe: TableRecipe, training: NDArray[np.bool_]
) -> tuple[dict[str, State], list[dict[str, Any]]]:
    """Column → what scales its rows, and the sessions remembered; nothing where one scaler has all rows.

    Raises:
        DataError: ``data.scale``.
    """
    if not recipe.by_row:
        return {}, []
    sessions = sessions_of(table, recipe)
    scaling = row_scaling(recipe.scale, sessions)
    states = {
        name: scaling.fit(table.numbers[name], _known(table, name, training))
        for name in recipe.features
        if not (name in recipe.calendar and is_cycle(name))
    }
    return states, remembered(recipe.scale, sessions)


def _known(table: Table, name: str, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return rows & table.known[name] if name in table.known else rows
