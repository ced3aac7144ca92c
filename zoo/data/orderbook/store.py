"""A book on disk: a folder with a file a number, column by column, mapped into memory when it is read.

``book.json`` is written last and the folder renamed to its name then: a folder of that name is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import spans, unwritable
from zoo.data.orderbook.asked import Asked
from zoo.data.orderbook.assembly import together
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.cleaning import Cleaning, check_left, trim_rows
from zoo.data.orderbook.joining import Joint
from zoo.errors import DataError

_FORMAT = 1
_KEYS = {"time": np.int64, "session": np.int32, "symbol": np.int32}


def key_of(files: Sequence[Path], asked: Asked) -> str:
    """The same for the same files, unchanged, read in the same way."""
    stats = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    said = json.dumps([_FORMAT, stats, asked.levels, asked.symbol, asked.columns, repr(asked.cleaning)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def store_books(books: Iterable[Book], folder: Path, name: str, cleaning: Cleaning) -> Book:
    """Books as one, on disk in ``folder``, mapped; no more than a piece or a column is in memory at a time.

    Args:
        books: pieces, in their order.
        folder: that the book gets; as it is if it is there already.
        name: what reports call the data.
        cleaning: what is trimmed when all is there.

    Raises:
        DataError: ``data.store`` when the disk takes no more; else those of the pieces.
    """
    if not (folder / "book.json").exists():
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
            try:
                _write(books, made, name, cleaning)
                _rename(made, folder)
            finally:
                shutil.rmtree(made, ignore_errors=True)
        except OSError as error:
            raise unwritable(folder.parent, error) from None
    return open_stored(folder)


def open_stored(folder: Path) -> Book:
    """The book in a folder that ``store_books`` made, its numbers mapped and not read.

    Raises:
        DataError: ``data.store`` when the folder is damaged.
    """
    try:
        said = json.loads((folder / "book.json").read_text(encoding="utf-8"))
        rows, levels = said["rows"], said["levels"]
        keys = {key: _mapped(folder / key, kind, (rows,)) for key, kind in _KEYS.items()}
        fields = {field: _mapped(folder / field, np.float64, (rows, levels)) for field in FIELDS}
        columns = {
            column: _mapped(folder / f"column_{place}", np.float64, (rows,))
            for place, column in enumerate(said["columns"])
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"the stored book in {folder} is damaged: {error}",
            help="delete that folder: it is made again",
            code="data.store",
        ) from None
    made: dict[str, Any] = {**keys, **fields}
    return Book(
        **made,
        name=said["name"],
        simulated=said["simulated"],
        counts=said["counts"],
        timed=said["timed"],
        sessions=tuple(said["sessions"]),
        symbols=tuple(said["symbols"]),
        columns=columns,
        folder=folder,
    )


def _mapped(file: Path, kind: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    # No file of nothing can be mapped.
    return (
        np.asarray(np.memmap(file, kind, "r", shape=shape, order="F")) if shape[0] else np.empty(shape, kind)
    )


def _write(books: Iterable[Book], folder: Path, name: str, cleaning: Cleaning) -> None:
    joint = Joint()
    for book in books:
        session, symbol = joint.add(book)
        keys = {"time": book.time, "session": session, "symbol": symbol}
        for file, values in (keys | _columns(book)).items():
            with (folder / f"{file}.part").open("ab") as stream:
                np.ascontiguousarray(values).tofile(stream)
    first = joint.first
    assert first is not None  # every reader yields a book, or says why there is none
    order = together(_part(folder, "symbol"))
    rows = order
    whole = _outline(folder, rows, replace(first, name=name))
    keep, counts = trim_rows(whole, cleaning)
    check_left(whole, keep, counts)
    if not keep.all():
        rows = np.flatnonzero(keep) if order is None else order[keep]
    _arrange(folder, first, rows)
    if not first.timed:
        with (folder / "time").open("wb") as stream:
            for some in spans(int(keep.sum())):
                np.arange(some.start, some.stop, dtype=np.int64).tofile(stream)
    said = {
        "format": _FORMAT,
        "rows": int(keep.sum()),
        "levels": first.levels,
        "name": name,
        "simulated": first.simulated,
        "timed": first.timed,
        "counts": {**joint.counts, **counts},
        "sessions": list(joint.sessions),
        "symbols": list(joint.symbols),
        "columns": list(first.columns),
    }
    (folder / "book.json").write_text(json.dumps(said, indent=1), encoding="utf-8")


def _columns(book: Book) -> dict[str, NDArray[Any]]:
    """Name of its file → (snapshot,) numbers of a piece."""
    found = {
        f"{field}_{level}": getattr(book, field)[:, level] for field in FIELDS for level in range(book.levels)
    }
    return found | {f"column_{place}": values for place, values in enumerate(book.columns.values())}


def _part(folder: Path, name: str) -> NDArray[Any]:
    """What came of all pieces, mapped."""
    file, kind = folder / f"{name}.part", np.dtype(_KEYS.get(name, np.float64))
    return _mapped(file, kind, (file.stat().st_size // kind.itemsize,))


def _outline(folder: Path, rows: NDArray[np.int64] | None, first: Book) -> Book:
    """The book without its prices: enough to see where sessions begin and times repeat."""
    parts = {name: _part(folder, name) for name in _KEYS}
    keys: dict[str, Any] = parts if rows is None else {name: part[rows] for name, part in parts.items()}
    keys |= dict.fromkeys(FIELDS, np.empty((len(keys["time"]), 0)))
    return Book(**keys, name=first.name, timed=first.timed)


def _arrange(folder: Path, first: Book, rows: NDArray[np.int64] | None) -> None:
    """The rows that stay, in their order; the levels of a field one after the other in its file."""
    files: Mapping[str, list[str]] = {
        **{name: [name] for name in _KEYS},
        **{field: [f"{field}_{level}" for level in range(first.levels)] for field in FIELDS},
        **{f"column_{place}": [f"column_{place}"] for place in range(len(first.columns))},
    }
    for name, parts in files.items():
        with (folder / name).open("wb") as stream:
            for part in parts:
                values = _part(folder, part)
                for some in spans(len(values) if rows is None else len(rows)):
                    np.ascontiguousarray(values[some if rows is None else rows[some]]).tofile(stream)
                (folder / f"{part}.part").unlink()


def _rename(made: Path, folder: Path) -> None:
    try:
        os.replace(made, folder)
    except OSError:
        # Another process was faster with the same book.
        if not (folder / "book.json").exists():
            raise
