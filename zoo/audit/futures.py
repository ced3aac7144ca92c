"""The same data with another future: what a pipeline is given to see whether it looks ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.audit.subject import Subject
from zoo.data.tables.pipeline import TablePipeline
from zoo.data.tables.sources import open_rows
from zoo.data.timeline import timeline_of

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data import Prepared
    from zoo.data.orderbook.book import Book
    from zoo.data.timeline import Timeline

Mask = NDArray[np.bool_]
_PRICES, _SIZES = ("ask_price", "bid_price"), ("ask_size", "bid_size")
KINDS = ("orderbook", "table")


class Futures:
    """A subject's data, and what they would have been.

    Args:
        subject: whose data were prepared by a recipe of one of ``KINDS``.
    """

    def __init__(self, subject: Subject) -> None:
        assert subject.prepared is not None and subject.spec is not None
        self.pipeline: Any = subject.prepared.pipeline
        self.tasks = subject.tasks
        self.shapes = {name: task.data_shape for name, task in subject.tasks.items()}
        self.timeline: Timeline = timeline_of(self.pipeline, subject.source, self.shapes)
        self.rows: Any = self.timeline.loaded
        # A book is sampled already, and no copy of it is to be stored.
        self.recipe: Mapping[str, Any] = dict(subject.spec.data)
        self.frame: pd.DataFrame | None = None
        if isinstance(self.pipeline, TablePipeline):
            read = self.pipeline.read
            self.frame, _, _ = open_rows(subject.source, self.recipe, read, labels=True)
        else:
            self.recipe = {
                name: said for name, said in self.recipe.items() if name not in ("sample", "store")
            }

    def source(self, changed: Mask | None = None, seed: int = 0) -> Any:
        """What to prepare: the data as they are, or with other numbers in the rows of a mask."""
        if self.frame is None:
            return self.rows if changed is None else _other_book(self.rows, changed, seed)
        if changed is None:
            return self.frame
        rows = np.zeros(len(self.frame), bool)
        rows[np.asarray(self.rows.index["row"])[changed] - 1] = True
        return other_frame(self.frame, rows, seed, keep=self._kept)

    @property
    def _kept(self) -> list[str]:
        read = self.pipeline.read
        return [*read.group, *([read.time] if read.time else [])]

    def shift(self, source: str) -> int:
        """Rows after a window's end that an input is said to read."""
        if self.frame is None:
            return 0
        reach = self.pipeline.read.inputs[source].reach
        return max(0, int(reach.shift))

    def prepare(self, source: Any) -> Prepared:
        """A source by the recipe."""
        from zoo import data as room

        return room.prepare(
            self.recipe,
            source,
            input_shapes=self.pipeline.input_shapes,
            outputs=self.pipeline.outputs,
            output_shapes=self.shapes,
        )


def _other_book(book: Book, changed: Mask, seed: int) -> Book:
    """The rows of a mask in another order, at other prices and sizes; each still a book that can be."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(np.flatnonzero(changed))
    drift = np.exp(np.cumsum(rng.normal(scale=2e-3, size=len(order))) + 0.05)
    fields: dict[str, Any] = {}
    for name in (*_PRICES, *_SIZES):
        values = np.array(getattr(book, name))
        factor = drift[:, None] if name in _PRICES else 3.0
        values[changed] = values[order] * factor
        fields[name] = values
    columns = {name: np.array(values) for name, values in book.columns.items()}
    for values in columns.values():
        values[changed] = values[order]
    flow = None if book.flow is None else np.array(book.flow)
    if flow is not None:
        flow[changed] = flow[order]
    return replace(book, **fields, columns=columns, flow=flow, folder=None)


def other_frame(frame: pd.DataFrame, changed: Mask, seed: int, *, keep: list[str]) -> pd.DataFrame:
    """A frame with other values in the rows of a mask: those of other rows, numbers on another scale.

    Empty cells stay empty, and the columns in ``keep`` (time, group) stay as they are.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    made = frame.copy()
    for name in frame.columns:
        column = frame[name]
        if str(name) in keep or pd.api.types.is_datetime64_any_dtype(column.dtype):
            continue
        places = np.flatnonzero(changed & column.notna().to_numpy())
        values = column.to_numpy(copy=True)
        mixed = values[rng.permutation(places)]
        if values.dtype.kind == "f":
            mixed = mixed * rng.uniform(1.5, 3.0) + rng.normal(size=len(mixed)) * (np.std(mixed) + 1e-3)
        values[places] = mixed
        made[name] = pd.Series(values, index=frame.index, dtype=column.dtype)
    return made
