"""What is fitted on rows of the training part: a scaler for each column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.scaling import fit_scaler
from zoo.data.tables.calendar import is_cycle
from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.table import Table
from zoo.errors import DataError


def fit_scalers(
    table: Table, recipe: TableRecipe, training: NDArray[np.bool_]
) -> dict[str, tuple[float, float]]:
    """Column → (shift, factor), fitted on the training rows whose cell was there.

    Sines and cosines of the calendar lie between -1 and 1 and stay so.

    Raises:
        DataError: ``data.empty`` when a column has no value among these rows.
    """
    made = {}
    for name, values in table.numbers.items():
        if name in recipe.calendar and is_cycle(name):
            made[name] = (0.0, 1.0)
            continue
        rows = training & table.known[name] if name in table.known else training
        if not rows.any():
            raise DataError(
                f"{table.name}: the column `{name}` has no value in the training part",
                help="leave the column out, or give a longer training part",
                code="data.empty",
            )
        made[name] = fit_scaler(values[rows], recipe.scale)
    return made
