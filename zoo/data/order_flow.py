"""Order flow: what was added to, or taken from, a level of the book from one snapshot to the next.

With P the price and q the size of a level now, P' and q' in the snapshot before,

    bid flow   b = q 1{P ≥ P'} - q' 1{P ≤ P'}
    ask flow   a = q 1{P ≤ P'} - q' 1{P ≥ P'}

b - a is the order-flow imbalance, |b| + |a| the quoted volume in which sampling by volume counts. Both are
zero where a session begins.

Source: Cont, Kukanov, Stoikov, "The price impact of order book events" (2014), equation 3; for levels behind
the best, Xu, Gould, Howison, "Multi-level order-flow imbalance" (2019).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zoo.data.orderbook.book import Book

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]


def level_flow_imbalance(book: Book, level: int) -> FloatArray:
    """(snapshot,) order-flow imbalance of one level, counted from 0; positive where buyers come.

    Of a sampled book it is the sum over all snapshots since the one kept before.
    """
    if book.flow is not None:
        return np.asarray(book.flow[:, level])
    bid, ask = _flows(book, level)
    return np.asarray(bid - ask)


def quoted_volume(book: Book) -> FloatArray:
    """(snapshot,) size that orders at the best bid and ask added or took away since the snapshot before."""
    bid, ask = _flows(book, 0)
    return np.asarray(np.abs(bid) + np.abs(ask))


def first_of_group(book: Book) -> Mask:
    """(snapshot,) where a session of a symbol begins."""
    first = np.zeros(len(book), bool)
    first[[start for start, _ in book.runs]] = True
    return first


def previous(values: FloatArray, first: Mask) -> FloatArray:
    """(snapshot,) the value before; a session's first value is its own."""
    before = np.concatenate((values[:1], values[:-1]))
    return np.where(first, values, before)


def _flows(book: Book, level: int) -> tuple[FloatArray, FloatArray]:
    first = first_of_group(book)
    bid = _side(book.bid_price[:, level], book.bid_size[:, level], first, better=1.0)
    ask = _side(book.ask_price[:, level], book.ask_size[:, level], first, better=-1.0)
    return bid, ask


def _side(price: FloatArray, size: FloatArray, first: Mask, better: float) -> FloatArray:
    moved = better * (price - previous(price, first))
    flow = np.where(moved >= 0, size, 0.0) - np.where(moved <= 0, previous(size, first), 0.0)
    return np.where(first, 0.0, flow)
