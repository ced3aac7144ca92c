"""Features of a snapshot, one column at a time; each reads its own row and the one before, never after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import Made
from zoo.data.order_flow import first_of_group, level_flow_imbalance, previous
from zoo.data.orderbook.book import Book
from zoo.data.recipe import Features
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
Column = tuple[str, Made]
BPS = 1e4
FLOW = "order_flow_imbalance"
EACH_LEVEL = "multi_level_order_flow_imbalance"  # one column for each of the recipe's levels


def feature_columns(book: Book, recipe: Features) -> list[Column]:
    """Name of each feature and its column, in the order of the recipe.

    ``fields`` order is level by level: ask_price_1, ask_size_1, bid_price_1, bid_size_1, ask_price_2, …;
    ``set: volumes`` is ask sizes from the deepest level to the best, then bid sizes from the best to the
    deepest. An order-flow imbalance is of the best level, or one for each level from the best. Columns are
    worked out where they are read, some rows of one after another: no second copy of the book is ever held.

    Raises:
        DataError: ``data.features`` when more levels are asked for than the book has.
    """
    levels = book.levels if recipe.levels is None else recipe.levels
    if levels > book.levels:
        raise DataError(
            f"`data.features.levels` asks for {levels} levels, {book.name} has {book.levels}",
            help=f"set `levels: {book.levels}` or fewer",
            code="data.features",
        )
    whole = _Whole(book, recipe)
    makers: list[tuple[str, Callable[[_Rows], FloatArray]]] = []
    for field, level in book_cells(recipe, levels):
        make = _price if field.endswith("price") else _size
        makers.append((f"{field}_{level + 1}", partial(make, field=field, level=level)))
    for name in recipe.extra:
        if name == EACH_LEVEL:
            makers += [
                (f"{FLOW}_{level + 1}", partial(_order_flow_imbalance, level=level))
                for level in range(levels)
            ]
        else:
            makers.append((name, EXTRA[name]))
    return [(name, Made(len(book), partial(whole.column, make))) for name, make in makers]


def flow_levels(book: Book, recipe: Features) -> int:
    """How many levels' order flow the recipe's features read."""
    if EACH_LEVEL in recipe.extra:
        return recipe.levels or book.levels
    return int(FLOW in recipe.extra)


def build_features(book: Book, recipe: Features) -> tuple[list[str], NDArray[np.float32]]:
    """Names, and the unscaled features (snapshot, feature) as float32."""
    columns = feature_columns(book, recipe)
    values = np.empty((len(book), len(columns)), np.float32)
    for number, (_, column) in enumerate(columns):
        values[:, number] = column[:]
    return [name for name, _ in columns], values


def book_cells(recipe: Features, levels: int) -> Iterator[tuple[str, int]]:
    """Field and level (from 0) of each feature that is one cell of the book, in the order of the features."""
    if recipe.set == "volumes":
        yield from (("ask_size", level) for level in reversed(range(levels)))
        yield from (("bid_size", level) for level in range(levels))
        return
    for level in range(levels):
        yield from ((field, level) for field in recipe.fields)


@dataclass(frozen=True)
class _Whole:
    """The book that columns are made of; the mid is worked out once, not for each level."""

    book: Book
    recipe: Features

    @cached_property
    def _mid(self) -> FloatArray:
        return self.book.mid

    def column(self, make: Callable[[_Rows], FloatArray], rows: slice) -> FloatArray:
        """What a maker makes of some rows, which it sees together with the row before them."""
        seen = slice(max(0, rows.start - 1), rows.stop)
        book = self.book if len(self.book) == seen.stop - seen.start else self.book.take(seen)
        return make(_Rows(book, self.recipe, self._mid[seen]))[rows.start - seen.start :]


@dataclass(frozen=True)
class _Rows:
    """What the makers read."""

    book: Book
    recipe: Features
    mid: FloatArray

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        return first_of_group(self.book)


def _price(rows: _Rows, field: str, level: int) -> FloatArray:
    price: FloatArray = getattr(rows.book, field)[:, level]
    if rows.recipe.prices == "raw":
        return price
    if rows.recipe.prices == "relative_bps":
        return in_bps(price, rows.mid)
    return _change(in_bps(price, previous(price, rows.first)), rows.first)


def in_bps(price: FloatArray, of: FloatArray) -> FloatArray:
    """How far a price lies from another, in basis points of that."""
    return np.asarray((price / of - 1.0) * BPS)


def sized(size: FloatArray, how: str) -> FloatArray:
    """A size as the recipe's ``sizes`` says."""
    return np.log1p(size) if how == "log" else size


def _size(rows: _Rows, field: str, level: int) -> FloatArray:
    size: FloatArray = getattr(rows.book, field)[:, level]
    return sized(size, rows.recipe.sizes)


def _spread(rows: _Rows) -> FloatArray:
    spread = rows.book.spread
    return spread if rows.recipe.prices == "raw" else spread / rows.mid * BPS


def _imbalance(rows: _Rows) -> FloatArray:
    ask, bid = rows.book.ask_size[:, 0], rows.book.bid_size[:, 0]
    return _ratio(bid - ask, bid + ask)


def _microprice(rows: _Rows) -> FloatArray:
    # The mid plus half the spread times the imbalance: the size-weighted price without its 0/0.
    lean = rows.book.spread / 2.0 * _imbalance(rows)
    return rows.mid + lean if rows.recipe.prices == "raw" else lean / rows.mid * BPS


def _order_flow_imbalance(rows: _Rows, level: int = 0) -> FloatArray:
    flow = level_flow_imbalance(rows.book, level)
    return np.sign(flow) * np.log1p(np.abs(flow)) if rows.recipe.sizes == "log" else flow


EXTRA: dict[str, Callable[[_Rows], FloatArray]] = {
    "spread": _spread,
    "imbalance": _imbalance,
    "microprice": _microprice,
    FLOW: _order_flow_imbalance,
}


def _change(values: FloatArray, first: NDArray[np.bool_]) -> FloatArray:
    # The first row of a session has no row before it, so nothing has changed yet.
    return np.where(first, 0.0, values)


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom != 0)
