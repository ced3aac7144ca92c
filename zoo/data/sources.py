"""Where an order book comes from: what the caller gave, else the recipe's source, else the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from zoo.data.features import flow_levels
from zoo.data.orderbook.book import Book
from zoo.data.orderbook.cleaning import Cleaning
from zoo.data.orderbook.finding import is_paths
from zoo.data.orderbook.store import store_books
from zoo.data.recipe import BookRecipe, read_recipe
from zoo.data.sampling import sample_book
from zoo.errors import DataError

SIMULATED: dict[str, Any] = {"snapshots": 20_000, "levels": 10, "seed": 7, "sessions": 1}


def load_book(source: Any, recipe: Mapping[str, Any], *, labels: bool = False) -> Book:
    """The book of a source, cleaned and sampled as the recipe says.

    Args:
        source: None (the recipe's ``source``, else the simulator), path or list of paths (see
            ``zoo.data.orderbook.read``), Book or DataFrame.
        recipe: the spec's ``data`` section.
        labels: also read the columns of labels that the recipe names, which data to predict need not have.

    Raises:
        DataError: the file's or frame's own problems, or ``data.source`` when it is none of these.
    """
    checked = read_recipe(recipe)
    if source is None:
        source = recipe.get("source")
    book = _open(source, checked, tuple(dict.fromkeys(checked.label.columns)) if labels else ())
    if checked.store is not None and book.folder is None:
        folder = Path(checked.store).expanduser() / book.fingerprint()[:16]
        book = store_books([book], folder, book.name, Cleaning())
    levels = flow_levels(book, checked.features)
    return sample_book(book, checked.sample_by, checked.sample_every, levels)


def _open(source: Any, recipe: BookRecipe, columns: tuple[str, ...]) -> Book:
    if isinstance(source, Book):
        # the rows of what was given, however it came about
        return source if source.source_rows is None else replace(source, source_rows=None)
    if source is None or isinstance(source, Mapping):
        return _simulate(source or {"simulate": {}})
    if is_paths(source):
        from zoo.data.orderbook.reader import read

        return read(
            source, levels=recipe.features.levels, clean=recipe.clean, columns=columns, store=recipe.store
        )
    if hasattr(source, "columns"):
        return Book.from_frame(source, clean=recipe.clean, columns=columns)
    raise DataError(
        f"an order book is a file, a data frame or a Book; received {type(source).__name__}",
        help="give a path, a frame with columns ask_price_1, ask_size_1, …, or nothing to simulate one",
        code="data.source",
    )


def _simulate(source: Mapping[str, Any]) -> Book:
    if set(source) != {"simulate"}:
        raise DataError(
            f"`data.source` is a file or `{{simulate: {{…}}}}` for order books; received {dict(source)!r}",
            help="write for example `source: {simulate: {snapshots: 20000, seed: 7}}`",
            code="data.source",
        )
    options = source["simulate"] or {}
    if not isinstance(options, Mapping) or not set(options) <= set(SIMULATED):
        raise DataError(
            f"`data.source.simulate` takes {', '.join(SIMULATED)}; received {options!r}",
            help="write for example `source: {simulate: {snapshots: 20000, seed: 7}}`",
            code="data.source",
        )
    from zoo.data.orderbook.simulator import simulate

    return simulate(**(SIMULATED | dict(options)))
