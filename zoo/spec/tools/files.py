"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from zoo.errors import ZooError


def write(path: str | Path, text: str | bytes, *, over: bool = True) -> Path:
    """Writes `text`, or bytes as they are, to `path`; a reader never sees half of it.

    Raises:
        ZooError: the file is there already and `over` is false, or it cannot be written.
    """
    target = Path(path)
    if target.exists() and not over:
        raise ZooError(
            f"{target} is there already",
            help="--force overwrites it; --out names another file",
            code="file.exists",
        )
    if not target.parent.is_dir():
        raise ZooError(f"there is no folder {target.parent}", help="make it first", code="file.folder")
    real = target.resolve()  # a link stays a link
    try:
        mode = real.stat().st_mode & 0o777 if real.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode() if isinstance(text, str) else text)
            os.chmod(name, mode)
            os.replace(name, real)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise ZooError(
            f"{target} cannot be written: {error.strerror}",
            help="check the path and its rights",
            code="file.write",
        ) from None
    return target
