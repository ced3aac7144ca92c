"""What a caller of ``read`` asked for, checked, as every reader takes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from zoo.data.orderbook.cleaning import Cleaning


@dataclass(frozen=True, slots=True)
class Asked:
    """What to read of the files.

    Args:
        levels: how many; None for all.
        cleaning: what is done with rows that cannot be.
        symbol: whose rows; None for all.
        columns: further columns, by name.
        piece: at most so many rows of a table at once; None for all.
    """

    levels: int | None = None
    cleaning: Cleaning = field(default_factory=Cleaning)
    symbol: str | None = None
    columns: tuple[str, ...] = ()
    piece: int | None = None
