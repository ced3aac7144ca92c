"""The kinds of data: how each is prepared, and the pipeline it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

# kind → where it is prepared, its pipeline, its timeline, each MODULE:NAME; loaded when first used.
_ARRAYS = ("zoo.data.arrays:ArraysPipeline", "zoo.data.array_timeline:ArrayTimeline")
_TOY = ("zoo.data.toys.preparation:prepare_toy", *_ARRAYS)
# Kinds of independent samples, made in code or by a toy.
TOYS = ("tokens", "images", "toy")
_HOME = MappingProxyType(
    {
        "arrays": ("zoo.data.arrays:prepare_arrays", *_ARRAYS),
        "orderbook": (
            "zoo.data.book_preparation:prepare_book",
            "zoo.data.book_pipeline:BookPipeline",
            "zoo.data.book_timeline:BookTimeline",
        ),
        "table": (
            "zoo.data.tables.preparation:prepare_table",
            "zoo.data.tables.pipeline:TablePipeline",
            "zoo.data.tables.timeline:TableTimeline",
        ),
        **dict.fromkeys(TOYS, _TOY),
    }
)
# What `data.kind` may say; arrays are given in code and have no recipe.
RECIPES = tuple(name for name in _HOME if name != "arrays")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data.

    Args:
        prepare: (recipe, source, *, input_shapes, outputs, output_shapes) → Prepared; those of ``TOYS`` also
            take ``asked``.
        pipeline: the class of what was fitted.
        timeline: the class of its rows and samples in time.
    """

    prepare: Callable[..., Any]
    pipeline: Any
    timeline: Any


def load_kind(name: str) -> Kind:
    """The kind called ``name``.

    Raises:
        KeyError: there is none.
    """
    return Kind(*(_find(place) for place in _HOME[name]))


def _find(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
