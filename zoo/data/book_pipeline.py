"""An order book's pipeline: features, scaler and thresholds fitted on the training part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from zoo.data.features import feature_columns
from zoo.data.labels import LEVELS, classify, label_values, persistence_values
from zoo.data.orderbook.book import Book
from zoo.data.part import Part, WindowInput
from zoo.data.pipeline import Outputs, Pipeline, read_scaler
from zoo.data.recipe import BookRecipe, Label, read_recipe
from zoo.data.scaling import apply_scaler
from zoo.data.shapes import fit_input_shapes
from zoo.data.sources import load_book
from zoo.data.windowing import Windows, window_ends
from zoo.errors import DataError


@dataclass(frozen=True, eq=True)
class BookPipeline(Pipeline):
    """What was fitted on the training part of an order book.

    Args:
        levels: class names in the order of their numbers, the same for every output.
        feature_names: columns of a window.
        scaler: (shift, factor) of each feature.
        thresholds: output name → α between stationary and moving, a relative change of the mid.
        output_shapes: output name → shape of its targets, where they are the windows themselves.
    """

    kind: ClassVar[str] = "orderbook"
    reads_files: ClassVar[bool] = True

    levels: list[str] = field(default_factory=list)
    feature_names: list[str] = field(default_factory=list)
    scaler: list[tuple[float, float]] = field(default_factory=list)
    thresholds: dict[str, float] = field(default_factory=dict)
    output_shapes: dict[str, tuple[int | None, ...]] = field(default_factory=dict)

    def load(self, source: Any, *, labels: bool = False) -> Book:
        """The book of a source, cleaned and sampled as the recipe says."""
        return load_book(source, self.recipe)

    def part_of(self, book: Book, *, labels: bool) -> Part:
        """All windows of a book as one part."""
        recipe = read_recipe(self.recipe)
        values = self.scaled(book, recipe)
        ends = window_ends(len(book), recipe.length, recipe.stride, book.groups)
        y = label_rows(book, recipe.label, self.outputs, self.thresholds) if labels else {}
        keep = np.ones(len(ends), bool)
        for column in y.values():
            keep &= np.isfinite(column[ends])
        if not keep.any():
            raise DataError(
                f"{book.name} has no window with a label: its sessions end before the label's horizon, "
                "or every label is stationary and dropped",
                help="give longer sessions, or predict without labels",
                code="data.label",
            )
        return self.assemble(book, recipe, values, ends[keep], y)

    def scaled(self, book: Book, recipe: BookRecipe) -> NDArray[np.float32]:
        """(snapshot, feature) float32, scaled with what was fitted."""
        columns = feature_columns(book, recipe.features)
        values = np.empty((len(book), len(columns)), np.float32)
        for number, ((_, make), (shift, factor)) in enumerate(zip(columns, self.scaler, strict=True)):
            values[:, number] = apply_scaler(make(), shift, factor)
        return values

    def assemble(
        self,
        book: Book,
        recipe: BookRecipe,
        values: NDArray[np.float32],
        ends: NDArray[np.int64],
        y: Mapping[str, NDArray[np.float64]],
    ) -> Part:
        """A part of the windows that end at ``ends``, with the labels of those rows."""
        shapes = fit_input_shapes(self.input_shapes, recipe.length, self.feature_names)
        windows = Windows(values, recipe.length, ends)
        persistences = persistence_rows(book, recipe.label, self.outputs, self.thresholds, ends)
        targets: dict[str, Any] = {
            name: _target(column[ends], self.outputs[name]) for name, column in y.items()
        }
        rebuilt = fit_input_shapes(self.output_shapes, recipe.length, self.feature_names, "output")
        targets |= {name: WindowInput(windows, shape) for name, shape in rebuilt.items()}
        return Part(
            x={name: WindowInput(windows, shape) for name, shape in shapes.items()},
            y=targets,
            rows=ends,
            values=values,
            persistence=next(iter(persistences.values()), None),
            persistences=persistences,
            hidden_rows=book.hidden,
            time_rows=book.time if book.timed else None,
            run_rows=book.groups,
            stride=recipe.stride,
        )

    def class_names(self, output: str) -> list[str]:
        """Down, stationary and up, as the recipe has them; the same for every output."""
        return list(self.levels)

    def about_labels(self) -> str:
        """Kind, horizon and threshold of the label."""
        label = self.recipe.get("label")
        if not isinstance(label, Mapping):
            return ""
        if label.get("kind") == "reconstruct":
            return "label: reconstruct, the scaled window itself"
        horizon = label.get("horizon")
        horizons = ", ".join(map(str, horizon)) if isinstance(horizon, list | tuple) else horizon
        said = f"label: {label.get('kind', 'forward')}, horizon {horizons} snapshots"
        return f"{said}, threshold {label.get('threshold', 'half_mean_abs')}"

    def fitted(self) -> dict[str, Any]:
        """What was fitted, as plain values."""
        return {
            "levels": list(self.levels),
            "feature_names": list(self.feature_names),
            "scaler": [list(pair) for pair in self.scaler],
            "thresholds": dict(self.thresholds),
            "output_shapes": {name: list(shape) for name, shape in self.output_shapes.items()},
            "window": dict(self.recipe.get("window") or {}),
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """The pipeline of ``fitted`` and what all kinds have."""
        return cls(
            **common,
            levels=list(state["levels"]),
            feature_names=list(state["feature_names"]),
            scaler=read_scaler(state["scaler"]),
            thresholds={name: float(value) for name, value in state["thresholds"].items()},
            output_shapes={name: tuple(shape) for name, shape in state["output_shapes"].items()},
        )


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


def raw_labels(book: Book, label: Label, horizon: int) -> NDArray[np.float64]:
    """(snapshot,) l of the recipe's kind for one horizon."""
    return label_values(book.mid, horizon, kind=label.kind, smooth=label.smooth, groups=book.groups)


