"""From a recipe and a source to training, validation and test parts, with nothing of the future in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.arrays import is_arrays, prepare_arrays
from zoo.data.features import feature_columns
from zoo.data.labels import fit_threshold
from zoo.data.orderbook.book import Book
from zoo.data.part import Part
from zoo.data.pipeline import Pipeline, class_levels, horizon_of, label_rows, raw_labels
from zoo.data.prepared import Prepared
from zoo.data.recipe import BookRecipe, read_recipe
from zoo.data.scaling import apply_scaler, fit_scaler
from zoo.data.shapes import fit_input_shapes
from zoo.data.sources import load_book
from zoo.data.splitting import assign_rows, label_stays_inside, select_windows
from zoo.data.windowing import window_ends
from zoo.errors import DataError

InputShapes = Mapping[str, Sequence[int | None]]
Outputs = Mapping[str, int | None]


def prepare(
    recipe: Mapping[str, Any], source: Any = None, *, input_shapes: InputShapes, outputs: Outputs
) -> Prepared:
    """Training, validation and test parts of a source, made as the ``data`` section says.

    Features are causal; rows are split by time; scaler and threshold are fitted on the rows of the training
    part alone; a window's label never reads a row of another part, and no window crosses a session or symbol.

    Args:
        recipe: the spec's ``data`` section; empty when arrays are given.
        source: None (the recipe's source, else the simulator), path, Book, DataFrame, ``(x, y)`` or
            ``{"x": …, "y": …}`` with arrays or maps of arrays by input and output name.
        input_shapes: input name → shape without the batch axis.
        outputs: output name → number of classes, or None for a number.

    Returns:
        Prepared; ``.train.x[name][[0, 5, 7]]`` gathers those three windows and no others.

    Raises:
        DataError: when recipe, source, inputs and outputs do not fit together; it says which and why.

    Example:
        >>> from zoo import data
        >>> recipe = {"kind": "orderbook", "window": {"length": 20}, "label": {"horizon": 5},
        ...           "features": {"levels": 1}, "source": {"simulate": {"snapshots": 400}}}
        >>> ready = data.prepare(recipe, input_shapes={"book": (20, 4)}, outputs={"direction": 3})
        >>> ready.train.x["book"][[0, 1]].shape, ready.pipeline.levels
        ((2, 20, 4), ['down', 'stationary', 'up'])
    """
    if is_arrays(source):
        return prepare_arrays(recipe, source, input_shapes=input_shapes, outputs=outputs)
    _check_kind(recipe)
    checked = read_recipe(recipe)
    book = load_book(source, recipe)
    return _prepare_book(dict(recipe), checked, book, input_shapes, outputs)


def _prepare_book(
    raw: dict[str, Any], recipe: BookRecipe, book: Book, input_shapes: InputShapes, outputs: Outputs
) -> Prepared:
    label = recipe.label
    levels = class_levels(label)
    _check_outputs(outputs, levels)
    horizons = horizon_of(label, outputs)
    horizon = max(horizons.values())
    # The shapes are compared before any work is done on a long book.
    names = [name for name, _ in feature_columns(book, recipe.features)]
    fit_input_shapes(input_shapes, recipe.length, names)
    _check_rows(book, recipe, horizon)
    parts = assign_rows(book, recipe.split)
    thresholds = _thresholds(book, recipe, outputs, horizons, parts)
    values, scaler = _scaled_features(book, recipe, parts == 0)
    pipeline = Pipeline(
        kind="orderbook",
        recipe=raw,
        input_shapes={name: tuple(shape) for name, shape in input_shapes.items()},
        outputs=dict(outputs),
        levels=levels,
        feature_names=names,
        scaler=scaler,
        thresholds=thresholds,
    )
    y = label_rows(book, label, outputs, thresholds)
    ends = window_ends(len(book), recipe.length, recipe.stride, book.groups)
    for column in y.values():
        ends = ends[np.isfinite(column[ends])]
    chosen = select_windows(ends, parts, book.groups, recipe.split, length=recipe.length, horizon=horizon)
    _check_parts(chosen, recipe, book)
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


def _check_kind(recipe: Mapping[str, Any]) -> None:
    if not recipe:
        raise DataError(
            "this spec has no `data` section, so it says nothing of features, windows and labels",
            help="give arrays, (x, y), or add a `data` section to the spec",
            code="data.recipe",
        )
    kind = recipe.get("kind", "orderbook")
    if kind != "orderbook":
        raise DataError(
            f"`data.kind` is {kind!r}; this version prepares `orderbook`",
            help="write `kind: orderbook`, or give arrays, (x, y), which fit any spec",
            code="data.kind",
        )


def _check_outputs(outputs: Outputs, levels: list[str]) -> None:
    if not outputs:
        raise DataError(
            "the spec has no outputs to label", help="declare one under `outputs`", code="data.outputs"
        )
    for name, classes in outputs.items():
        binary = len(levels) == 2 and classes == 1
        if classes is not None and classes != len(levels) and not binary:
            raise DataError(
                f"output `{name}` has {classes} classes, the labels have {len(levels)}: {', '.join(levels)}",
                help=f"give the output {len(levels)} units"
                + ("" if len(levels) == 2 else ", or set `data.label.drop_stationary: true` for two classes"),
                code="data.outputs",
            )


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


def _check_parts(chosen: Mapping[str, NDArray[np.int64]], recipe: BookRecipe, book: Book) -> None:
    split = recipe.split
    for name, share in (("train", split.train), ("val", split.val), ("test", split.test)):
        if share > 0 and len(chosen[name]) == 0:
            raise DataError(
                f"the {NAMES[name]} part holds no window: {share:.0%} of {len(book):,} snapshots, "
                "less the rows purged before the next part",
                help=f"give more data, a larger `data.split.{name}`, or a shorter horizon",
                code="data.short",
            )


NAMES = {"train": "training", "val": "validation", "test": "test"}


def _about(book: Book, recipe: BookRecipe, names: list[str], made: Mapping[str, Part]) -> str:
    dropped = sum(count for name, count in book.counts.items() if name.startswith("dropped"))
    sizes = ", ".join(f"{NAMES[name]} {len(part):,}" for name, part in made.items())
    lost = f", {dropped:,} rows dropped" if dropped else ""
    return (
        f"{book.name}: {len(book):,} snapshots × {len(names)} features{lost}; "
        f"windows of {recipe.length}: {sizes}"
    )
