"""Samples to train on or to be judged by: what this room asks of a part of the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from zoo.data import Part

_CHUNK = 4096
# A logistic regression on more numbers than these takes minutes, and a bundle would carry them all.
MOST_NUMBERS = 1024


@dataclass(frozen=True)
class Sample:
    """Windows, targets and what the baselines need, in time order.

    Args:
        x: input name → array or lazy windows.
        y: output name → targets as the loss takes them; empty where there are none.
        last: ``(samples, feature)``, what a model without memory sees, or None.
        persistence: what persistence predicts, ``(samples, …)`` or by output, or None: a class or numbers.
            An output that is named with None has no last value to go by.
        hidden: the simulator's hidden state, ``(samples, …)``, or None.
        rows: row of the data at which each window ends, or None.
        ordered: the samples are in time order: the target before a sample's says something of it.
        part: of the data that these samples are, where they are windows of it, or None.
    """

    x: Mapping[str, Any]
    y: Mapping[str, np.ndarray]
    last: Any = None
    persistence: np.ndarray | Mapping[str, np.ndarray | None] | None = None
    hidden: np.ndarray | None = None
    rows: np.ndarray | None = None
    ordered: bool = True
    part: Part | None = None

    @property
    def runs(self) -> np.ndarray | None:
        """(sample,) number of the session or symbol, or None where there is none."""
        return None if self.part is None else self.part.runs

    def __len__(self) -> int:
        return len(next(iter(self.x.values())))

    def some(self, rows: slice) -> Sample:
        """What the baselines go by of some samples: neither inputs nor targets."""

        def cut(item: Any) -> Any:
            return None if item is None else item[rows]

        said = self.persistence
        return Sample(
            {"": range(*rows.indices(len(self)))},
            {},
            last=cut(self.last),
            persistence=(
                {name: cut(item) for name, item in said.items()} if isinstance(said, Mapping) else cut(said)
            ),
            hidden=cut(self.hidden),
            ordered=self.ordered,
        )

    def persistence_of(self, output: str) -> np.ndarray | None:
        """What persistence predicts for ``output``, or None."""
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


def count_numbers(x: Mapping[str, Any]) -> int:
    """How many numbers a sample has in all its inputs of numbers."""
    return sum(math.prod(values.shape[1:]) for values in x.values() if np.dtype(values.dtype).kind == "f")


def all_numbers(x: Mapping[str, Any]) -> np.ndarray | None:
    """All inputs of numbers side by side, ``(samples, number)``; None where there are none, or too many."""
    if not 0 < count_numbers(x) <= MOST_NUMBERS:
        return None
    columns = [np.asarray(values) for values in x.values() if np.dtype(values.dtype).kind == "f"]
    return np.concatenate([column.reshape(len(column), -1).astype(np.float64) for column in columns], axis=1)
