"""Attributions by step, level, side, field, feature or input: what a window's numbers add up to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.explain.cells import By, group_cells
from zoo.explain.names import Names
from zoo.explain.resampling import draws, interval

if TYPE_CHECKING:
    import pandas as pd

_DRAWS = 400


def grouped(
    attributions: Mapping[str, NDArray[Any]],
    names: Names,
    by: By,
    *,
    block: NDArray[np.int64],
    rng: np.random.Generator,
    time_block: int = 1,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A line a group, and the columns that name it.

    Within a window a group's attributions are added up, signs and all: numbers that work against each other
    cancel. ``size`` is the mean over the windows of that sum without its sign, with ``low`` and ``high`` from
    drawing blocks of neighbouring windows anew; ``mean`` is the mean with it; ``share`` is the size as a part
    of all groups' sizes.

    Args:
        attributions: input name → (sample, …).
        names: what the numbers of each input are called.
        by: as ``group_cells`` has it.
        block: (sample,) number of its block, from 0.
        rng: where the draws come from.
        time_block: steps that are taken together where ``by`` says ``time``.

    Raises:
        TrainError: ``explain.by``.
    """
    import pandas as pd

    columns, groups = group_cells(names, by, time_block=time_block)
    blocks = int(block.max(initial=-1)) + 1
    lots = draws(blocks, _DRAWS, rng)
    counts = lots @ np.bincount(block, minlength=blocks)
    lines = []
    for group in groups:
        parts = [
            attributions[name][:, cells].sum(axis=1, dtype=np.float64) for name, cells in group.cells.items()
        ]
        sums = np.sum(parts, axis=0)
        drawn = lots @ np.bincount(block, np.abs(sums), minlength=blocks) / counts
        low, high = interval(drawn)
        line = dict(zip(columns, group.label, strict=True))
        lines.append(
            {**line, "size": float(np.abs(sums).mean()), "low": low, "high": high, "mean": sums.mean()}
        )
    frame = pd.DataFrame(lines)
    total = frame["size"].sum()
    frame["share"] = frame["size"] / total if total > 0 else 0.0
    return frame, columns
