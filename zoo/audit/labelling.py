"""Labels that tell nothing: those of a data set in another order, or moved past their horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoo.audit.stretches import sample_bytes
from zoo.audit.subject import Subject
from zoo.train.parts import Sample

Labels = dict[str, np.ndarray]
_MOST = 1_500  # samples of a part
_BLOCKS = 4  # a block of labels is so many windows with their horizons long


@dataclass(frozen=True, slots=True)
class Windows:
    """Samples of the training and of the test part in one.

    Args:
        x, y: inputs and labels by name.
        keys: (sample,) where a sample lies in the data: its row; else one number for all equal samples.
        train, test: places of the samples of either part.
    """

    x: Labels
    y: Labels
    keys: NDArray[np.int64]
    train: NDArray[np.int64]
    test: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)


def pooled(subject: Subject, seed: int) -> Windows:
    """Training and test part of a subject, no more of each than a short training needs."""
    first, second = subject.parts["train"], subject.parts["test"]
    ends = _chosen(first, seed, last=True), _chosen(second, seed, last=False)
    x, y = {}, {}
    for name in subject.inputs:
        x[name] = np.concatenate(
            [np.asarray(part.x[name][at]) for part, at in zip((first, second), ends, strict=True)]
        )
    for name in subject.outputs:
        y[name] = np.concatenate(
            [np.asarray(part.y[name][at]) for part, at in zip((first, second), ends, strict=True)]
        )
    if first.rows is not None and second.rows is not None:
        keys = np.concatenate([first.rows[ends[0]], second.rows[ends[1]]])
    else:
        numbers: dict[bytes, int] = {}
        keys = np.array([numbers.setdefault(item, len(numbers)) for item in sample_bytes(x)], np.int64)
    split = len(ends[0])
    return Windows(x, y, keys, np.arange(split), np.arange(split, len(keys)))


def _chosen(part: Sample, seed: int, *, last: bool) -> NDArray[np.int64]:
    """Neighbours in time, since those are what parts may share; of arrays in no known order, any."""
    count = len(part)
    if count <= _MOST:
        return np.arange(count)
    if part.rows is None:
        return np.sort(np.random.default_rng(seed).choice(count, _MOST, replace=False))
    return np.arange(count - _MOST, count) if last else np.arange(_MOST)


def shuffled(windows: Windows, block: int, seed: int) -> Labels:
    """The labels in another order, in blocks, since neighbours that share rows have like labels.

    Samples of one place in the data keep one label.
    """
    places, where = np.unique(windows.keys, return_inverse=True)
    size = min(_BLOCKS * block, max(1, len(places) // 10)) if block > 1 else 1
    pieces = np.array_split(np.arange(len(places)), max(1, len(places) // size))
    order = np.random.default_rng(seed).permutation(len(pieces))
    return _moved(windows, np.concatenate([pieces[number] for number in order]), where)


def shifted(windows: Windows, least: int, seed: int) -> Labels:
    """Each sample with the label of ``least`` places later or more; the last ones with those of the first."""
    places, where = np.unique(windows.keys, return_inverse=True)
    count = len(places)
    low = min(2 * least, count // 4)
    turn = int(np.random.default_rng(seed).integers(low, max(low + 1, count - low)))
    return _moved(windows, np.roll(np.arange(count), -turn), where)


def _moved(windows: Windows, order: NDArray[np.int64], where: NDArray[np.int64]) -> Labels:
    """Labels by place, each place with that of another."""
    first = np.zeros(len(order), np.int64)
    first[where[::-1]] = np.arange(len(where))[::-1]
    return {name: values[first[order][where]] for name, values in windows.y.items()}
