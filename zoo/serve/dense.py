"""Dense scoring: over a long series each row is encoded once, and windows are cut from the codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoo.data.blocks import spans
from zoo.data.part import WindowInput
from zoo.data.windowing import Windows
from zoo.serve.batches import Batches
from zoo.serve.halves import Halves

# Windows scored with one piece of codes in memory; the rows at a piece's edge are encoded twice.
_PIECE = 2**15
# The share of all operations that has to be saved before the windows of codes, which have to be copied, pay.
_WORTH = 0.25


@dataclass(frozen=True)
class Dense:
    """The two halves of a model, each in batches.

    Args:
        halves: of the model.
        encoder: windows of the encoded inputs → codes of their steps.
        rest: codes and direct inputs → the model's outputs.
    """

    halves: Halves
    encoder: Batches
    rest: Batches

    @property
    def worthy(self) -> bool:
        """Would it pay where rows are encoded once and for all?"""
        return self.halves.share >= _WORTH

    def fits(self, x: Mapping[str, Any]) -> bool:
        """Are the encoded inputs windows over the same rows?"""
        return self.saves(x) is not None

    def pays(self, x: Mapping[str, Any]) -> bool:
        """Do the windows overlap so much that encoding each row once saves a good part of the work?"""
        saved = self.saves(x)
        return saved is not None and saved >= _WORTH

    def saves(self, x: Mapping[str, Any]) -> float | None:
        """The share of all operations that is saved; None where the inputs are no such windows."""
        items = [x[name] for name in self.halves.encoded]
        if not items or not all(isinstance(item, WindowInput) for item in items):
            return None
        first = items[0].windows
        same = all(
            item.windows.length == first.length
            and (item.windows.ends is first.ends or np.array_equal(item.windows.ends, first.ends))
            for item in items
        )
        keeps_time = all(item.sample_shape[0] == first.length for item in items)
        if not (same and keeps_time and len(first)):
            return None
        # Counted as they are encoded: the rows at a piece's edge twice.
        pieces = (first.ends[some] for some in spans(len(first), _PIECE))
        rows = sum(len(_rows_of(ends, first.length)[0]) for ends in pieces)
        return self.halves.share * (1 - rows / (len(first) * first.length))

    def run(self, x: Mapping[str, Any]) -> Iterator[list[np.ndarray]]:
        """The outputs of all windows, batch after batch.

        Args:
            x: input name → windows, as ``fits`` wants them, or arrays for the direct inputs.
        """
        items = [x[name] for name in self.halves.encoded]
        ends, length = items[0].windows.ends, items[0].windows.length
        for start in range(0, len(ends), _PIECE):
            rows, places = _rows_of(ends[start : start + _PIECE], length)
            given: dict[str, Any] = {
                name: WindowInput(
                    Windows(code.reshape(len(code), -1), length, places), (length, *code.shape[1:])
                )
                for name, code in zip(self.halves.codes, self._codes(items, rows), strict=True)
            }
            given |= {name: x[name][start : start + len(places)] for name in self.halves.direct}
            yield from self.rest.outputs(given)

    def _codes(self, items: Sequence[WindowInput], rows: np.ndarray) -> list[np.ndarray]:
        """(row, …) of each code: the rows in windows that do not overlap, the last one filled up."""
        length = items[0].windows.length
        missing = -len(rows) % length
        filled = np.concatenate([rows, np.repeat(rows[-1:], missing)]).reshape(-1, length)
        given = {
            name: _Rows(item.windows.values, filled, item.sample_shape)
            for name, item in zip(self.halves.encoded, items, strict=True)
        }
        joined = [np.concatenate(parts) for parts in zip(*self.encoder.outputs(given), strict=True)]
        return [code.reshape(-1, *code.shape[2:])[: len(rows)] for code in joined]


class _Rows:
    """Windows of any rows, gathered when they are asked for.

    Args:
        values: (row, feature).
        rows: (window, time), of each.
        shape: of a window.
    """

    def __init__(self, values: np.ndarray, rows: np.ndarray, shape: tuple[int, ...]) -> None:
        self._values, self._rows, self._shape = values, rows, shape

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, some: slice) -> np.ndarray:
        return self._values[self._rows[some]].reshape(-1, *self._shape)


def _rows_of(ends: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows that windows read, ascending, and where among these each window ends."""
    low = int(ends.min()) - length + 1
    size = int(ends.max()) + 1 - low
    change = np.zeros(size + 1, np.int64)
    np.add.at(change, ends - low - length + 1, 1)
    np.add.at(change, ends - low + 1, -1)
    read = np.cumsum(change[:-1]) > 0
    return low + np.flatnonzero(read), np.cumsum(read)[ends - low] - 1
