"""Which samples are looked at: fewer of them, how far they overlap, and how that is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.train.parts import Sample

if TYPE_CHECKING:
    from zoo.train.trained import Trained

_PARTS = {"train": "training part", "val": "validation part", "test": "test part"}


def thinned(sample: Sample, windows: int | None) -> Sample:
    """At most so many of the samples, evenly spread over them."""
    places = spread(len(sample), windows)
    if len(places) == len(sample):
        return sample
    if sample.part is not None:
        part = sample.part.take(places)
        x, rows = part.x, part.rows
    else:
        part, rows = None, None
        x = {name: values[places] for name, values in sample.x.items()}
    y = {name: np.asarray(values[places]) for name, values in sample.y.items()}
    return Sample(x, y, rows=rows, ordered=sample.ordered, part=part)


def reach_of(run: Trained, sample: Sample) -> int:
    """How many neighbouring samples say something of each other: their windows or their labels overlap."""
    if sample.part is None or len(sample) < 2 or sample.rows is None:
        return 1
    lengths = [getattr(getattr(item, "windows", None), "length", 1) for item in sample.x.values()]
    apart = max(1, int(np.median(np.diff(sample.rows))))
    return math.ceil((max(lengths) + _horizon(run.spec.data)) / apart)


def _horizon(recipe: Mapping[str, Any]) -> int:
    """Rows ahead that the farthest label reads; 0 where the recipe says none."""
    targets = recipe.get("targets")
    said = [recipe.get("label"), *(targets.values() if isinstance(targets, Mapping) else ())]
    found = [item.get("horizon", 0) for item in said if isinstance(item, Mapping)]
    numbers = [number for item in found for number in (item if isinstance(item, (list, tuple)) else [item])]
    return max([0, *(int(number) for number in numbers if isinstance(number, (int, float)))])


def spread(count: int, most: int | None) -> np.ndarray:
    """(place,) at most so many of ``count`` places, evenly spread.

    Raises:
        TrainError: ``explain.windows``, fewer than one is asked for; ``train.empty_part``, there are none.
    """
    if count == 0:
        raise TrainError(
            "there is no window to look at",
            help="give more data, or a larger share of it",
            code="train.empty_part",
        )
    if most is not None and (isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 1):
        raise TrainError(
            f"`windows` is a whole number from 1; received {most!r}",
            help="leave it out for all of them",
            code="explain.windows",
        )
    if most is None or count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)


def where_of(run: Trained, count: int, data: Any, part: str) -> str:
    """Such as "test part, 595 windows"."""
    unit = "windows" if run.pipeline is not None and run.pipeline.reads_files else "samples"
    return f"{_PARTS[part] if data is None else 'the data given'}, {count:,} {unit}"
