"""A table to training, validation and test parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.part import Part
from zoo.data.prepared import Prepared
from zoo.data.shapes import InputShapes, fit_input_shapes
from zoo.data.splitting import NAMES, check_parts, select_windows
from zoo.data.tables.encoding import fit_levels
from zoo.data.tables.fitting import fit_scalers, fit_states
from zoo.data.tables.pipeline import TablePipeline
from zoo.data.tables.recipe import Outputs, TableRecipe, read_recipe
from zoo.data.tables.sources import load_table
from zoo.data.tables.splitting import assign_rows
from zoo.data.tables.table import Table


def prepare_table(
    raw: Mapping[str, Any],
    source: Any,
    *,
    input_shapes: InputShapes,
    outputs: Outputs,
    output_shapes: InputShapes,
) -> Prepared:
    """Parts of a table; see ``zoo.data.prepare``."""
    recipe = read_recipe(raw, input_shapes, outputs, output_shapes)
    for name, item in recipe.inputs.items():
        fit_input_shapes({name: input_shapes[name]}, item.reach.length, item.columns)
    table = load_table(source, raw, recipe, labels=True)
    return prepare_loaded(raw, recipe, table, input_shapes, outputs, output_shapes)


def prepare_loaded(
    raw: Mapping[str, Any],
    recipe: TableRecipe,
    table: Table,
    input_shapes: InputShapes,
    outputs: Outputs,
    output_shapes: InputShapes,
) -> Prepared:
    """Parts of a table that is read already."""
    parts = assign_rows(table, recipe.split)
    states, past_sessions = fit_states(table, recipe, parts == 0)
    pipeline = TablePipeline(
        recipe=dict(raw),
        input_shapes={name: tuple(shape) for name, shape in input_shapes.items()},
        outputs=dict(outputs),
        output_shapes={name: tuple(output_shapes[name]) for name in outputs},
        scaler=fit_scalers(table, recipe, parts == 0),
        levels=_levels(table, recipe, outputs, parts == 0),
        states=states,
        past_sessions=past_sessions,
    )
    ends = pipeline.ends_of(table, recipe, labels=True)
    chosen = select_windows(ends, parts, table.series, recipe.split, length=recipe.past, horizon=recipe.ahead)
    check_parts(chosen, recipe.split, len(table), table.unit)
    values = pipeline.scaled(table, recipe)
    made = {
        name: pipeline.assemble(table, recipe, values, ends[index], labels=True)
        for name, index in chosen.items()
    }
    return Prepared(
        pipeline=pipeline,
        train=made["train"],
        val=made["val"],
        test=made["test"],
        about=_about(table, recipe, made),
        simulated=table.simulated,
        toy=table.toy,
        fingerprint=table.fingerprint(),
    )


def _levels(
    table: Table, recipe: TableRecipe, outputs: Outputs, training: NDArray[np.bool_]
) -> dict[str, list[str]]:
    found = {}
    for name, target in recipe.targets.items():
        classes = outputs[name]
        if target.categorical and classes is not None:
            column = target.columns[0]
            rows = table.names[column][training]
            found[name] = list(target.levels) or fit_levels(rows, column, name, classes)
    return found


def _about(table: Table, recipe: TableRecipe, made: Mapping[str, Part]) -> str:
    dropped = sum(count for name, count in table.counts.items() if name.startswith("dropped"))
    lost = f", {dropped:,} rows dropped" if dropped else ""
    filled = table.counts.get("filled", 0)
    lost += (
        f", {filled:,} cell{'' if filled == 1 else 's'} filled with the last known value" if filled else ""
    )
    groups = f" in {table.groups:,} groups" if table.groups > 1 else ""
    lengths = dict.fromkeys(str(item.reach.length) for item in recipe.inputs.values())
    sizes = ", ".join(f"{NAMES[name]} {len(part):,}" for name, part in made.items())
    return (
        f"{table.name}: {len(table):,} rows × {len(recipe.features)} columns{groups}{lost}; "
        f"windows of {' and '.join(lengths)}: {sizes}"
    )
