"""Rows of scaled features, in memory or in a file that is mapped into it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import unwritable

# Numbers in memory at once when the columns of a file become its rows.
_BLOCK = 4_000_000

Blocks = Iterable[NDArray[np.floating]]


def gather_rows(
    rows: int, count: int, columns: Iterable[Blocks], folder: Path | None = None
) -> NDArray[np.float32]:
    """(row, column) float32, of columns that are made one after another, block by block.

    Args:
        rows: of each column.
        count: how many columns.
        columns: of each its rows in blocks, from the first to the last.
        folder: None for an array in memory; else the array is in a file there, mapped read-only, that goes
            with it. Then no more than a block is in memory at a time.

    Raises:
        DataError: ``data.store`` when the folder cannot be written to, or is full.
    """
    if folder is None:
        values = np.empty((rows, count), np.float32)
        for place, blocks in enumerate(columns):
            start = 0
            for block in blocks:
                values[start : start + len(block), place] = block
                start += len(block)
        return values
    try:
        return _in_file(rows, count, columns, folder)
    except OSError as error:
        raise unwritable(folder, error) from None


def _in_file(rows: int, count: int, columns: Iterable[Blocks], folder: Path) -> NDArray[np.float32]:
    """Columns one after the other, then turned round: a window's rows must lie together on the disk.

    The files have no name: they are gone when nothing reads them any more, however the process ends.
    """
    with tempfile.TemporaryFile(dir=folder) as turned:
        with tempfile.TemporaryFile(dir=folder) as file:
            for blocks in columns:
                for block in blocks:
                    block.astype(np.float32).tofile(file)
            file.flush()
            by_column = np.memmap(file, np.float32, "r", shape=(count, rows))
            step = max(1, _BLOCK // count)
            for start in range(0, rows, step):
                np.ascontiguousarray(by_column[:, start : start + step].T).tofile(turned)
        turned.flush()
        return np.asarray(np.memmap(turned, np.float32, "r", shape=(rows, count)))
