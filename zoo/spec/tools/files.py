"""Writing what a command or a function was asked to write: over an old file only where that is meant."""

from __future__ import annotations

from pathlib import Path

from zoo.errors import ZooError
from zoo.files import write_atomic


def write(path: str | Path, text: str | bytes, *, over: bool = True) -> Path:
    """Writes `text`, or bytes as they are, to `path`; a reader never sees half of it.

    Raises:
        ZooError: ``file.exists``, the file is there already and `over` is false; ``file.write``, it cannot be
            written.
    """
    target = Path(path)
    if target.exists() and not over:
        raise ZooError(
            f"{target} is there already",
            help="--force overwrites it; --out names another file",
            code="file.exists",
        )
    write_atomic(target, text.encode() if isinstance(text, str) else text)
    return target
