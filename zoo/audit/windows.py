"""Windows to try a model with: some of its data, or numbers drawn for its inputs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zoo.audit.subject import Subject

Arrays = dict[str, np.ndarray]
WINDOWS = 8
_OPEN = 320  # a size that the model leaves open: enough for several convolutions and poolings on top
_WORDS = 4  # different whole numbers where nothing says how many there are


def windows_of(subject: Subject, count: int, seed: int) -> Arrays:
    """Input name → ``(batch, …)``: windows spread over the data, else drawn.

    Args:
        subject: whose inputs are filled.
        count: of windows.
        seed: of what is drawn.
    """
    sample = subject.sample
    if sample is None or len(sample) < count:
        return _drawn(subject, count, seed)
    places = np.linspace(0, len(sample) - 1, count).round().astype(np.int64)
    return {name: np.asarray(sample.x[name][places]) for name in subject.inputs}


def with_other(x: Mapping[str, np.ndarray], keep: int) -> Arrays:
    """The same windows but for all others than ``keep``: each gives way to one that moves in another way."""
    changed = {}
    for name, values in x.items():
        other = values[::-1].copy() if values.dtype.kind in "iub" else _livelier(values)
        if keep < len(other):
            other[keep] = values[keep]
        changed[name] = other
    return changed


def with_other_future(x: Mapping[str, np.ndarray], name: str, step: int, seed: int) -> Arrays:
    """The same windows, but for the input ``name`` after ``step``, where nothing is as it was."""
    values = x[name].copy()
    later = values[:, step + 1 :]
    if values.dtype.kind in "iub":
        # Other whole numbers of those that there are: each as far from its own as the rest of them go.
        known = np.unique(values)
        places = np.searchsorted(known, later)
        shift = np.random.default_rng(seed).integers(1, max(2, len(known)), later.shape)
        values[:, step + 1 :] = known[(places + shift) % len(known)]
    else:
        values[:, step + 1 :] = _noise(later, seed)
    return {**x, name: values}


def _livelier(values: np.ndarray) -> np.ndarray:
    changed: np.ndarray = values[::-1] * -1.7 + 0.5 * (values.std() + 1e-3)
    return changed.astype(values.dtype)


def _noise(values: np.ndarray, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=values.shape)
    changed: np.ndarray = values.mean() + 2 * (values.std() + 1e-3) * drawn
    return changed.astype(values.dtype)


def _drawn(subject: Subject, count: int, seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    words = subject.spec.vocabularies if subject.spec is not None else {}
    found = {}
    for name, tensor in zip(subject.inputs, subject.model.inputs, strict=True):
        shape = (count, *(size or _OPEN for size in tensor.shape[1:]))
        kind = np.dtype(str(tensor.dtype)) if str(tensor.dtype) != "bfloat16" else np.dtype(np.float32)
        if kind.kind in "iub":
            found[name] = rng.integers(0, words.get(name, _WORDS), shape).astype(kind)
        else:
            found[name] = rng.normal(size=shape).astype(kind)
    return found
