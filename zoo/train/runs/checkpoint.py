"""The state of a training ↔ one file that is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import keras

from zoo.build import archive
from zoo.errors import BundleError
from zoo.train.files import write_atomic
from zoo.train.runs import plain, state
from zoo.train.runs.versions import version


def save_state(path: str | os.PathLike[str], model: keras.Model, extra: Any = None) -> Path:
    """Write what a training of ``model`` goes on from, beside whatever else is to be kept.

    Args:
        path: of the file; an old one is replaced, or stays as it was when the writing fails.
        model: compiled. Its weights, its layers' seeds and states, its optimizer, and the random generators
            of Python and NumPy are kept.
        extra: numbers, text, None, arrays, and lists, tuples and dicts of them.

    Raises:
        BundleError: codes ``file.write``, ``bundle.size``. TypeError: ``extra`` is not plain.
    """
    whole = {"state": state.capture(model), "extra": extra}
    about = {
        "speczoo": version("speczoo"),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
    }
    return write_atomic(path, plain.encode(whole, about), error=BundleError)


def load_state(path: str | os.PathLike[str], model: keras.Model) -> Any:
    """Give ``model``, built and compiled in the same way, the state in a file: all of it, or nothing.

    Returns:
        the ``extra`` that ``save_state`` was given.

    Raises:
        BundleError: no such file, a damaged one, or another model's.
    """
    found = read_state(path)
    state.restore(model, found["state"], f"`{os.fspath(path)}`")
    return found["extra"]


def read_state(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The file as it is: ``state`` for ``state.restore``, and ``extra``.

    Raises:
        BundleError: no such file, or a damaged one.
    """
    where = f"`{os.fspath(path)}`"
    try:
        if os.path.getsize(path) > archive.LARGEST:
            raise BundleError(f"{where} is larger than any checkpoint (4 GiB)", code="bundle.size")
        blob = Path(path).read_bytes()
    except OSError as failure:
        raise BundleError(
            f"cannot read the checkpoint {where}: {failure.strerror}",
            help="check the path",
            code="bundle.read",
        ) from None
    found: dict[str, Any] = plain.decode(blob, f"the checkpoint {where}")
    return found
