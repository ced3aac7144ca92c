"""Tables on their clock."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.folds import Spans, spans_of, ticks_of
from zoo.data.tables.fitting import fit_scalers, fit_states
from zoo.data.tables.pipeline import TablePipeline
from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.splitting import assign_rows
from zoo.data.tables.table import Table
from zoo.data.timeline import Timeline


class TableTimeline(Timeline):
    """Rows are the table's; the series are its groups."""

    pipeline: TablePipeline
    loaded: Table

    @cached_property
    def recipe(self) -> TableRecipe:
        """The recipe, checked."""
        return self.pipeline.read

    @property
    def ahead(self) -> int:
        """The longest horizon, or how far an input reads ahead."""
        return self.recipe.ahead

    @property
    def runs(self) -> NDArray[np.int64]:
        """(row,) number of the group."""
        return self.loaded.runs

    @property
    def time(self) -> NDArray[Any] | None:
        """(row,) dates or numbers, or None."""
        return self.loaded.time

    @cached_property
    def spans(self) -> Spans:
        """Every window whose targets exist."""
        table = self.loaded
        ends = self.pipeline.ends_of(table, self.recipe, labels=True)
        ticks = ticks_of(table.time, table.groups, len(table), table.name)
        return spans_of(ends, ticks, table.runs, past=self.recipe.past, ahead=self.ahead)

    def parts(self) -> NDArray[np.int8]:
        """(row,) part of each row."""
        return assign_rows(self.loaded, self.recipe.split)

    def refit(self, training: NDArray[np.bool_]) -> TablePipeline:
        """Scalers of these rows."""
        scaler = fit_scalers(self.loaded, self.recipe, training)
        states, _ = fit_states(self.loaded, self.recipe, training)
        return replace(self.pipeline, scaler=scaler, states=states)
