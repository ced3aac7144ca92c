"""Arrays given in code: checked against inputs and outputs, split in their order, left unscaled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from zoo.data.part import Part
from zoo.data.pipeline import Pipeline
from zoo.data.prepared import Prepared
from zoo.data.recipe import read_split
from zoo.data.samples import inputs_of, targets_of
from zoo.data.splitting import PARTS, cut_rows
from zoo.errors import DataError

Arrays = dict[str, NDArray[Any]]


def is_arrays(source: Any) -> bool:
    """Whether a source is ``(x, y)`` or ``{"x": …, "y": …}``."""
    if isinstance(source, Mapping):
        return set(source) == {"x", "y"}
    return isinstance(source, tuple | list) and len(source) == 2 and not isinstance(source[0], str | PathLike)


@dataclass(frozen=True, eq=True)
class ArraysPipeline(Pipeline):
    """A pass-through of arrays given in code.

    Args:
        levels: names of the classes in the order of their numbers, where targets came as text.
    """

    kind: ClassVar[str] = "arrays"
    reads_files: ClassVar[bool] = False

    levels: list[str] = field(default_factory=list)

    def load(self, source: Any, *, labels: bool = False) -> Any:
        """The arrays as they are; ``part_of`` checks them."""
        return source

    def part_of(self, loaded: Any, *, labels: bool) -> Part:
        """New samples, checked; with their targets when ``labels``."""
        given = loaded
        if labels:
            if not is_arrays(loaded):
                raise DataError(
                    "labelled samples are (x, y)", help="give a pair of arrays, (x, y)", code="data.arrays"
                )
            given = loaded["x"] if isinstance(loaded, Mapping) else loaded[0]
        x = inputs_of(given, self.input_shapes)
        y: Arrays = {}
        if labels:
            second = loaded["y"] if isinstance(loaded, Mapping) else loaded[1]
            y, _ = targets_of(second, self.outputs, self.levels)
        _check_counts(x | {f"{name} (y)": column for name, column in y.items()})
        return _part(x, y, np.arange(len(next(iter(x.values())))))

    def class_names(self, output: str) -> list[str]:
        """The names the targets came with; one list for all outputs."""
        return list(self.levels)

    def fitted(self) -> dict[str, Any]:
        """The names of the classes."""
        return {"levels": list(self.levels)}

    @classmethod
    def restore(cls, state: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """The pipeline of ``fitted`` and what all kinds have."""
        return cls(**common, levels=list(state["levels"]))


def prepare_arrays(
    recipe: Mapping[str, Any],
    source: Any,
    *,
    input_shapes: Mapping[str, Sequence[int | None]],
    outputs: Mapping[str, int | None],
    output_shapes: Mapping[str, Sequence[int | None]],
) -> Prepared:
    """Parts of arrays that are samples already; the recipe's split is used, its windows and labels are not.

    Raises:
        DataError: ``data.arrays``, naming the input or output, the shape expected and the shape received.
    """
    given = (source["x"], source["y"]) if isinstance(source, Mapping) else source
    x = inputs_of(given[0], input_shapes)
    y, levels = targets_of(given[1], outputs)
    _check_counts(x | {f"{name} (y)": column for name, column in y.items()})
    rows = len(next(iter(x.values())))
    split = read_split(recipe.get("split"))
    if split.by not in ("time", "random"):
        raise DataError(
            f"arrays have no sessions or symbols to split by; `data.split.by` is `{split.by}`",
            help="use `by: time`, or `by: random` for samples without order",
            code="data.split",
        )
    parts = cut_rows(rows, split)
    if split.by == "random":
        parts = np.random.default_rng(split.seed).permutation(parts)
    if not (parts == 0).any():
        raise DataError(
            f"{rows} samples leave none to train on", help="give more samples", code="data.arrays"
        )
    pipeline = ArraysPipeline(
        recipe=dict(recipe),
        input_shapes={name: tuple(shape) for name, shape in input_shapes.items()},
        outputs=dict(outputs),
        levels=levels,
    )
    made = {name: _part(x, y, np.flatnonzero(parts == number)) for number, name in enumerate(PARTS)}
    return Prepared(
        pipeline=pipeline,
        train=made["train"],
        val=made["val"],
        test=made["test"],
        about=f"arrays: {rows:,} samples; training {len(made['train']):,}, validation {len(made['val']):,}, "
        f"test {len(made['test']):,}",
        simulated=False,
        ordered=split.by != "random",
        fingerprint=_fingerprint(x | y),
    )


def _check_counts(arrays: Mapping[str, NDArray[Any]]) -> None:
    counts = {name: len(array) for name, array in arrays.items()}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        raise DataError(
            f"the arrays do not have the same number of samples: {listed}",
            help="give each input and output one row a sample",
            code="data.arrays",
        )
    if min(counts.values()) == 0:
        raise DataError("the arrays hold no samples", help="give at least one sample", code="data.arrays")


def _part(x: Arrays, y: Arrays, rows: NDArray[np.int64]) -> Part:
    # Parts in time order are one stretch, so that a part is a view and not a copy.
    stretch = len(rows) and int(rows[-1]) - int(rows[0]) + 1 == len(rows) and (np.diff(rows) == 1).all()
    where: Any = slice(int(rows[0]), int(rows[-1]) + 1) if stretch else rows
    return Part(
        x={name: array[where] for name, array in x.items()},
        y={name: array[where] for name, array in y.items()},
        rows=rows,
    )


def _fingerprint(arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        step = max(1, 1_000_000 // max(1, array[:1].size))
        for start in range(0, len(array), step):
            digest.update(np.ascontiguousarray(array[start : start + step]).data)
    return digest.hexdigest()
