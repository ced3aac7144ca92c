"""An order book's pipeline: features, scaler and thresholds fitted on the training part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import by_blocks, collect, spans
from zoo.data.book_labels import Pair, label_rows, labelled, persistence_rows
from zoo.data.book_scaling import scale_features, sessions_of
from zoo.data.features import feature_columns
from zoo.data.orderbook.book import Book
from zoo.data.part import Part, WindowInput
from zoo.data.pipeline import Pipeline, read_scaler
from zoo.data.recipe import BookRecipe, read_recipe
from zoo.data.row_scaling import RowScaling, State, row_scaling
from zoo.data.scale_recipe import ROLLING
from zoo.data.scaling import invert_scaler
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
        scaler: of each feature: (shift, factor), or what ``row_scaling`` keeps of it.
        past_sessions: the sessions that a rolling scaler remembers.
        thresholds: output name → α between stationary and moving, a relative change of the mid.
        target_scalers: output name → (shift, factor) of its numbers; none where it has classes.
        output_shapes: output name → shape of its targets, where they are the windows themselves.
    """

    kind: ClassVar[str] = "orderbook"
    reads_files: ClassVar[bool] = True

    levels: list[str] = field(default_factory=list)
    feature_names: list[str] = field(default_factory=list)
    scaler: list[State] = field(default_factory=list)
    past_sessions: list[dict[str, Any]] = field(default_factory=list)
    thresholds: dict[str, float] = field(default_factory=dict)
    target_scalers: dict[str, Pair] = field(default_factory=dict)
    output_shapes: dict[str, tuple[int | None, ...]] = field(default_factory=dict)

    def load(self, source: Any, *, labels: bool = False) -> Book:
        """The book of a source, cleaned and sampled as the recipe says."""
        return load_book(source, self.recipe, labels=labels)

    def part_of(self, book: Book, *, labels: bool) -> Part:
        """All windows of a book as one part, but those that nothing before them can scale."""
        recipe = read_recipe(self.recipe)
        scaling = row_scaling(recipe.scale, sessions_of(book), self.past_sessions, book.folder)
        values = scale_features(book, feature_columns(book, recipe.features), scaling, self.scaler)
        ends = known_ends(book, recipe, scaling)
        y: dict[str, NDArray[np.float64]] = {}
        if labels:
            y = label_rows(book, recipe.label, self.outputs, self.thresholds, self.target_scalers)
            ends = labelled(ends, y, recipe.steps, book.folder)
        if len(ends) == 0:
            raise _no_window(book)
        return self.assemble(book, recipe, values, ends, y)

    def assemble(
        self,
        book: Book,
        recipe: BookRecipe,
        values: NDArray[np.float32],
        ends: NDArray[np.int64],
        y: Mapping[str, NDArray[np.float64]],
    ) -> Part:
        """A part of the windows that end at ``ends``, with the labels of their rows."""
        shapes = fit_input_shapes(
            self.input_shapes, recipe.length, self.feature_names, reshape=recipe.reshape
        )
        windows = Windows(values, recipe.length, ends)
        said = persistence_rows(book, recipe.label, self.outputs, self.thresholds, self.target_scalers)
        persistences = {
            name: None if rows is None else _of_windows(rows, ends, recipe.steps, rows.dtype, book.folder)
            for name, rows in said.items()
        }
        targets: dict[str, Any] = {
            name: _of_windows(column, ends, recipe.steps, _kind_of(self.outputs[name]), book.folder)
            for name, column in y.items()
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
            mid_rows=book.mid,
            index_rows={} if book.source_rows is None else {"row": book.source_rows + 1},
        )

    def columns_of(self, name: str) -> tuple[tuple[str, ...], int]:
        """The book's features, the same for every input."""
        return tuple(self.feature_names), 0

    def class_names(self, output: str) -> list[str]:
        """Down, stationary and up, as the recipe has them; the same for every output."""
        return list(self.levels)

    def in_units(self, output: str, values: NDArray[Any]) -> NDArray[Any]:
        """Numbers of an output as relative changes of the mid; a window given back, in its features' units.

        A window that each symbol or session scales in its own way stays as it is.
        """
        numbers = np.asarray(values, np.float64)
        if output in self.target_scalers:
            return invert_scaler(numbers, *self.target_scalers[output])
        if output in self.output_shapes:
            window = self.features_in_units(numbers.reshape(-1, len(self.scaler)))
            return values if window is None else window.reshape(numbers.shape)
        return values

    def features_in_units(self, values: NDArray[Any]) -> NDArray[np.float64] | None:
        """(…, feature) as before they were scaled; None where each symbol or session has its own scale."""
        if self.past_sessions or self._by_symbol:
            return None
        shift, factor = np.array(self.scaler, np.float64).T
        return invert_scaler(np.asarray(values, np.float64), shift, factor)

    @property
    def _by_symbol(self) -> bool:
        return any(isinstance(state, Mapping) for state in self.scaler)

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
        if label.get("per_step"):
            said += ", each step"
        if self.thresholds:
            said += f", threshold {label.get('threshold', 'half_mean_abs')}"
        scaled = any(pair != (0.0, 1.0) for pair in self.target_scalers.values())
        return said + ("; numbers in scaled units" if scaled else "")

    def fitted(self) -> dict[str, Any]:
        """What was fitted, as plain values."""
        return {
            "levels": list(self.levels),
            "feature_names": list(self.feature_names),
            "scaler": [list(state) if isinstance(state, tuple) else state for state in self.scaler],
            "past_sessions": [dict(item) for item in self.past_sessions],
            "thresholds": dict(self.thresholds),
            "target_scalers": {name: list(pair) for name, pair in self.target_scalers.items()},
            "output_shapes": {name: list(shape) for name, shape in self.output_shapes.items()},
            "window": dict(self.recipe.get("window") or {}),
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """The pipeline of ``fitted`` and what all kinds have."""
        scale = read_recipe(common["recipe"]).scale
        plain = scale.method != ROLLING and not scale.by
        targets = state.get("target_scalers", {})
        return cls(
            **common,
            levels=list(state["levels"]),
            feature_names=list(state["feature_names"]),
            scaler=list(read_scaler(state["scaler"]) if plain else state["scaler"]),
            past_sessions=[dict(item) for item in state.get("past_sessions", [])],
            thresholds={name: float(value) for name, value in state["thresholds"].items()},
            target_scalers=dict(zip(targets, read_scaler(list(targets.values())), strict=True)),
            output_shapes={name: tuple(shape) for name, shape in state["output_shapes"].items()},
        )


def _no_window(book: Book) -> DataError:
    return DataError(
        f"{book.name} has no window with a label: its sessions end before the label's horizon, "
        "or every label is stationary and dropped",
        help="give longer sessions, or predict without labels",
        code="data.label",
    )


def known_ends(book: Book, recipe: BookRecipe, scaling: RowScaling) -> NDArray[np.int64]:
    """(window,) the row each window ends at, of those that there is anything to scale by."""
    ends = window_ends(len(book), recipe.length, recipe.stride, book.groups, book.folder)
    known = scaling.known(len(book))
    return (
        ends
        if known.all()
        else collect((ends[s][known[ends[s]]] for s in spans(len(ends))), np.int64, book.folder)
    )


def _kind_of(classes: int | None) -> Any:
    return np.float32 if classes is None else np.int64


def _of_windows(
    rows: NDArray[Any], ends: NDArray[np.int64], steps: int | None, dtype: Any, folder: Path | None
) -> NDArray[Any]:
    """(window,) the value at each window's end, or (window, time) of its last ``steps`` rows."""
    if steps is None:
        return by_blocks(lambda some: rows[some], ends, dtype=dtype, folder=folder)
    # No window reads a row without a label, which no whole number can say.
    known = by_blocks(np.nan_to_num, rows, dtype=dtype, folder=folder)
    windows = Windows(known[:, None], steps, ends)
    even = len(np.unique(np.diff(ends))) < 2
    return (windows.view if even else windows[:])[:, :, 0]
