"""Occlusion: what the output of a window loses when a patch of it is covered by the baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.explain.cells import Group
from zoo.explain.mixed import covered
from zoo.explain.names import Names, how_counted
from zoo.explain.permutation import called
from zoo.explain.records import records
from zoo.explain.written import write_view

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 20  # groups in a text


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What an output loses as patches of its windows are covered, number by number and group by group.

    Args:
        attributions: input name → (window, …): each number's share of what its patch is worth.
        frame: a line a group, as ``zoo.explain.grouped`` has it.
        by: the columns that name a group.
        output: which one was asked.
        model: name of the spec.
        about: of which windows and patches, a line for people.
    """

    attributions: Mapping[str, NDArray[np.float32]]
    frame: pd.DataFrame
    by: tuple[str, ...]
    output: str
    model: str
    about: str

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write ``occlusion.txt``, ``occlusion.csv`` and ``occlusion.png``, the bars of the frame.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        from zoo.explain.pictures import occlusion_picture

        return write_view(self, self.frame, "occlusion", folder, {"occlusion": occlusion_picture(self)})

    def __str__(self) -> str:
        rows = records(self.frame.sort_values("size", ascending=False, kind="stable"))
        names = [called(row, self.by) for row in rows[:_SHOWN]]
        width = max(len(name) for name in names)
        lines = [
            f"{self.model}: {self.about}",
            "",
            f"  {'':<{width}}      size  {'95 %':<20}  share     mean",
        ]
        lines += [
            f"  {name:<{width}}  {_between(row):<30}  {row['share']:5.1%}  {row['mean']:7.4f}"
            for name, row in zip(names, rows, strict=False)
        ]
        more, counted = len(rows) - _SHOWN, how_counted(self.by)
        lines += [f"  … and {more} more"] if more > 0 else []
        return "\n".join([*lines, "", *counted] if counted else lines)


def _between(row: Mapping[str, Any]) -> str:
    return f"{row['size']:8.4f}  [{row['low']:.4f}, {row['high']:.4f}]"


def patches(names: Names, steps: int, features: int) -> list[Group]:
    """Tiles of ``steps`` × ``features`` that cover every input without overlap; smaller ones at the ends.

    Args:
        names: what the numbers of each input are called.
        steps: of a patch; the last patch ends at the window's last step.
        features: of a patch, neighbours in the order of the input's columns.
    """
    found = []
    for name, item in names.items():
        length, width = len(item.lags) if item.lags is not None else 1, len(item.features)
        tile = (np.arange(length)[::-1] // steps)[:, None] * width + (np.arange(width) // features)[None, :]
        tile = tile.reshape(item.shape)
        found += [Group((name, int(number)), {name: tile == number}) for number in np.unique(tile)]
    return found


def occlusion(
    output: Callable[[Mapping[str, Any]], NDArray[np.float64]],
    x: Mapping[str, NDArray[Any]],
    baseline: Mapping[str, NDArray[Any]],
    groups: Sequence[Group],
) -> dict[str, NDArray[np.float32]]:
    """Output lost with each patch, shared evenly by its numbers: they sum to what the patch is worth.

    Args:
        output: inputs by name → the number that is explained, (sample,).
        x: input name → samples.
        baseline: input name → (…) the numbers that cover a patch.
        groups: the patches; each number of a sample is in one of them.

    Returns:
        input → (sample, …) attributions.
    """
    before = output(x)
    found = {name: np.zeros(values.shape, np.float32) for name, values in x.items()}
    for group in groups:
        lost = before - output(covered(x, group.cells, baseline))
        count = sum(int(cells.sum()) for cells in group.cells.values())
        for name, cells in group.cells.items():
            found[name][:, cells] = (lost / count)[:, None]
    return found
