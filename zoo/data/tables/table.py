"""The table: columns of numbers and of names, row by row in time order, group by group."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Table:
    """Checked rows; those of one group lie together, in time order.

    Args:
        name: what a report calls the data.
        numbers: column → (row,) float64.
        names: column → (row,) text, for categorical targets.
        runs: (row,) number of the unbroken stretch of a group that a row belongs to: what windows lie in.
        series: (row,) number of the group, from 0 in order of appearance.
        time: (row,) dates or numbers, or None.
        index: (row,) columns that name a row: ``row`` as its source counts it, the time, the groups.
        unit_of_source: what the source's rows are called in messages: ``line`` or ``row``.
        counts: rows read, rows dropped by reason, and cells filled.
        toy: name of the toy that it is, or empty.
        known: column → (row,) whether the cell was there, for columns with cells that were filled.
    """

    name: str
    numbers: Mapping[str, NDArray[np.float64]]
    names: Mapping[str, NDArray[Any]]
    runs: NDArray[np.int64]
    series: NDArray[np.int64]
    time: NDArray[Any] | None
    index: Mapping[str, NDArray[Any]]
    unit_of_source: str = "row"
    counts: Mapping[str, int] = field(default_factory=dict)
    toy: str = ""
    known: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def unit(self) -> str:
        """What a row is."""
        return "rows"

    @property
    def simulated(self) -> bool:
        """True for a toy, which nobody ever measured."""
        return bool(self.toy)

    @property
    def groups(self) -> int:
        """How many there are."""
        return int(self.series[-1]) + 1

    def fingerprint(self) -> str:
        """SHA-256 of the columns in use (not of the name): equal tables have equal fingerprints."""
        digest = hashlib.sha256(str(len(self)).encode())
        columns = {"": self.runs, **self.numbers} | ({} if self.time is None else {"time": self.time})
        for name, values in columns.items():
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(values).data.cast("B") if values.dtype.kind != "M" else b"")
            if values.dtype.kind == "M":
                digest.update(np.ascontiguousarray(values.astype(np.int64)).data)
        for name, texts in self.names.items():
            digest.update("\0".join([name, *texts.tolist()]).encode())
        return digest.hexdigest()
