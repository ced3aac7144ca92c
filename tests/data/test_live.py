"""Features of a book that comes in row by row: bit for bit those of the whole book."""

from __future__ import annotations

import numpy as np
import pytest

from tests.data.books import random_book, recipe
from zoo.data import prepare
from zoo.data.live import LiveRows

EXTRAS = ["spread", "imbalance", "microprice", "multi_level_order_flow_imbalance"]


@pytest.mark.parametrize("prices", ["raw", "relative_bps", "returns"])
@pytest.mark.parametrize("sizes", ["raw", "log"])
@pytest.mark.parametrize("extra", [[], EXTRAS])
@pytest.mark.parametrize("fields", [["bid_size", "ask_price"], ["ask_price", "ask_size", "bid_price"]])
def test_features_row_by_row_are_those_of_the_book(
    prices: str, sizes: str, extra: list[str], fields: list[str]
):
    asked = recipe(features={"prices": prices, "sizes": sizes, "extra": extra, "fields": fields})
    width = 2 * len(fields) + (len(extra) + 1 if extra else 0)
    book = random_book(rows=200, session=[0] * 120 + [1] * 80)
    prepared = prepare(asked, book, input_shapes={"book": (6, width)}, outputs={"move": 3})
    rows, wanted = LiveRows(prepared.pipeline), prepared.pipeline.transform(book).values
    for row, group in enumerate(book.groups):
        if row and group != book.groups[row - 1]:
            rows.reset()
        cells = np.stack([book.ask_price, book.ask_size, book.bid_price, book.bid_size], axis=2)[row]
        np.testing.assert_array_equal(rows.push(cells), wanted[row])
