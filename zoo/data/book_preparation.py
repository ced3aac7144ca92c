"""An order book to training, validation and test parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import Made, by_blocks, collect, spans
from zoo.data.book_labels import Pair, class_levels, horizon_of, label_rows, labelled, raw_labels
from zoo.data.book_pipeline import BookPipeline, known_ends
from zoo.data.book_scaling import fit_features, sessions_of
from zoo.data.features import feature_columns
from zoo.data.label_recipe import Label
from zoo.data.labels import fit_threshold
from zoo.data.orderbook.book import Book
from zoo.data.part import Part
from zoo.data.pipeline import Outputs
from zoo.data.prepared import Prepared
from zoo.data.recipe import BookRecipe, read_recipe
from zoo.data.row_scaling import remembered, row_scaling
from zoo.data.scale_recipe import ROLLING
from zoo.data.scaling import fit_scaler
from zoo.data.shapes import InputShapes, fit_input_shapes, show
from zoo.data.sources import load_book
from zoo.data.splitting import NAMES, assign_rows, check_parts, label_stays_inside, select_windows
from zoo.errors import DataError

FloatArray = NDArray[np.float64]


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
    book = load_book(source, raw, labels=True)
    label = recipe.label
    levels = class_levels(label)
    _check_outputs(outputs, levels)
    _check_steps(recipe, outputs, output_shapes)
    horizons = horizon_of(label, outputs)
    horizon = max(horizons.values())
    # The shapes are compared before any work is done on a long book.
    columns = feature_columns(book, recipe.features)
    names = [name for name, _ in columns]
    fit_input_shapes(input_shapes, recipe.length, names, reshape=recipe.reshape)
    rebuilt = _rebuilt(label, output_shapes, recipe.length, names)
    _check_rows(book, recipe, horizon)
    parts = assign_rows(book, recipe.split)
    thresholds, target_scalers = _fit_labels(book, recipe, outputs, horizons, parts)
    sessions = sessions_of(book)
    scaling = row_scaling(recipe.scale, sessions, folder=book.folder)
    values, scaler = fit_features(book, columns, scaling, parts == 0)
    pipeline = BookPipeline(
        recipe=dict(raw),
        input_shapes={name: tuple(shape) for name, shape in input_shapes.items()},
        outputs=dict(outputs),
        levels=levels,
        feature_names=names,
        scaler=scaler,
        past_sessions=remembered(recipe.scale, sessions),
        thresholds=thresholds,
        target_scalers=target_scalers,
        output_shapes=rebuilt,
    )
    y = label_rows(book, label, outputs, thresholds, target_scalers)
    ends = labelled(known_ends(book, recipe, scaling), y, recipe.steps, book.folder)
    # A label that is the window itself, or one of each of its steps, reads every row of it: none may lie in
    # another part.
    split = replace(recipe.split, purge="strict") if rebuilt or recipe.steps else recipe.split
    chosen = select_windows(
        ends, parts, book.groups, split, length=recipe.length, horizon=horizon, folder=book.folder
    )
    check_parts(chosen, recipe.split, len(book), book.unit)
    made = {}
    for name, index in chosen.items():
        own = by_blocks(lambda some: ends[some], index, dtype=np.int64, folder=book.folder)
        made[name] = pipeline.assemble(book, recipe, values, own, y)
    return Prepared(
        pipeline=pipeline,
        train=made["train"],
        val=made["val"],
        test=made["test"],
        about=_about(book, recipe, names, made),
        simulated=book.simulated,
        fingerprint=book.fingerprint(),
    )


def _fit_labels(
    book: Book, recipe: BookRecipe, outputs: Outputs, horizons: Mapping[str, int], parts: NDArray[np.int8]
) -> tuple[dict[str, float], dict[str, Pair]]:
    """Thresholds of outputs of classes, scalers of outputs of numbers.

    Both are of the training rows whose label ends inside the training part.
    """
    thresholds: dict[str, float] = {}
    scalers: dict[str, Pair] = {}
    if recipe.label.kind == "reconstruct":
        return thresholds, scalers
    training = parts == 0
    for name, horizon in horizons.items():
        stays = label_stays_inside(parts, book.groups, horizon, book.folder)
        raw = raw_labels(book, recipe.label, outputs, name)
        inside = by_blocks(_known, training, stays, raw, dtype=bool, folder=book.folder)
        values = _rows_of(raw, inside, book.folder)
        if outputs[name] is not None and recipe.label.columns:
            continue  # classes already
        spread = training if recipe.label.threshold == "spread" else np.zeros(len(book), bool)
        fitted = fit_threshold(
            values,
            recipe.label.threshold,
            spread=_rows_of(Made(len(book), book.spread_of), spread, book.folder),
            mid=_rows_of(book.mid, spread, book.folder),
        )
        if outputs[name] is None:
            # One horizon's changes are alike in every session and symbol: they have one scaler.
            method = "zscore" if recipe.scale.method == ROLLING else recipe.scale.method
            scale = replace(recipe.scale, method=method)
            scalers[name] = fit_scaler(values, scale)
        else:
            thresholds[name] = fitted
    return thresholds, scalers


def _known(training: NDArray[np.bool_], stays: NDArray[np.bool_], raw: FloatArray) -> NDArray[np.bool_]:
    return training & stays & np.isfinite(raw)


def _rows_of(column: FloatArray | Made, chosen: NDArray[np.bool_], folder: Path | None) -> FloatArray:
    """The numbers of the rows of a mask."""
    return collect((column[rows][chosen[rows]] for rows in spans(len(chosen))), np.float64, folder)


def _check_steps(recipe: BookRecipe, outputs: Outputs, shapes: InputShapes) -> None:
    """With labels for each step, every output has the window's time axis first."""
    for name, classes in outputs.items() if recipe.steps else ():
        lead = tuple(shapes[name]) if classes is None else tuple(shapes[name])[:-1]
        if lead not in ((recipe.steps,), (None,), (recipe.steps, 1), (None, 1)):
            wanted = show((recipe.steps, classes or 1))
            raise DataError(
                f"output `{name}` has shape {show(tuple(shapes[name]))}, and `data.label.per_step` gives "
                f"a label to each of the window's {recipe.steps} steps",
                help=f"give the output the shape {wanted}, as with `return_sequences: true`, or leave out "
                "`per_step`",
                code="data.shape",
            )


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
    longest = max((stop - start for start, stop in book.runs), default=0)
    if longest < needed:
        raise DataError(
            f"{book.name} is too short: a window of {recipe.length} and a horizon of {horizon} need {needed} "
            f"snapshots of one session, the longest has {longest:,}",
            help="give more data, a shorter `data.window.length` or a shorter `data.label.horizon`",
            code="data.short",
        )


def _about(book: Book, recipe: BookRecipe, names: list[str], made: Mapping[str, Part]) -> str:
    dropped = [
        f"{count:,} {name.removeprefix('dropped_').replace('_', ' ')}"
        for name, count in book.counts.items()
        if name.startswith("dropped_")
    ]
    sizes = ", ".join(f"{NAMES[name]} {len(part):,}" for name, part in made.items())
    lost = f", dropped: {', '.join(dropped)}" if dropped else ""
    return (
        f"{book.name}: {len(book):,} snapshots × {len(names)} features{lost}; "
        f"windows of {recipe.length}: {sizes}"
    )
