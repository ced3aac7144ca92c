"""Plain values and arrays ↔ bytes that hold nothing which could run: what a checkpoint is made of.

The parts: ``state.json``, where every map of JSON has one key that says what it stands for, and
``arrays.safetensors``. Equal arrays are kept once: the best weights are often the last ones.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors
from safetensors.numpy import load, save

from zoo.build import archive
from zoo.errors import BundleError

MEMBERS = ("state.json", "arrays.safetensors")
_KINDS = "biuf"


def encode(value: Any, about: Mapping[str, Any]) -> bytes:
    """The bytes of ``value``: numbers, text, None, arrays, and lists, tuples and dicts of them.

    Args:
        value: what to keep.
        about: plain values for the manifest.

    Raises:
        TypeError: it holds something else. BundleError: it holds more than 4 GiB.
    """
    arrays = _Arrays()
    tree = _to_json(value, arrays)
    parts = {"state.json": archive.to_json({"state": tree}), "arrays.safetensors": save(arrays.kept)}
    return archive.encode(parts, dict(about))


def decode(blob: bytes, where: str) -> Any:
    """What ``encode`` was given.

    Args:
        blob: its bytes.
        where: what to call them in messages.

    Raises:
        BundleError: they are cut short, altered, or of a newer format.
    """
    parts, _ = archive.decode(blob, MEMBERS, where)
    try:
        return _from_json(
            archive.from_json(parts["state.json"], "state.json", where)["state"],
            load(parts["arrays.safetensors"]),
        )
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError, RecursionError) as failure:
        raise BundleError(
            f"the parts of {where} do not fit each other ({type(failure).__name__}: {failure})",
            help="it was written by another speczoo: use that version, or train again",
            code="bundle.foreign",
        ) from None


def is_plain(value: Any) -> bool:
    """Can ``encode`` keep it?"""
    try:
        _to_json(value, None)
    except (TypeError, RecursionError):
        return False
    return True


class _Arrays:
    """Arrays by name, equal ones once."""

    def __init__(self) -> None:
        self.kept: dict[str, np.ndarray] = {}
        self._names: dict[Any, str] = {}

    def name(self, array: np.ndarray) -> str:
        array = np.array(array, order="C", copy=None)
        key = (array.dtype.str, array.shape, hashlib.sha256(array.data).digest())
        name = self._names.setdefault(key, f"{len(self.kept):06d}")
        self.kept.setdefault(name, array)
        return name


def _to_json(value: Any, arrays: _Arrays | None) -> Any:
    """``value`` as JSON; None for ``arrays`` only looks whether it can be."""
    # Exact types: a subclass (a defaultdict, a named tuple) would not come back as what it was.
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind is list:
        return [_to_json(item, arrays) for item in value]
    if kind is tuple:
        return {"tuple": [_to_json(item, arrays) for item in value]}
    if kind is dict:
        return {"map": [[_to_json(key, arrays), _to_json(item, arrays)] for key, item in value.items()]}
    if (kind is np.ndarray or isinstance(value, np.generic)) and value.dtype.kind in _KINDS:
        name = arrays.name(np.asarray(value)) if arrays is not None else ""
        return {"array" if kind is np.ndarray else "scalar": name}
    raise TypeError(f"{kind.__name__} is no plain value")


def _from_json(value: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    if isinstance(value, list):
        return [_from_json(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    if kind == "float":
        return float(held)
    if kind == "tuple":
        return tuple(_from_json(item, arrays) for item in held)
    if kind == "map":
        return {_from_json(key, arrays): _from_json(item, arrays) for key, item in held}
    if kind == "array":
        # Whoever takes it up may change it in place, and equal arrays are one in the file.
        return arrays[held].copy()
    if kind == "scalar":
        return arrays[held][()]
    raise ValueError(f"a state of the kind `{kind}`")
