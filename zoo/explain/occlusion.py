"""Occlusion: what the output of a window loses when a patch of it is covered by the baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.explain.cells import Group
from zoo.explain.mixed import covered
from zoo.explain.names import Names


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
