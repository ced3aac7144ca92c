"""The labels of a book's rows, by the outputs of a model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zoo.data.label_recipe import Label
from zoo.data.labels import LEVELS, classify, label_values, mid_stays_values, persistence_values
from zoo.data.orderbook.book import Book
from zoo.data.pipeline import Outputs
from zoo.data.scaling import apply_scaler
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
Pair = tuple[float, float]


def horizon_of(label: Label, outputs: Outputs) -> dict[str, int]:
    """The horizon of each output: the one horizon for all, or one each in order."""
    if len(label.horizons) == 1:
        return dict.fromkeys(outputs, label.horizons[0])
    if len(label.horizons) != len(outputs):
        listed = ", ".join(f"`{name}`" for name in outputs)
        raise DataError(
            f"`data.label.horizon` lists {len(label.horizons)} horizons, "
            f"the spec has {len(outputs)} outputs ({listed})",
            help="give one horizon for all outputs, or one each in their order",
            code="data.label",
        )
    return dict(zip(outputs, label.horizons, strict=True))


def raw_labels(book: Book, label: Label, horizon: int) -> FloatArray:
    """(snapshot,) l of the recipe's kind for one horizon."""
    return label_values(book.mid, horizon, kind=label.kind, smooth=label.smooth, groups=book.groups)


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
    for name, horizon in horizon_of(label, outputs).items():
        values = raw_labels(book, label, horizon)
        if outputs[name] is None:
            found[name] = apply_scaler(values, *scalers.get(name, (0.0, 1.0)))
        else:
            found[name] = _classes(values, label, thresholds[name])
    return found


def persistence_rows(
    book: Book,
    label: Label,
    outputs: Outputs,
    thresholds: Mapping[str, float],
    scalers: Mapping[str, Pair],
) -> dict[str, NDArray[np.int64] | FloatArray | None]:
    """Output name → (snapshot,) what a rule without a model predicts.

    Of a class: it goes on as in the last k mids. Of a number, scaled: the mid stays where it is. None where
    the label is the window itself.
    """
    found: dict[str, NDArray[np.int64] | FloatArray | None] = {}
    for name, horizon in horizon_of(label, outputs).items():
        length = label.smooth or horizon
        if label.kind == "reconstruct":
            found[name] = None
        elif outputs[name] is None:
            values = mid_stays_values(book.mid, length, kind=label.kind, groups=book.groups)
            found[name] = apply_scaler(values, *scalers.get(name, (0.0, 1.0)))
        else:
            values = persistence_values(book.mid, length, book.groups)
            found[name] = (
                (values > 0).astype(np.int64) if label.drop_stationary else classify(values, thresholds[name])
            )
    return found


def class_levels(label: Label) -> list[str]:
    """Class names in the order of their numbers; none where the label is the window itself."""
    if label.kind == "reconstruct":
        return []
    return [LEVELS[0], LEVELS[2]] if label.drop_stationary else list(LEVELS)


def labelled(ends: NDArray[np.int64], rows: Mapping[str, FloatArray], steps: int | None) -> NDArray[np.int64]:
    """Those windows of which every output has a label: at the end, or at each of the last ``steps`` rows."""
    for column in rows.values():
        missing = np.concatenate(([0], np.cumsum(~np.isfinite(column))))
        ends = ends[missing[ends + 1] == missing[ends + 1 - (steps or 1)]]
    return ends


def _classes(values: FloatArray, label: Label, threshold: float) -> FloatArray:
    classes = classify(values, threshold).astype(np.float64)
    classes[np.isnan(values)] = np.nan
    if label.drop_stationary:
        classes[classes == 1] = np.nan
        classes /= 2.0
    return classes
