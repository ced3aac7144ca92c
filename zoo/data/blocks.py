"""Columns with a number a row, made a block of rows at a time: in memory, or in a file mapped into it.

What a book on disk needs for each row beside its own numbers (labels, window ends, parts) would not fit into
memory either: all of it is made by blocks, and kept in files without a name.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from zoo.errors import DataError

# Rows at a time: a few megabytes, and nothing that a loop over blocks costs.
BLOCK = 2**16


def spans(stop: int, size: int | None = None, *, start: int = 0) -> Iterator[slice]:
    """Slices of ``size`` rows, one after the other, from ``start`` to ``stop``; of ``BLOCK`` when None."""
    size = max(1, size or BLOCK)
    for first in range(start, stop, size):
        yield slice(first, min(first + size, stop))


def collect(blocks: Iterable[NDArray[Any]], dtype: DTypeLike, folder: Path | None = None) -> NDArray[Any]:
    """The blocks as one array.

    Args:
        blocks: of any lengths, (row,).
        dtype: of the array.
        folder: None for an array in memory; else it is in a file there, mapped read-only, that has no name:
            it is gone when nothing reads it any more, however the process ends.

    Raises:
        DataError: ``data.store`` when the folder cannot be written to, or is full.
    """
    if folder is None:
        found = [np.asarray(block, dtype) for block in blocks]
        return found[0] if len(found) == 1 else np.concatenate(found) if found else np.empty(0, dtype)
    count = 0
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            for block in blocks:
                np.ascontiguousarray(block, dtype).tofile(file)
                count += len(block)
            file.flush()
            # No file of nothing can be mapped.
            return np.asarray(np.memmap(file, dtype, "r", shape=(count,))) if count else np.empty(0, dtype)
    except OSError as error:
        raise unwritable(folder, error) from None


def by_blocks(
    make: Callable[..., NDArray[Any]],
    *columns: NDArray[Any],
    dtype: DTypeLike,
    folder: Path | None = None,
) -> NDArray[Any]:
    """What ``make`` gives for the columns, block by block; see ``collect``."""
    return collect(
        (make(*(column[rows] for column in columns)) for rows in spans(len(columns[0]))), dtype, folder
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A column that is worked out where it is read: ``column[slice]``.

    Args:
        rows: how many it has.
        make: of a slice of rows, its numbers.
    """

    rows: int
    make: Callable[[slice], NDArray[Any]]

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        start, stop, _ = rows.indices(self.rows)
        return self.make(slice(start, stop))


def unwritable(folder: Path, error: OSError) -> DataError:
    """The error for a folder that takes no file."""
    return DataError(
        f"cannot keep data in {folder}: {error.strerror or error}",
        help="give `data.store` a folder with room that can be written to",
        code="data.store",
    )
