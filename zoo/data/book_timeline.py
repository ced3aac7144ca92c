"""Order books on their clock."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.book_pipeline import BookPipeline
from zoo.data.book_preparation import prepare_book
from zoo.data.folds import Spans, spans_of, ticks_of
from zoo.data.orderbook.book import Book
from zoo.data.recipe import BookRecipe, read_recipe
from zoo.data.splitting import assign_rows
from zoo.data.timeline import ALL_TRAINING, Timeline
from zoo.data.windowing import window_ends


class BookTimeline(Timeline):
    """Rows are snapshots; the series are the symbols, whose sessions follow each other."""

    pipeline: BookPipeline
    loaded: Book

    @cached_property
    def recipe(self) -> BookRecipe:
        """The recipe, checked."""
        return read_recipe(self.pipeline.recipe)

    @property
    def ahead(self) -> int:
        """The longest horizon."""
        return max(self.recipe.label.horizons)

    @cached_property
    def runs(self) -> NDArray[np.int64]:
        """(snapshot,) number of the unbroken session of one symbol."""
        return self.loaded.groups

    @property
    def time(self) -> NDArray[Any] | None:
        """(snapshot,) nanoseconds, or None."""
        return self.loaded.time if self.loaded.timed else None

    @cached_property
    def spans(self) -> Spans:
        """Every window whose horizon ends in its session, stationary ones too: a fold drops those it must."""
        book, recipe = self.loaded, self.recipe
        ends = window_ends(len(book), recipe.length, recipe.stride, self.runs)
        inside = ends + self.ahead < len(book)
        inside[inside] = self.runs[ends[inside] + self.ahead] == self.runs[ends[inside]]
        ticks = ticks_of(self.time, int(book.symbol.max()) + 1, len(book), book.name)
        return spans_of(ends[inside], ticks, self.runs, past=recipe.length, ahead=self.ahead)

    def parts(self) -> NDArray[np.int8]:
        """(snapshot,) part of each row."""
        return assign_rows(self.loaded, self.recipe.split)

    def refit(self, training: NDArray[np.bool_]) -> BookPipeline:
        """Scaler and thresholds of these rows, fitted as if there were no others."""
        # The book is sampled already.
        raw = {name: said for name, said in self.pipeline.recipe.items() if name != "sample"}
        found = prepare_book(
            {**raw, "split": ALL_TRAINING},
            self.loaded.take(training),
            input_shapes=self.pipeline.input_shapes,
            outputs=self.pipeline.outputs,
            output_shapes=self.output_shapes,
        ).pipeline
        assert isinstance(found, BookPipeline)
        return replace(found, recipe=self.pipeline.recipe)
