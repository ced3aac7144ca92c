"""Rows of scaled features, in memory or in a file that is mapped into it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import unwritable

Blocks = Iterable[NDArray[np.floating]]


def gather_rows(
    rows: int, count: int, columns: Iterable[Blocks], folder: Path | None = None
) -> NDArray[np.float32]:
    """(row, column) float32, of columns that are made block by block.

    Args:
        rows: of each column.
        count: how many columns.
        columns: of each its rows in blocks, from the first to the last, the same for all.
        folder: None for an array in memory; else the array is in a file there, mapped read-only, that goes
            with it. Then no more than a block of all columns is in memory at a time.

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
    """Rows of all columns together: a window's rows must lie together on the disk.

    The file has no name: it is gone when nothing reads it any more, however the process ends.
    """
    with tempfile.TemporaryFile(dir=folder) as file:
        for blocks in zip(*columns, strict=True):
            together = np.empty((len(blocks[0]), count), np.float32)
            for place, block in enumerate(blocks):
                together[:, place] = block
            together.tofile(file)
        file.flush()
        return np.asarray(np.memmap(file, np.float32, "r", shape=(rows, count)))
