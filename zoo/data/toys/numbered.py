"""Numbered columns, c1, c2, …: how many a recipe asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zoo.errors import DataError

MOST = 5_000


def highest(letter: str, columns: Sequence[str], least: int) -> int:
    """The highest number of the columns that a recipe names, and ``least`` at the least.

    Raises:
        DataError: ``data.source`` when it is too large for a toy.
    """
    numbers = [
        int(found[1]) for name in columns if (found := re.fullmatch(rf"{letter}([1-9]\d{{0,8}})", name))
    ]
    most = max([least, *numbers])
    if most > MOST:
        raise DataError(
            f"the recipe names the column `{letter}{most}`, and a toy has {MOST:,} at most",
            help="name fewer columns, or give a file",
            code="data.source",
        )
    return most
