"""Keras on JAX: the model as zoo builds it on Keras's other backend, by ``fit`` and ``predict``."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from benchmarks.side_by_side.effort import Effort, Unable


def measure(name: str, folder: Path, effort: Effort) -> dict[str, float]:
    """The figures.

    Raises:
        Unable: JAX is not installed.
    """
    if find_spec("jax") is None:
        raise Unable("JAX is not installed")
    # before Keras is imported, which reads them once
    os.environ |= {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    import zoo
    from benchmarks.side_by_side import keras_side

    return keras_side.measure("jax", name, folder, effort, lambda: zoo.build(zoo.load(name)))
