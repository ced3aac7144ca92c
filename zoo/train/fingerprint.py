"""What tells one set of data from another, before any recipe has read it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from glob import glob, has_magic
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.orderbook.finding import is_paths
from zoo.errors import TrainError

_PIECE = 2**20


def fingerprint_of(data: Any) -> str:
    """SHA-256 of whatever a user calls data: a path (its bytes), arrays, a frame, a book, a recipe, or None.

    Raises:
        TrainError: code ``train.data``: nothing here knows what the data is, or its file cannot be read.
    """
    digest = hashlib.sha256()
    # Here a list of texts is a list of files; inside (x, y) it would be classes.
    for item in data if isinstance(data, list) and is_paths(data) else [data]:
        for piece in _pieces(item):
            digest.update(piece)
    return digest.hexdigest()


def _pieces(data: Any) -> Iterator[bytes]:
    if isinstance(data, (str, os.PathLike)):
        yield from _file_pieces(Path(data))
    elif hasattr(data, "fingerprint"):
        yield str(data.fingerprint()).encode()
    elif isinstance(data, Mapping):
        for name, item in data.items():
            yield f"{name}=".encode()
            yield from _pieces(item) if not isinstance(item, str) else (item.encode(),)
    elif hasattr(data, "columns") and hasattr(data, "to_numpy"):
        for name in data.columns:
            yield f"{name}:{data[name].dtype}=".encode()
            yield from _array_pieces(data[name].to_numpy())
        yield from _array_pieces(data.index.to_numpy())
    elif isinstance(data, (tuple, list)) and not _is_plain(data):
        for item in data:
            yield b","
            yield from _pieces(item)
    elif isinstance(data, np.ndarray) or hasattr(data, "__array__"):
        yield from _array_pieces(np.asarray(data))
    elif _is_plain(data):
        yield json.dumps(data, sort_keys=True).encode()
    else:
        raise TrainError(
            f"there is no telling whether {type(data).__name__} is the same data as another time",
            help="give a file, a frame, a book, or arrays",
            code="train.data",
        )


def _file_pieces(path: Path) -> Iterator[bytes]:
    try:
        # Readers take a folder's files in the order of their names.
        for file in _files_of(path):
            yield file.name.encode()
            with file.open("rb") as opened:
                while piece := opened.read(_PIECE):
                    yield piece
    except OSError as failure:
        raise TrainError(
            f"cannot read `{path}`: {failure.strerror}", help="check the path", code="train.data"
        ) from None


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(item for item in path.rglob("*") if item.is_file())
    if has_magic(str(path)) and not path.exists():
        return sorted(Path(name) for name in glob(str(path)))
    return [path]


def _array_pieces(array: np.ndarray) -> Iterator[bytes]:
    yield f"{array.dtype}{array.shape}".encode()
    if array.dtype.hasobject:
        yield json.dumps(array.tolist(), default=str).encode()
    else:
        yield np.ascontiguousarray(array).tobytes()


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (str, int, float, bool))
