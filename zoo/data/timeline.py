"""Rows and samples on the data's clock: what walks and pictures of splits ask of each kind of data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.folds import Fold, Spans, walk_folds
from zoo.data.kinds import load_kind
from zoo.data.part import Part
from zoo.data.pipeline import Pipeline
from zoo.data.recipe import Split, read_split
from zoo.data.shapes import InputShapes
from zoo.errors import DataError

# A split that cuts nothing: what a walk and a timeline are made from.
ALL_TRAINING: Mapping[str, Any] = MappingProxyType({"by": "time", "train": 1.0, "val": 0.0, "test": 0.0})


class Timeline(ABC):
    """Loaded data and the pipeline that reads it; one subclass for each kind.

    Args:
        pipeline: fitted on whatever part: its recipe and its names of classes are used.
        loaded: what ``pipeline.load`` gave.
        output_shapes: output name → shape of its targets, without the batch axis.
    """

    def __init__(self, pipeline: Pipeline, loaded: Any, output_shapes: InputShapes) -> None:
        self.pipeline = pipeline
        self.loaded = loaded
        self.output_shapes = output_shapes

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def split(self) -> Split:
        """The recipe's split."""
        return read_split(self.pipeline.recipe.get("split"))

    @property
    @abstractmethod
    def spans(self) -> Spans:
        """Every sample that has a label."""

    @property
    @abstractmethod
    def ahead(self) -> int:
        """Rows after its last one that a window or its label reads: what a purge has to cover."""

    @property
    @abstractmethod
    def runs(self) -> NDArray[np.int64]:
        """(row,) number of the session, or of the group, that a row belongs to."""

    @property
    def time(self) -> NDArray[Any] | None:
        """(row,) time of each row, or None."""
        return None

    @abstractmethod
    def parts(self) -> NDArray[np.int8]:
        """(row,) 0, 1 or 2 for training, validation, test, by the recipe's split; -1 for none."""

    @abstractmethod
    def refit(self, training: NDArray[np.bool_]) -> Pipeline:
        """The pipeline with its scalers and thresholds fitted on these rows; names of classes stay."""

    def folds(self, *, first: int, step: int, window: str) -> list[Fold]:
        """The steps of a walk, with the purge and the embargo of the recipe's split.

        Raises:
            DataError: ``data.purge``, ``data.walk``.
        """
        split = self.split
        if isinstance(split.purge, int) and split.purge < self.ahead:
            raise DataError(
                f"`data.split.purge` is {split.purge} rows, shorter than the label's horizon of "
                f"{self.ahead}: training windows would read rows of what is predicted",
                help=f"use `purge: auto`, or {self.ahead} and more",
                code="data.purge",
            )
        return walk_folds(
            self.spans, first=first, step=step, window=window, purge=split.purge, embargo=split.embargo
        )

    def part(self, fold: Fold) -> tuple[Pipeline, Part, NDArray[np.int64]]:
        """All samples as a fold sees them: scaled and labelled by what its training part says.

        Returns:
            the pipeline, its part, and for each sample its place in that part; -1 where the fold's threshold
            leaves it out.
        """
        spans = self.spans
        pipeline = self.refit((spans.ticks >= fold.begin) & (spans.ticks < fold.cut))
        part = pipeline.part_of(self.loaded, labels=True)
        places = np.searchsorted(part.rows, spans.rows).clip(max=len(part) - 1)
        return pipeline, part, np.where(part.rows[places] == spans.rows, places, -1)


def timeline_of(pipeline: Pipeline, source: Any, output_shapes: InputShapes) -> Timeline:
    """The timeline of a source.

    Args:
        pipeline: that can read it.
        source: as ``Pipeline.load`` takes it.
        output_shapes: output name → shape of its targets, without the batch axis.
    """
    loaded = pipeline.load(source, labels=True)
    made: Timeline = load_kind(pipeline.kind).timeline(pipeline, loaded, output_shapes)
    return made
