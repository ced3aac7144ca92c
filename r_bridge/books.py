"""Order books for R: read or simulated, as a frame; where the windows of a table end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.data import orderbook
from zoo.data.windowing import window_ends


def read(
    path: str | Sequence[str],
    levels: int | None = None,
    clean: str | Mapping[str, Any] = "error",
    symbol: str | None = None,
) -> Any:
    """A recorded order book, checked, and how many rows were left out for which reason."""
    files = path if isinstance(path, str) else list(path)
    book = orderbook.read(files, levels=levels, clean=clean, symbol=symbol)
    return {"book": book.to_frame(), "counts": {str(name): int(count) for name, count in book.counts.items()}}


def simulate(snapshots: int = 20_000, levels: int = 10, seed: int = 7, sessions: int = 1) -> Any:
    """A simulated order book."""
    return orderbook.simulate(snapshots, levels, seed, sessions).to_frame()


def window_rows(rows: int, length: int, horizon: int = 0, stride: int = 1, groups: Any = None) -> Any:
    """The row, counted from 1, at which each window ends that has ``horizon`` rows after it in its group."""
    codes = None if groups is None else np.atleast_1d(np.asarray(groups))
    return window_ends(int(rows), length + horizon, stride, codes) - horizon + 1
