"""One part of the data (training, validation, test, or new), its windows gathered only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.windowing import Windows


class WindowInput:
    """The windows of one model input: a batch is copied out only when indexed.

    Args:
        windows: windows over the scaled features.
        shape: the input's shape without the batch axis.
    """

    def __init__(self, windows: Windows, shape: tuple[int, ...]) -> None:
        self.windows = windows
        self.sample_shape = shape
        self.dtype = np.dtype(np.float32)

    def __len__(self) -> int:
        return len(self.windows)

    def take(self, places: NDArray[np.int64]) -> WindowInput:
        """Some of the windows, over the same rows."""
        return WindowInput(self.windows.take(places), self.sample_shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """(window, *input shape), as if all were one array."""
        return (len(self), *self.sample_shape)

    def __getitem__(self, index: Any) -> NDArray[np.float32]:
        """Float32 in the input's shape: a batch for a slice or index array, one sample for a number."""
        found = self.windows[index]
        return found.reshape(*found.shape[:-2], *self.sample_shape)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All windows as one array: N × the window's size of memory."""
        if copy is False:
            raise ValueError("windows are gathered as a copy")
        everything = self[:]
        return everything if dtype is None else everything.astype(dtype)

    def __repr__(self) -> str:
        return f"WindowInput(shape={self.shape})"


@dataclass(frozen=True, eq=False)
class Part:
    """Samples of one part.

    Args:
        x: input name → samples; supports ``len()`` and ``[index array]``.
        y: output name → (sample,) classes or values; empty for new data. Where the label is the window
            itself, a ``WindowInput``.
        rows: (sample,) row of the data that each window ends at.
        values: (row, feature) scaled features of the whole data, or None for arrays.
        persistence: (sample,) the class that persistence predicts, or None where that has no meaning; for
            several horizons the first one's.
        mid_rows: (row,) mid price of an order book; None of all else.
        hidden_rows: (row, …) hidden state of a simulated book, or None.
        time_rows: (row,) nanoseconds, or a table's own dates or numbers; None where the data has no clock.
        persistences: output name → what persistence predicts of each sample, a class or numbers; None where
            that has no meaning. An output that is not named has no such prediction of its own.
        index_rows: (row,) columns that name a row in a table of predictions: its number, time, group.
        run_rows: (row,) number of the session or symbol, one after the other; None for arrays.
        stride: rows from one window's end to the next one's.
    """

    x: Mapping[str, Any]
    y: Mapping[str, NDArray[Any]]
    rows: NDArray[np.int64]
    values: NDArray[np.float32] | None = None
    persistence: NDArray[np.int64] | None = None
    hidden_rows: NDArray[np.float64] | None = None
    time_rows: NDArray[Any] | None = None
    persistences: Mapping[str, NDArray[Any] | None] = field(default_factory=dict)
    index_rows: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    run_rows: NDArray[np.int64] | None = None
    stride: int = 1
    mid_rows: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: NDArray[np.int64]) -> Part:
        """Some of the samples, in time order as they are; windows stay views."""
        said = {
            name: None if item is None else _some(item, places) for name, item in self.persistences.items()
        }
        return replace(
            self,
            x={name: _some(item, places) for name, item in self.x.items()},
            y={name: _some(item, places) for name, item in self.y.items()},
            rows=self.rows[places],
            persistence=None if self.persistence is None else self.persistence[places],
            persistences=said,
        )

    @property
    def last(self) -> NDArray[np.float32] | WindowInput | None:
        """(sample, feature) scaled features of each window's last snapshot, or None for arrays.

        Gathered only when indexed where the features are mapped from a file.
        """
        if self.values is None:
            return None
        if isinstance(self.values.base, np.memmap):
            return WindowInput(Windows(self.values, 1, self.rows), self.values.shape[1:])
        return self.values[self.rows]

    @property
    def hidden(self) -> NDArray[np.float64] | None:
        """(sample, …) hidden state at each window's end, or None."""
        return None if self.hidden_rows is None else self.hidden_rows[self.rows]

    @property
    def runs(self) -> NDArray[np.int64] | None:
        """(sample,) number of the session or symbol that each window lies in, or None."""
        return None if self.run_rows is None else self.run_rows[self.rows]

    @property
    def time(self) -> NDArray[Any] | None:
        """(sample,) time of each window's last row, or None."""
        return None if self.time_rows is None else self.time_rows[self.rows]


def _some(item: Any, places: NDArray[np.int64]) -> Any:
    return item.take(places) if isinstance(item, WindowInput) else item[places]
