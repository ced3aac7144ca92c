"""Names of classes to numbers, as the training part has them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.tables.table import Table
from zoo.errors import DataError


def fit_levels(texts: NDArray[Any], column: str, output: str, classes: int | None) -> list[str]:
    """The levels of the training rows, sorted; numbers by their size.

    Args:
        texts: (row,) of the training part.
        column: where they stand.
        output: whose target it is.
        classes: how many the output has; None: as many as there are.

    Raises:
        DataError: ``data.outputs`` when the output has another number of classes.
    """
    found = sorted(set(texts.tolist()), key=_by_size)
    if classes is not None and len(found) != classes:
        shown = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
        raise DataError(
            f"output `{output}` has {classes} classes, the column `{column}` has {len(found)} levels in the "
            f"training part: {shown}",
            help=f"give the output {len(found)} classes"
            if len(found) > 1
            else "give data in which it varies",
            code="data.outputs",
        )
    return found


def encode(table: Table, column: str, levels: list[str], *, told: bool = False) -> NDArray[np.int64]:
    """(row,) number of each row's level.

    Args:
        table: the rows.
        column: of names.
        levels: in the order of their numbers.
        told: the recipe names the levels; else the training part showed them.

    Raises:
        DataError: ``data.levels`` when a row has another level.
    """
    number = {level: place for place, level in enumerate(levels)}
    texts = table.names[column]
    codes = np.array([number.get(text, -1) for text in texts.tolist()], np.int64)
    unseen = np.flatnonzero(codes < 0)
    if len(unseen):
        first = int(unseen[0])
        row = int(table.index["row"][first]) + (1 if table.unit_of_source == "line" else 0)
        shown = ", ".join(levels[:8]) + (", …" if len(levels) > 8 else "")
        raise DataError(
            f"{table.name}, {table.unit_of_source} {row:,}: `{column}` is `{texts[first]}`, a level that the "
            f"{'recipe does not name' if told else 'training part does not have'} "
            f"({len(unseen):,} such rows)",
            help=f"the model knows: {shown}; leave such rows out, or "
            + ("name the level" if told else "train on a part that has the level"),
            code="data.levels",
        )
    return codes


def _by_size(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