def label_rows(
    book: Book, label: Label, outputs: Outputs, thresholds: Mapping[str, float]
) -> dict[str, NDArray[np.float64]]:
    """Output name → (snapshot,) class, or l where the output has no classes; NaN where there is no label.

    Empty where the label is the window itself.
    """
    found: dict[str, NDArray[np.float64]] = {}
    if label.kind == "reconstruct":
        return found
    for name, horizon in horizon_of(label, outputs).items():
        values = raw_labels(book, label, horizon)
        found[name] = values if outputs[name] is None else _classes(values, label, thresholds[name])
    return found


def persistence_rows(
    book: Book, label: Label, outputs: Outputs, thresholds: Mapping[str, float], ends: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Output name → (window,) class that "it goes on as in the last k mids" predicts."""
    found: dict[str, NDArray[np.int64]] = {}
    for name, horizon in horizon_of(label, outputs).items():
        if outputs[name] is None:
            continue
        values = persistence_values(book.mid, label.smooth or horizon, book.groups)[ends]
        if label.drop_stationary:
            found[name] = (values > 0).astype(np.int64)
        else:
            found[name] = classify(values, thresholds[name])
    return found


def class_levels(label: Label) -> list[str]:
    """Class names in the order of their numbers; none where the label is the window itself."""
    if label.kind == "reconstruct":
        return []
    return [LEVELS[0], LEVELS[2]] if label.drop_stationary else list(LEVELS)


def _classes(values: NDArray[np.float64], label: Label, threshold: float) -> NDArray[np.float64]:
    classes = classify(values, threshold).astype(np.float64)
    classes[np.isnan(values)] = np.nan
    if label.drop_stationary:
        classes[classes == 1] = np.nan
        classes /= 2.0
    return classes


def _target(column: NDArray[np.float64], classes: int | None) -> NDArray[Any]:
    return column.astype(np.float32) if classes is None else column.astype(np.int64)
