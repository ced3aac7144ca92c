"""Part of the check of the pipeline: a label that the window itself gives away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zoo.audit.finding import Finding
from zoo.audit.subject import Subject
from zoo.data.part import WindowInput

CHECK = "pipeline"
_SAMPLES = 2_000
_FEW = 30  # samples with which a coincidence can still be one
_EXACT = 1e-5  # of the label's own deviation
_MOST = 4_096  # numbers in a window that are looked at, its last ones


def check_labels(subject: Subject) -> Iterator[Finding]:
    """One finding an output of the training part: is it one of the numbers that its window holds?"""
    sample = subject.parts.get("train")
    if sample is None or len(sample) < _FEW:
        return
    places = np.linspace(0, len(sample) - 1, min(len(sample), _SAMPLES)).astype(np.int64)
    for output in sample.y:
        targets: Any = sample.y[output]
        if isinstance(targets, WindowInput) or not subject.in_time:
            continue  # an autoencoder's label is its window; a toy's is made of its input
        y = _one_number(np.asarray(targets[places]), subject.tasks[output].kind)
        if y is not None:
            yield _of_output(subject, output, y, sample.x, places)


def _one_number(y: np.ndarray, kind: str) -> np.ndarray | None:
    """(sample,) of labels that have several numbers: the class of a row of 0 and 1, the nearest step."""
    if y.ndim == 1 or y.shape[1:] == (1,):
        return y.ravel()
    if y.ndim > 2 or kind not in ("one_hot", "numbers"):
        return None
    found: np.ndarray = y.argmax(axis=1) if kind == "one_hot" else y[:, 0]
    return found


def _of_output(subject: Subject, output: str, y: np.ndarray, x: Any, places: np.ndarray) -> Finding:
    classes = subject.tasks[output].kind != "numbers"
    for name in subject.inputs:
        values = np.asarray(x[name][places])
        steps = values.shape[1] if values.ndim > 2 else 1
        flat = values.reshape(len(values), -1)[:, -_MOST:].astype(np.float64)
        column = _told(flat, y, classes)
        if column is None:
            continue
        each = flat.shape[1] // steps if steps > 1 and flat.shape[1] % steps == 0 else flat.shape[1]
        back, feature = (flat.shape[1] - 1 - column) // each, column % each
        late = back == 0
        return Finding(
            CHECK, "leak", f"the label of output `{output}` is told by feature {feature + 1} in the window's "
            + ("last row: it is among the features, or does not lie in the future" if late
               else f"row {back} before the last: it does not lie in the future"),
            1.0, _EXACT, "of its variance is told by that number", f"feature {feature + 1} of input `{name}`",
            "D314" if late else "D315",
            "leave the column out of the input, or predict a row after the window",
        )  # fmt: skip
    return Finding(CHECK, "clean", f"no number of the window is the label of output `{output}`")


def _told(flat: np.ndarray, y: np.ndarray, classes: bool) -> int | None:
    """The last column that tells the label exactly, or None."""
    if len(np.unique(y)) < 2:
        return None
    if not classes:
        return _affine(flat, y.astype(np.float64))
    counts = np.unique(y, return_counts=True)[1]
    # Cuts between few samples are found by chance among many columns.
    if counts.min() < 5 or len(y) < _FEW:
        return None
    for column in range(flat.shape[1] - 1, -1, -1):
        values = flat[:, column]
        order = np.lexsort((y, values))
        ranked, labels = values[order], y[order]
        changes = np.flatnonzero(labels[1:] != labels[:-1])
        if len(changes) == len(counts) - 1 and (ranked[changes] < ranked[changes + 1]).all():
            return column
    return None


def _affine(flat: np.ndarray, y: np.ndarray) -> int | None:
    centred = flat - flat.mean(axis=0)
    target = y - y.mean()
    spread = (centred**2).sum(axis=0)
    slope = np.divide(centred.T @ target, spread, out=np.zeros(len(spread)), where=spread > 0)
    left = np.sqrt(np.mean((target[:, None] - centred * slope) ** 2, axis=0))
    found = np.flatnonzero(left <= _EXACT * target.std())
    return int(found[-1]) if len(found) else None
