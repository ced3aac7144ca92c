"""Limit-order books: the ``Book``, the reader of wide files, the seeded simulator."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo.data.orderbook.book import Book
    from zoo.data.orderbook.reader import read
    from zoo.data.orderbook.simulator import simulate

__all__ = ["Book", "read", "simulate"]

_HOME = {
    "Book": "zoo.data.orderbook.book",
    "read": "zoo.data.orderbook.reader",
    "simulate": "zoo.data.orderbook.simulator",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'zoo.data.orderbook' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
