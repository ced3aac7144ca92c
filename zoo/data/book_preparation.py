"""An order book to training, validation and test parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.book_pipeline import BookPipeline, class_levels, horizon_of, label_rows, raw_labels
from zoo.data.features import feature_columns
from zoo.data.labels import fit_threshold
from zoo.data.orderbook.book import Book
from zoo.data.part import Part
from zoo.data.pipeline import Outputs
from zoo.data.prepared import Prepared
from zoo.data.recipe import BookRecipe, Label, read_recipe
from zoo.data.scaling import apply_scaler, fit_scaler
from zoo.data.shapes import InputShapes, fit_input_shapes
from zoo.data.sources import load_book
from zoo.data.splitting import NAMES, assign_rows, check_parts, label_stays_inside, select_windows
from zoo.data.windowing import window_ends
from zoo.errors import DataError


def prepare_book(
    raw: Mapping[str, Any],
    source: Any,
    *,
    input_shapes: InputShapes,
    outputs: Outputs,
    output_shapes: InputShapes,
) -> Prepared:
    """Parts of an order book; see ``zoo.data.prepare``."""
    recipe = read_recipe(raw)
    book = load_book(source, raw)
    label = recipe.label
    levels = class_levels(label)
    _check_outputs(outputs, levels)
    horizons = horizon_of(label, outputs)
    horizon = max(horizons.values())
    # The shapes are compared before any work is done on a long book.
    names = [name for name, _ in feature_columns(book, recipe.features)]
    fit_input_shapes(input_shapes, recipe.length, names)
    rebuilt = _rebuilt(label, output_shapes, recipe.length, names)
    _check_rows(book, recipe, horizon)
    parts = assign_rows(book, recipe.split)
    thresholds = _thresholds(book, recipe, outputs, horizons, parts)
    values, scaler = _scaled_features(book, recipe, parts == 0)
    pipeline = BookPipeline(
        recipe=dict(raw),
        input_shapes={name: tuple(shape) for name, shape in input_shapes.items()},
        outputs=dict(outputs),
        levels=levels,
        feature_names=names,
        scaler=scaler,
        thresholds=thresholds,
        output_shapes=rebuilt,
    )
    y = label_rows(book, label, outputs, thresholds)
    ends = window_ends(len(book), recipe.length, recipe.stride, book.groups)
    for column in y.values():
        ends = ends[np.isfinite(column[ends])]
    # A label that is the window itself reads every row of it: none may lie in another part.
    split = replace(recipe.split, purge="strict") if rebuilt else recipe.split
    chosen = select_windows(ends, parts, book.groups, split, length=recipe.length, horizon=horizon)
    check_parts(chosen, recipe.split, len(book), book.unit)
    made = {name: pipeline.assemble(book, recipe, values, ends[index], y) for name, index in chosen.items()}
    return Prepared(
        pipeline=pipeline,
        train=made["train"],
        val=made["val"],
        test=made["test"],
        about=_about(book, recipe, names, made),
        simulated=book.simulated,
        fingerprint=book.fingerprint(),
    )


def _thresholds(
    book: Book, recipe: BookRecipe, outputs: Outputs, horizons: Mapping[str, int], parts: NDArray[np.int8]
) -> dict[str, float]:
    found: dict[str, float] = {}
    if recipe.label.kind == "reconstruct":
        return found
    training = parts == 0
    for name, horizon in horizons.items():
        inside = training & label_stays_inside(parts, book.groups, horizon)
        values = raw_labels(book, recipe.label, horizon)[inside]
        found[name] = fit_threshold(
            values, recipe.label.threshold, spread=book.spread[training], mid=book.mid[training]
        )
    return found


def _scaled_features(
    book: Book, recipe: BookRecipe, training: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], list[tuple[float, float]]]:
    columns = feature_columns(book, recipe.features)
    values = np.empty((len(book), len(columns)), np.float32)
    scaler = []
    for number, (_, make) in enumerate(columns):
        column = make()
        shift, factor = fit_scaler(column[training], recipe.scale)
        values[:, number] = apply_scaler(column, shift, factor)
        scaler.append((shift, factor))
    return values, scaler


def _check_outputs(outputs: Outputs, levels: list[str]) -> None:
    if not outputs:
        raise DataError(
            "the spec has no outputs to label", help="declare one under `outputs`", code="data.outputs"
        )
    for name, classes in outputs.items():
        if not levels and classes is not None:
            raise DataError(
                f"output `{name}` is to rebuild the window, and its loss asks for classes",
                help="give it a loss of numbers, such as mse",
                code="data.outputs",
            )
        binary = len(levels) == 2 and classes == 1
        if classes is not None and classes != len(levels) and not binary:
            raise DataError(
                f"output `{name}` has {classes} classes, the labels have {len(levels)}: {', '.join(levels)}",
                help=f"give the output {len(levels)} units"
                + ("" if len(levels) == 2 else ", or set `data.label.drop_stationary: true` for two classes"),
                code="data.outputs",
            )


def _rebuilt(
    label: Label, shapes: InputShapes, length: int, names: Sequence[str]
) -> dict[str, tuple[int | None, ...]]:
    """Output name → shape, where outputs give the window back; they hold as many numbers as it."""
    if label.kind != "reconstruct":
        return {}
    fit_input_shapes(shapes, length, names, "output")
    return {name: tuple(shape) for name, shape in shapes.items()}


def _check_rows(book: Book, recipe: BookRecipe, horizon: int) -> None:
    needed = recipe.length + horizon
    longest = int(np.bincount(book.groups).max()) if len(book) else 0
    if longest < needed:
        raise DataError(
            f"{book.name} is too short: a window of {recipe.length} and a horizon of {horizon} need {needed} "
            f"snapshots of one session, the longest has {longest:,}",
            help="give more data, a shorter `data.window.length` or a shorter `data.label.horizon`",
            code="data.short",
        )


def _about(book: Book, recipe: BookRecipe, names: list[str], made: Mapping[str, Part]) -> str:
    dropped = sum(count for name, count in book.counts.items() if name.startswith("dropped"))
    sizes = ", ".join(f"{NAMES[name]} {len(part):,}" for name, part in made.items())
    lost = f", {dropped:,} rows dropped" if dropped else ""
    return (
        f"{book.name}: {len(book):,} snapshots × {len(names)} features{lost}; "
        f"windows of {recipe.length}: {sizes}"
    )
