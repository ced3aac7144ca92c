"""A ``.keras`` file → spec, without Keras's loader: ``config.json`` is read, nothing in the archive is run.

Weights come only when asked for (``zoo.build.lift.weights``): HDF5 datasets, numbers alone.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.build.lift import reading
from zoo.build.lift.refusals import LiftError
from zoo.build.lift.sharing import mark_first_places

if TYPE_CHECKING:
    from zoo.spec import Spec

MAX_CONFIG = 64 * 1024 * 1024  # NASNetLarge, the largest of keras.applications, has 3 MB
MAX_WEIGHTS = 16 * 1024**3
_HDF5 = b"\x89HDF\r\n\x1a\n"
_SAVE_AGAIN = "save it again with Keras 3: keras.Model.save('model.keras')"


def read(path: str | Path) -> Spec:
    """The spec of a model saved by Keras 3.

    Args:
        path: a ``.keras`` file.

    Raises:
        LiftError: it is no such file, it is cut short, or a part of the model cannot be said in a spec.
    """
    from zoo.build.lift.document import to_spec

    document = config(path)
    try:
        return to_spec(document)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Keras writes nothing that leads here, strangers may
        reason = f"{type(error).__name__}: {error}"
        raise _broken(Path(path), f"its configuration is not what Keras writes ({reason})") from error


def config(path: str | Path) -> dict[str, Any]:
    """The ``config.json`` of a ``.keras`` file.

    Raises:
        LiftError: it is no such file.
    """
    place = Path(path)
    _check_kind(place)
    data = _member(place, "config.json", MAX_CONFIG)
    try:
        found = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        raise _broken(place, f"its config.json is not JSON: {error}") from error
    except RecursionError as error:
        raise _broken(place, "its config.json is nested too deep") from error
    if not isinstance(found, dict):
        raise _broken(place, "its config.json holds no model")
    reading.check_depth(found)
    mark_first_places(found)
    return found


def _check_kind(place: Path) -> None:
    if place.is_dir():
        kind = "a SavedModel folder" if (place / "saved_model.pb").exists() else "a folder"
        raise LiftError(f"{place} is {kind}, not a .keras file", help=_SAVE_AGAIN, code="import.kind")
    try:
        with place.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError:
        raise LiftError(
            f"there is no file {place}", help="give the path of a .keras file", code="import.missing"
        ) from None
    except OSError as error:
        raise LiftError(f"{place} cannot be read: {error.strerror}", code="import.unreadable") from error
    if start == _HDF5:
        message = f"{place} is an HDF5 file of an older Keras, not a .keras file"
        raise LiftError(message, help=_SAVE_AGAIN, code="import.kind")
    if not zipfile.is_zipfile(place):
        cut = start[:2] == b"PK"
        message = f"{place} is cut short" if cut else f"{place} is not a .keras file (a zip archive)"
        raise LiftError(
            message, help="copy it again from where it came" if cut else _SAVE_AGAIN, code="import.kind"
        )


def _member(place: Path, name: str, limit: int) -> bytes:
    """One file of the archive, within bounds whatever its header claims."""
    try:
        with zipfile.ZipFile(place) as archive:
            if name not in archive.namelist():
                raise _broken(place, f"it has no {name}")
            with archive.open(name) as file:
                data = file.read(limit + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _broken(place, f"{name} cannot be read from it ({error})") from error
    except Exception as error:  # zlib.error and lzma's, which share no base but this one
        raise _broken(place, f"{name} cannot be unpacked ({error})") from error
    if len(data) > limit:
        raise _broken(place, f"its {name} is larger than {limit:,} bytes")
    return data


def _broken(place: Path, why: str) -> LiftError:
    return LiftError(f"{place} is not a whole .keras file: {why}", help=_SAVE_AGAIN, code="import.archive")


def arrays(path: str | Path) -> dict[str, Any]:
    """Every array of a ``.keras`` file's weights, by its path in the file.

    Raises:
        LiftError: the archive has no weights that can be read.
    """
    import h5py
    import numpy as np

    place = Path(path)
    _check_kind(place)
    data = _member(place, "model.weights.h5", MAX_WEIGHTS)
    found: dict[str, Any] = {}

    def take(name: str, item: Any) -> None:
        # a link into another file is no Dataset of this one, and `visititems` does not follow it
        if isinstance(item, h5py.Dataset) and "optimizer" not in name.split("/")[0]:
            if item.external or item.is_virtual or item.dtype.kind not in "fiub":
                raise _broken(place, f"its weight {name} is not a plain array of numbers")
            found[name] = np.ascontiguousarray(item[()])

    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            file.visititems(take)
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise _broken(place, f"its weights cannot be read ({error})") from error
    return found
