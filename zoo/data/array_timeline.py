"""Arrays given in code on their clock: a sample is a row, and nothing is known of what it reads."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zoo.data.arrays import ArraysPipeline
from zoo.data.folds import Spans
from zoo.data.samples import inputs_of
from zoo.data.splitting import cut_rows
from zoo.data.timeline import Timeline


class ArrayTimeline(Timeline):
    """Samples in their order; a horizon is for the caller to purge, in samples."""

    pipeline: ArraysPipeline

    @property
    def ahead(self) -> int:
        """Nothing is known of it."""
        return 0

    @cached_property
    def runs(self) -> NDArray[np.int64]:
        """(sample,) all of one series."""
        given = self.loaded["x"] if isinstance(self.loaded, dict) else self.loaded[0]
        return np.zeros(len(next(iter(inputs_of(given, self.pipeline.input_shapes).values()))), np.int64)

    @cached_property
    def spans(self) -> Spans:
        """Each sample is its own row."""
        places = np.arange(len(self.runs))
        return Spans(places, places, places, places, places)

    def parts(self) -> NDArray[np.int8]:
        """(sample,) part of each."""
        return cut_rows(len(self.runs), self.split)

    def refit(self, training: NDArray[np.bool_]) -> ArraysPipeline:
        """The same: arrays are taken as they are."""
        return self.pipeline
