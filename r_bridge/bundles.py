"""Bundles: a trained model to a file and back."""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge.models import described
from zoo.build.tensorflow_log import load_keras_quietly


def save(model: Any, path: str) -> str:
    """Write a model as a ``.zoo`` bundle; returns the path."""
    model.save(path)
    return path


def open_bundle(path: str) -> dict[str, Any]:
    """Open a bundle; returns the model's handle and what R shows of it."""
    load_keras_quietly()
    return described(zoo.open(path))
