"""What every contestant of a model is given: made-up windows and targets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import zoo
from benchmarks.side_by_side.effort import Effort

LENGTH = 128  # of an input that may have any
CLASSES = 3  # of every model here that has classes


def give(name: str, folder: Path, effort: Effort) -> None:
    """Write MODEL_windows.npz and MODEL_targets.npz.

    Args:
        name: of a model.
        folder: where the contestants look.
        effort: has the number of samples.
    """
    spec = zoo.load(name)
    random = np.random.default_rng(1)
    windows = []
    for key, item in spec.inputs.items():
        shape = (effort.samples, *(size or LENGTH for size in item.shape))
        if item.dtype.startswith("float"):
            windows.append(random.standard_normal(shape).astype(np.float32))
        else:
            windows.append(random.integers(0, spec.vocabularies.get(key, 2), shape).astype(item.dtype))
    np.savez(folder / f"{name}_windows.npz", *windows)
    targets = []
    for output in spec.outputs.values():
        if str(output.loss.value).startswith("sparse"):
            targets.append(random.integers(0, CLASSES, effort.samples))
        else:
            targets.append(random.integers(0, 2, (effort.samples, 1)).astype(np.float32))
    np.savez(folder / f"{name}_targets.npz", *targets)
