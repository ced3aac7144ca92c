"""Bundles: a trained model to a file and back, to bytes and back."""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge.errors import RArgumentError
from r_bridge.models import described
from zoo.build.tensorflow_start import load_keras_quietly


def save(model: Any, path: str) -> str:
    """Write a model as a ``.zoo`` bundle; returns the path."""
    model.save(path)
    return path


def open_bundle(path: str) -> dict[str, Any]:
    """Open a bundle; returns the model's handle and what R shows of it."""
    load_keras_quietly()
    return described(zoo.open(path))


def export(model: Any, path: str, format: str = "onnx", overwrite: bool = False) -> str:
    """Write a model for those who have no speczoo; see ``zoo.Trained.export``. Returns the path."""
    return str(model.export(path, format, overwrite=overwrite))


def pack(model: Any) -> bytes:
    """A model as the bytes of its bundle."""
    blob: bytes = model.to_bytes()
    return blob


def unpack(blob: Any) -> dict[str, Any]:
    """The model in a bundle's bytes."""
    if not isinstance(blob, bytes):
        raise RArgumentError(
            "a packed model is a raw vector", help="give what zoo_pack() returned", code="argument.bytes"
        )
    load_keras_quietly()
    return described(zoo.from_bytes(blob))
