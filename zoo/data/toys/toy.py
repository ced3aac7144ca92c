"""A toy: a rule that makes samples for any model, and what may be chosen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.asked import Asked

Arrays = dict[str, NDArray[Any]]
Samples = tuple[Arrays, Arrays]


@dataclass(frozen=True, slots=True)
class Order:
    """What a toy is to make.

    Args:
        asked: the model's inputs and targets, all sizes known.
        samples: how many.
        rng: draws the samples; the rule itself is the same for every seed.
        options: the toy's own, checked, by name.
    """

    asked: Asked
    samples: int
    rng: np.random.Generator
    options: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Option:
    """A number that may be chosen: its default, and the least and the most it may be."""

    default: float
    low: float
    high: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Toy:
    """One entry of the table.

    Args:
        kind: the ``data.kind`` it belongs to.
        about: what it is, in a few words, for reports.
        make: order → (x, y), maps by input and output name.
        options: what may be chosen beside ``samples``, ``seed`` and ``length``.
        most: how many samples there are at most, where they are real.
        drawn: the samples come from the toy's rule; False where they are real data.
    """

    kind: str
    about: str
    make: Callable[[Order], Samples]
    options: Mapping[str, Option] = field(default_factory=dict)
    most: int | None = None
    drawn: bool = True
