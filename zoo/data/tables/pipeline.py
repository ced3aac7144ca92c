"""A table's pipeline: scalers of its numbers and levels of its classes, fitted on the training part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from zoo.data.part import Part, WindowInput
from zoo.data.pipeline import Pipeline, read_scaler
from zoo.data.row_scaling import RowScaling, row_scaling
from zoo.data.scaling import apply_scaler
from zoo.data.shapes import fit_input_shapes
from zoo.data.tables.encoding import encode
from zoo.data.tables.gathering import persistence_of, target_of, window_rows
from zoo.data.tables.recipe import TableRecipe, read_recipe
from zoo.data.tables.sessions import sessions_of
from zoo.data.tables.sources import load_table
from zoo.data.tables.table import Table
from zoo.data.windowing import Windows
from zoo.errors import DataError

Columns = NDArray[np.float32]


@dataclass(frozen=True, eq=True)
class TablePipeline(Pipeline):
    """What was fitted on the training part of a table.

    A column has one scaler, whether an input or a target reads it: a numeric target comes in the unit of the
    scaled column, and ``scaler`` leads back: original = scaled / factor + shift.

    Args:
        output_shapes: output name → shape without the batch axis.
        scaler: column → (shift, factor).
        levels: output name → class names in the order of their numbers.
        states: column → what scales its rows where the recipe scales by group or session; else empty.
        past_sessions: the sessions that a rolling scaler remembers.
    """

    kind: ClassVar[str] = "table"
    reads_files: ClassVar[bool] = True

    output_shapes: dict[str, tuple[int | None, ...]]
    scaler: dict[str, tuple[float, float]] = field(default_factory=dict)
    levels: dict[str, list[str]] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)
    past_sessions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def read(self) -> TableRecipe:
        """The recipe, checked."""
        return read_recipe(self.recipe, self.input_shapes, self.outputs, self.output_shapes)

    def load(self, source: Any, *, labels: bool = False) -> Table:
        """The table of a source; its targets' columns too when ``labels``."""
        return load_table(source, self.recipe, self.read, labels=labels)

    def part_of(self, loaded: Table, *, labels: bool) -> Part:
        """All windows of a table as one part."""
        recipe = self.read
        ends = self.ends_of(loaded, recipe, labels=labels)
        return self.assemble(loaded, recipe, self.scaled(loaded, recipe), ends, labels=labels)

    def ends_of(self, table: Table, recipe: TableRecipe, *, labels: bool) -> NDArray[np.int64]:
        """(window,) the row each window ends at; none that reads rows which nothing before them can scale."""
        ends = window_rows(table, recipe, labels=labels)
        if not recipe.by_row:
            return ends
        known = self._by_row(table, recipe).known(len(table))
        # Once a row of a group has a session before it, so have all that follow.
        return ends[known[ends - recipe.past + 1]]

    def scaled(self, table: Table, recipe: TableRecipe) -> Columns:
        """(row, column) float32 of the columns that the inputs read, scaled with what was fitted."""
        values = np.empty((len(table), len(recipe.features)), np.float32)
        scaling = self._by_row(table, recipe) if recipe.by_row else None
        for place, name in enumerate(recipe.features):
            if scaling is not None and name in self.states:
                values[:, place] = scaling.apply(table.numbers[name], self.states[name])
            else:
                values[:, place] = apply_scaler(table.numbers[name], *self.scaler[name])
        return values

    def _by_row(self, table: Table, recipe: TableRecipe) -> RowScaling:
        return row_scaling(recipe.scale, sessions_of(table, recipe), self.past_sessions)

    def assemble(
        self, table: Table, recipe: TableRecipe, values: Columns, ends: NDArray[np.int64], *, labels: bool
    ) -> Part:
        """A part of the windows that end at ``ends``."""
        x = {}
        for name, item in recipe.inputs.items():
            shapes = fit_input_shapes({name: self.input_shapes[name]}, item.reach.length, item.columns)
            rows = Windows(
                _select(values, recipe.features, item.columns), item.reach.length, ends + item.reach.shift
            )
            x[name] = WindowInput(rows, shapes[name])
        y, persistences = {}, {}
        for name, target in recipe.targets.items() if labels else ():
            values_of_target = self._target_rows(table, name, recipe)
            y[name] = target_of(values_of_target, target, ends)
            persistences[name] = persistence_of(values_of_target, target, ends, recipe)
        return Part(
            x=x,
            y=y,
            rows=ends,
            values=values,
            persistence=next(iter(persistences.values()), None),
            persistences=persistences,
            time_rows=table.time,
            index_rows=table.index,
            run_rows=table.runs,
            stride=recipe.stride,
        )

    def _target_rows(self, table: Table, output: str, recipe: TableRecipe) -> NDArray[Any]:
        """(row, column) of a target: scaled numbers, or codes of classes."""
        target = recipe.targets[output]
        if target.categorical:
            told = bool(target.levels)
            return encode(table, target.columns[0], self.levels[output], told=told)[:, None]
        rows = np.empty((len(table), len(target.columns)), np.float32)
        for place, name in enumerate(target.columns):
            rows[:, place] = apply_scaler(table.numbers[name], *self.scaler[name])
        return rows

    @property
    def scales(self) -> bool:
        """True unless the recipe says ``method: none``."""
        return self.read.scale.method != "none"

    def scale_inputs(self, x: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Windows in the units of their columns, by input name, scaled; each keeps its shape.

        Raises:
            DataError: ``data.scale`` where a row is scaled by its group or the sessions before it.
        """
        if self.states:
            raise DataError(
                "arrays do not say of which group or session they are, and the scaler goes by that",
                help="give a frame, or windows that are scaled already",
                code="data.scale",
            )
        made = {}
        for name, values in x.items():
            columns = self.read.inputs[name].columns
            shift, factor = self._pairs(columns)
            rows = np.asarray(values, np.float64).reshape(len(values), -1, len(columns))
            made[name] = apply_scaler(rows, shift, factor).reshape(np.shape(values)).astype(np.float32)
        return made

    def scale_target(self, output: str, values: NDArray[Any]) -> NDArray[Any]:
        """Numbers of a target in the units of its columns, scaled; classes as they are."""
        target = self.read.targets[output]
        if target.categorical:
            return values
        shift, factor = self._pairs(target.columns)
        return apply_scaler(np.asarray(values, np.float64), shift, factor).astype(np.float32)

    def in_units(self, output: str, values: NDArray[Any]) -> NDArray[Any]:
        """Numbers of an output, scaled as its target's columns are, in the columns' own units.

        Args:
            output: its name.
            values: (sample, …); of a target of several columns, the last axis counts them.
        """
        shift, factor = self._pairs(self.read.targets[output].columns)
        return np.asarray(np.asarray(values, np.float64) / factor + shift)

    def _pairs(self, columns: tuple[str, ...]) -> tuple[Any, Any]:
        """Shifts and factors along the last axis; of one column two numbers."""
        pairs = np.array([self.scaler[name] for name in columns], np.float64)
        return (pairs[:, 0], pairs[:, 1]) if len(pairs) > 1 else (pairs[0, 0], pairs[0, 1])

    def for_scores(self, output: str, values: NDArray[Any]) -> NDArray[Any]:
        """One column's numbers in its own unit; several stay scaled: no unit fits a mean over all of them."""
        several = len(self.read.targets[output].columns) > 1
        return values if several else self.in_units(output, values)

    def number_names(self, output: str, count: int) -> list[str]:
        """The columns; of several steps, each with its number: ``close_1`` is the first of them."""
        target = self.read.targets[output]
        if count == 1 or count != target.length * len(target.columns):
            return super().number_names(output, count)  # such as the quantiles of one number
        if target.length == 1:
            return list(target.columns)
        return [f"{name}_{step}" for step in range(1, target.length + 1) for name in target.columns]

    def columns_of(self, name: str) -> tuple[tuple[str, ...], int]:
        """An input's columns, the calendar's last, and its shift."""
        item = self.read.inputs[name]
        return item.columns, item.reach.shift

    def class_names(self, output: str) -> list[str]:
        """The levels of a categorical target; empty for numbers."""
        return list(self.levels.get(output, []))

    def about_labels(self) -> str:
        """Columns, horizons and the unit of the numbers."""
        recipe = self.read
        said = []
        for target in recipe.targets.values():
            shown = ", ".join(target.columns[:3]) + (", …" if len(target.columns) > 3 else "")
            when = f"{target.horizon} ahead" if target.horizon else "of the window's own rows"
            each = ", each step" if target.per_step else ""
            said.append(f"{shown} {'1…' if target.steps else ''}{when}{each}")
        return f"target{'s' if len(said) > 1 else ''}: {'; '.join(said)}{_about_scores(recipe)}"

    def fitted(self) -> dict[str, Any]:
        """What was fitted, as plain values."""
        return {
            "output_shapes": {name: list(shape) for name, shape in self.output_shapes.items()},
            "scaler": {name: list(pair) for name, pair in self.scaler.items()},
            "levels": {name: list(levels) for name, levels in self.levels.items()},
            "states": dict(self.states),
            "past_sessions": [dict(item) for item in self.past_sessions],
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """The pipeline of ``fitted`` and what all kinds have."""
        return cls(
            **common,
            output_shapes={name: tuple(shape) for name, shape in state["output_shapes"].items()},
            scaler=dict(zip(state["scaler"], read_scaler(list(state["scaler"].values())), strict=True)),
            levels={name: [str(level) for level in levels] for name, levels in state["levels"].items()},
            states=dict(state.get("states", {})),
            past_sessions=[dict(item) for item in state.get("past_sessions", [])],
        )


def _about_scores(recipe: TableRecipe) -> str:
    numeric = {name: target for name, target in recipe.targets.items() if not target.categorical}
    if not numeric or recipe.scale.method == "none":
        return ""
    several = [name for name, target in numeric.items() if len(target.columns) > 1]
    scaled = f"scores of {', '.join(several)} in scaled units ({recipe.scale.method})" if several else ""
    own = "scores of numbers in the unit of their column" if len(several) < len(numeric) else ""
    return "".join(f"; {text}" for text in (own, scaled) if text)


def _select(values: Columns, features: tuple[str, ...], columns: tuple[str, ...]) -> Columns:
    """Some of the columns: a view where they lie side by side."""
    places = [features.index(name) for name in columns]
    if places == list(range(places[0], places[0] + len(places))):
        return values[:, places[0] : places[0] + len(places)]
    return values[:, places]
