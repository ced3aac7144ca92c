"""What the numbers of an input are called: their step, their feature, its field, side and level."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# What a frame can be grouped by, in the order in which its columns stand.
LABELS = ("input", "time", "level", "side", "field", "feature")

_BOOK = re.compile(r"(ask|bid)_(price|size)_(\d+)")
_LEVELLED = re.compile(r"(order_flow_imbalance)_(\d+)")


@dataclass(frozen=True, slots=True)
class Feature:
    """One number of a snapshot or row.

    Args:
        name: as the pipeline calls it, such as ``ask_price_1``.
        field: ``price`` or ``size`` of a book's level; for what is worked out from several, its own name.
        side: ``ask``, ``bid``, or None.
        level: of the book, 1 is the best; None where it has none.
    """

    name: str
    field: str
    side: str | None = None
    level: int | None = None


def parse_feature(name: str) -> Feature:
    """A feature's name taken apart.

    Example:
        >>> parse_feature("bid_size_3")
        Feature(name='bid_size_3', field='size', side='bid', level=3)
        >>> parse_feature("spread")
        Feature(name='spread', field='spread', side=None, level=None)
    """
    if found := _BOOK.fullmatch(name):
        side, field, level = found.groups()
        return Feature(name, field, side, int(level))
    if found := _LEVELLED.fullmatch(name):
        return Feature(name, found[1], None, int(found[2]))
    return Feature(name, name)


@dataclass(frozen=True, slots=True)
class InputNames:
    """What the numbers of one input are called.

    The numbers of a sample, in their order, are those of the first step, then of the second, …: an input of
    shape (100, 20, 1) and one of (100, 20) hold the same window.

    Args:
        shape: of a sample, without the batch axis.
        lags: (time,) rows before the one at which the window ends: 0 is the last one, negative ones lie
            after it; None where there is no time.
        features: (feature,) of a step.
    """

    shape: tuple[int, ...]
    lags: tuple[int, ...] | None
    features: tuple[Feature, ...]

    @property
    def labels(self) -> dict[str, NDArray[Any]]:
        """``time``, ``level``, ``side``, ``field``, ``feature`` → what each number of a sample is called.

        Arrays of objects in the sample's shape; None where a number has no such label.
        """
        steps = len(self.lags) if self.lags is not None else 1
        of_step: dict[str, list[Any]] = {
            "level": [item.level for item in self.features],
            "side": [item.side for item in self.features],
            "field": [item.field for item in self.features],
            "feature": [item.name for item in self.features],
        }
        times = np.repeat(_objects(self.lags if self.lags is not None else [None]), len(self.features))
        found = {"time": times, **{name: np.tile(_objects(items), steps) for name, items in of_step.items()}}
        return {name: values.reshape(self.shape) for name, values in found.items()}


Names = Mapping[str, InputNames]

_COUNTED_AS = {
    "time": "time: steps before the window's last one, which is 0",
    "level": "level: of the book, 1 is the best",
}


def labels_of(names: Names, by: str) -> list[Any]:
    """All that the numbers of the inputs are called under one label, in the order of the inputs."""
    if by == "input":
        return list(names)
    found = (item for name in names.values() for item in name.labels[by].ravel().tolist() if item is not None)
    return list(dict.fromkeys(found))


def how_counted(labels: Sequence[str]) -> list[str]:
    """A line for each label whose numbers somebody has to be told how to read."""
    return [said for label, said in _COUNTED_AS.items() if label in labels]


def input_names(
    name: str,
    shape: Sequence[int],
    *,
    features: Sequence[str] | None = None,
    shift: int = 0,
    tokens: bool = False,
) -> InputNames:
    """What the numbers of an input are called.

    Args:
        name: of the input.
        shape: of a sample.
        features: of a row, in the order of their columns; None where nobody named them. Then the first of
            several axes is time, and the numbers of a step are counted from 1.
        shift: rows after the window's own end that the input reads.
        tokens: the numbers are words: each is a step.
    """
    size = math.prod(shape)
    if features is not None and features and size % len(features) == 0:
        length = size // len(features)
        return InputNames(
            tuple(shape),
            tuple(length - 1 - step - shift for step in range(length)),
            tuple(map(parse_feature, features)),
        )
    if tokens:
        return InputNames(tuple(shape), tuple(range(size - 1, -1, -1)), (Feature(name, name),))
    if len(shape) < 2:
        return InputNames(tuple(shape), None, tuple(_counted(name, shape)))
    return InputNames(tuple(shape), tuple(range(shape[0] - 1, -1, -1)), tuple(_counted(name, shape[1:])))


def _counted(name: str, shape: Sequence[int]) -> list[Feature]:
    """Features without a name, by the place they have: ``x_1``, or ``x_1_2`` on several axes."""
    sizes = [size for size in shape if size != 1]
    places = [()] if not sizes else list(np.ndindex(*sizes))
    called = ["_".join([name, *(str(number + 1) for number in place)]) for place in places]
    return [Feature(item, item) for item in called]


def _objects(items: Sequence[Any]) -> NDArray[Any]:
    found = np.empty(len(items), dtype=object)
    found[:] = list(items)
    return found
