"""A frame's lines as maps by column name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A map a line, for texts."""
    return [{str(name): value for name, value in line.items()} for line in frame.to_dict("records")]
