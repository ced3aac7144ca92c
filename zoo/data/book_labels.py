"""The labels of a book's rows, by the outputs of a model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import by_blocks, collect, spans
from zoo.data.label_columns import column_labels, known_labels
from zoo.data.label_recipe import Label
from zoo.data.labels import LEVELS, classify, label_values, mid_stays_values, persistence_values
from zoo.data.orderbook.book import Book
from zoo.data.pipeline import Outputs
from zoo.data.scaling import apply_scaler
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
Pair = tuple[float, float]
T = TypeVar("T")


def horizon_of(label: Label, outputs: Outputs) -> dict[str, int]:
    """The horizon of each output: the one horizon for all, or one each in order."""
    return _of_each(label.horizons, outputs)


def raw_labels(book: Book, label: Label, outputs: Outputs, output: str) -> FloatArray:
    """(snapshot,) l of an output by the recipe's kind, or what its column says; NaN where there is none."""
    horizon = horizon_of(label, outputs)[output]
    if label.kind == "column":
        return column_labels(book, _of_each(label.columns, outputs)[output], horizon, outputs[output])
    return label_values(
        book.mid, horizon, kind=label.kind, smooth=label.smooth, groups=book.groups, folder=book.folder
    )


def label_rows(
    book: Book,
    label: Label,
    outputs: Outputs,
    thresholds: Mapping[str, float],
    scalers: Mapping[str, Pair],
) -> dict[str, FloatArray]:
    """Output name → (snapshot,) class, or scaled l where the output has no classes; NaN where there is none.

    Empty where the label is the window itself.
    """
    found: dict[str, FloatArray] = {}
    if label.kind == "reconstruct":
        return found
    for name, classes in outputs.items():
        values = raw_labels(book, label, outputs, name)
        if classes is None:
            make = partial(_scaled, pair=scalers.get(name, (0.0, 1.0)))
        else:
            make = partial(_said, label=label, threshold=None if label.columns else thresholds[name])
        found[name] = by_blocks(make, values, dtype=np.float64, folder=book.folder)
    return found


def persistence_rows(
    book: Book,
    label: Label,
    outputs: Outputs,
    thresholds: Mapping[str, float],
    scalers: Mapping[str, Pair],
) -> dict[str, NDArray[np.int64] | FloatArray | None]:
    """Output name → (snapshot,) what a rule without a model predicts.

    Of a class: it goes on as in the last k mids. Of a number, scaled: the mid stays where it is. Of a column:
    what it said of the last row whose label is known by now. None where the label is the window itself.
    """
    found: dict[str, NDArray[np.int64] | FloatArray | None] = {}
    for name, horizon in horizon_of(label, outputs).items():
        length, classes = label.smooth or horizon, outputs[name]
        pair = scalers.get(name, (0.0, 1.0))
        if label.kind == "reconstruct" or (label.columns and name not in book_columns(book, label, outputs)):
            found[name] = None
        elif label.columns:
            values = raw_labels(book, label, outputs, name)
            known = known_labels(values, horizon, book.groups, 1.0 if classes else pair[0], book.folder)
            make = partial(_sided, label=label) if classes else partial(_scaled, pair=pair)
            found[name] = by_blocks(make, known, dtype=_kind(classes), folder=book.folder)
        elif classes is None:
            values = mid_stays_values(
                book.mid, length, kind=label.kind, groups=book.groups, folder=book.folder
            )
            found[name] = by_blocks(partial(_scaled, pair=pair), values, dtype=np.float64, folder=book.folder)
        else:
            values = persistence_values(book.mid, length, book.groups, book.folder)
            make = partial(_goes_on, label=label, threshold=thresholds[name])
            found[name] = by_blocks(make, values, dtype=np.int64, folder=book.folder)
    return found


def book_columns(book: Book, label: Label, outputs: Outputs) -> set[str]:
    """The outputs whose column of labels the book has; new data has none."""
    return {name for name, column in _of_each(label.columns, outputs).items() if column in book.columns}


def class_levels(label: Label) -> list[str]:
    """Class names in the order of their numbers; none where the label is the window itself."""
    if label.kind == "reconstruct":
        return []
    return [LEVELS[0], LEVELS[2]] if label.drop_stationary else list(LEVELS)


def labelled(
    ends: NDArray[np.int64],
    rows: Mapping[str, FloatArray],
    steps: int | None,
    folder: Path | None = None,
) -> NDArray[np.int64]:
    """Those windows of which every output has a label: at the end, or at each of the last ``steps`` rows."""

    def kept(some: NDArray[np.int64]) -> NDArray[np.int64]:
        for column in rows.values():
            if len(some):
                first = some[0] + 1 - (steps or 1)
                unknown = np.cumsum(~np.isfinite(column[first : some[-1] + 1]))
                missing = np.concatenate(([0], unknown))
                some = some[missing[some - first + 1] == missing[some - first + 1 - (steps or 1)]]
        return some

    return collect((kept(ends[some]) for some in spans(len(ends))), np.int64, folder)


def _kind(classes: int | None) -> type:
    return np.float64 if classes is None else np.int64


def _scaled(values: FloatArray, pair: Pair) -> FloatArray:
    return apply_scaler(values, *pair)


def _said(values: FloatArray, label: Label, threshold: float | None) -> FloatArray:
    """Classes of l, or as a column has them; NaN where there is none, or where it is left out."""
    classes = values if threshold is None else np.where(np.isnan(values), np.nan, classify(values, threshold))
    return np.where(classes == 1, np.nan, classes / 2.0) if label.drop_stationary else classes


def _goes_on(values: FloatArray, label: Label, threshold: float) -> NDArray[np.int64]:
    return (values > 0).astype(np.int64) if label.drop_stationary else classify(values, threshold)


def _sided(classes: FloatArray, label: Label) -> NDArray[np.int64]:
    return (classes > 1 if label.drop_stationary else classes).astype(np.int64)


def _of_each(said: tuple[T, ...], outputs: Outputs) -> dict[str, T]:
    """One for all outputs, or one each in order."""
    if len(said) == 1:
        return dict.fromkeys(outputs, said[0])
    if len(said) != len(outputs):
        listed = ", ".join(f"`{name}`" for name in outputs)
        raise DataError(
            f"`data.label.horizon` lists {len(said)} horizons, "
            f"the spec has {len(outputs)} outputs ({listed})",
            help="give one horizon for all outputs, or one each in their order",
            code="data.label",
        )
    return dict(zip(outputs, said, strict=True))
