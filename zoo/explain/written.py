"""A view as files: its report, its table, and its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from zoo.spec.tools.files import write

if TYPE_CHECKING:
    import pandas as pd


class View(Protocol):
    """What prints as a report, and is written as files."""

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write all of it into a folder."""


def write_to(out: str, found: View, frame: pd.DataFrame) -> None:
    """Write a view where somebody wants it: its table alone into FILE.csv, all of it into a folder.

    Args:
        out: a path.
        found: the view.
        frame: its table.
    """
    if out.endswith(".csv"):
        write(out, frame.to_csv(index=False))
    else:
        found.write(out)


def write_view(
    found: View,
    frame: pd.DataFrame,
    name: str,
    folder: str | Path,
    pictures: Mapping[str, bytes] | None = None,
) -> dict[str, Path]:
    """Write ``NAME.txt``, ``NAME.csv`` and the pictures as PNG.

    Args:
        found: the view.
        frame: its table.
        name: of its files.
        folder: is made where it is missing; each file is whole or absent.
        pictures: name → PNG.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return {
        "text": write(target / f"{name}.txt", f"{found}\n"),
        "frame": write(target / f"{name}.csv", frame.to_csv(index=False)),
        **{key: write(target / f"{key}.png", data) for key, data in (pictures or {}).items()},
    }
