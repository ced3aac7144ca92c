"""Samples to train on or to be judged by: what this room asks of a part of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_CHUNK = 4096


@dataclass(frozen=True)
class Sample:
    """Windows, targets and what the baselines need, in time order.

    Args:
        x: input name → array or lazy windows.
        y: output name → targets as the loss takes them; empty where there are none.
        last: ``(samples, feature)``, what a model without memory sees, or None.
        persistence: class that persistence predicts, ``(samples,)`` or by output, or None.
        hidden: the simulator's hidden state, ``(samples, …)``, or None.
        rows: row of the data at which each window ends, or None.
    """

    x: Mapping[str, Any]
    y: Mapping[str, np.ndarray]
    last: np.ndarray | None = None
    persistence: np.ndarray | Mapping[str, np.ndarray] | None = None
    hidden: np.ndarray | None = None
    rows: np.ndarray | None = None

    def __len__(self) -> int:
        return len(next(iter(self.x.values())))

    def persistence_of(self, output: str) -> np.ndarray | None:
        """What persistence predicts for ``output``."""
        if isinstance(self.persistence, Mapping):
            return self.persistence.get(output)
        return self.persistence


def last_snapshot(x: Mapping[str, Any]) -> np.ndarray | None:
    """The last step of every input of numbers side by side, ``(samples, feature)``, or None.

    Inputs without a time axis give all they have. Gathered in pieces: the windows are never all in memory.
    """
    columns = []
    for values in x.values():
        pieces = []
        for start in range(0, len(values), _CHUNK):
            batch = np.asarray(values[np.arange(start, min(len(values), start + _CHUNK))])
            if batch.dtype.kind != "f":
                break
            step = batch[:, -1] if batch.ndim > 2 else batch
            pieces.append(step.reshape(len(step), -1).astype(np.float64))
        if pieces:
            columns.append(np.concatenate(pieces))
    return np.concatenate(columns, axis=1) if columns else None
