"""Samples some of whose numbers are replaced: gathered a batch at a time, never all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Mixed:
    """Samples of which some numbers come from another sample, or are a constant.

    Args:
        samples: (sample, …), an array or lazy windows.
        cells: (…) which numbers of a sample are replaced.
        donors: (sample,) whose numbers they get; None: those of ``values``.
        values: (…) numbers to replace them by.
    """

    def __init__(
        self,
        samples: Any,
        cells: NDArray[np.bool_],
        donors: NDArray[np.int64] | None = None,
        values: NDArray[Any] | None = None,
    ) -> None:
        self.samples = samples
        self.cells = cells
        self.donors = donors
        self.values = values
        self.shape = samples.shape
        self.dtype = samples.dtype

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: NDArray[np.int64]) -> NDArray[Any]:
        """A batch: a copy of the samples of an index array."""
        batch = np.array(self.samples[index])
        if self.donors is not None:
            batch[:, self.cells] = self.samples[self.donors[index]][:, self.cells]
        elif self.values is not None:
            batch[:, self.cells] = self.values[self.cells]
        return batch


def borrowed(
    x: Mapping[str, Any], cells: Mapping[str, NDArray[np.bool_]], donors: NDArray[np.int64]
) -> dict[str, Any]:
    """Inputs by name, those with ``cells`` taking these numbers from other samples, the same ones in all."""
    return {name: Mixed(item, cells[name], donors) if name in cells else item for name, item in x.items()}


def covered(
    x: Mapping[str, Any], cells: Mapping[str, NDArray[np.bool_]], values: Mapping[str, NDArray[Any]]
) -> dict[str, Any]:
    """Inputs by name, those with ``cells`` having other numbers there."""
    return {
        name: Mixed(item, cells[name], values=values[name]) if name in cells else item
        for name, item in x.items()
    }
