"""A limit-order book that matches by price, then by time.

Prices are whole ticks and sizes whole lots, so that no rounding can cross a book.
"""

from __future__ import annotations

from typing import NamedTuple

BID = 1
ASK = -1


class Fill(NamedTuple):
    """A resting order that was hit: its id, its price in ticks, the lots taken from it."""

    order: int
    price: int
    size: int


class Side:
    """One side of the book: a first-in-first-out queue of orders at each price.

    Args:
        sign: ``BID`` (the highest price is best) or ``ASK`` (the lowest is).
    """

    __slots__ = ("_place", "best", "depth", "live", "price_of", "queues", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.best: int | None = None
        # A dict keeps the order of arrival and lets an order leave from the middle of its queue at once.
        self.queues: dict[int, dict[int, int]] = {}
        self.depth: dict[int, int] = {}
        self.price_of: dict[int, int] = {}
        self.live: list[int] = []
        self._place: dict[int, int] = {}

    def rest(self, order: int, price: int, size: int) -> None:
        """Put an order at the end of the queue at its price."""
        queue = self.queues.get(price)
        if queue is None:
            self.queues[price] = {order: size}
            self.depth[price] = size
            if self.best is None or (price - self.best) * self.sign > 0:
                self.best = price
        else:
            queue[order] = size
            self.depth[price] += size
        self.price_of[order] = price
        self._place[order] = len(self.live)
        self.live.append(order)

    def remove(self, order: int) -> int:
        """Take an order out of its queue; returns the lots that were left of it."""
        price = self.price_of[order]
        queue = self.queues[price]
        size = queue.pop(order)
        self._forget(order)
        self.depth[price] -= size
        if not queue:
            self._drop_level(price)
        return size

    def take(self, size: int, limit: int | None = None) -> list[Fill]:
        """Fill up to ``size`` lots, best price first and oldest order first, no worse than ``limit``."""
        fills: list[Fill] = []
        while size > 0 and self.best is not None:
            price = self.best
            if limit is not None and (price - limit) * self.sign < 0:
                break
            queue = self.queues[price]
            order = next(iter(queue))
            resting = queue[order]
            taken = min(resting, size)
            fills.append(Fill(order, price, taken))
            size -= taken
            if taken == resting:
                self.remove(order)
            else:
                queue[order] = resting - taken
                self.depth[price] -= taken
        return fills

    def top(self, levels: int) -> tuple[list[int], list[int]]:
        """Prices and sizes of the best ``levels`` prices, best first; shorter when the side is thinner."""
        prices = sorted(self.depth, reverse=self.sign == BID)[:levels]
        return prices, [self.depth[price] for price in prices]

    def _forget(self, order: int) -> None:
        del self.price_of[order]
        place = self._place.pop(order)
        last = self.live.pop()
        if last != order:
            self.live[place] = last
            self._place[last] = place

    def _drop_level(self, price: int) -> None:
        del self.queues[price]
        del self.depth[price]
        if price == self.best:
            prices = self.queues
            self.best = (max(prices) if self.sign == BID else min(prices)) if prices else None


class MatchingEngine:
    """Both sides of the book, and the three things a trader can do."""

    __slots__ = ("_next", "asks", "bids")

    def __init__(self) -> None:
        self.bids = Side(BID)
        self.asks = Side(ASK)
        self._next = 0

    def side(self, sign: int) -> Side:
        """The bids for ``BID``, the asks for ``ASK``."""
        return self.bids if sign == BID else self.asks

    def limit(self, sign: int, price: int, size: int) -> tuple[int, list[Fill]]:
        """Trade what the limit allows at once, rest what is left; returns the order's id and its fills."""
        order = self._next
        self._next += 1
        fills = self.side(-sign).take(size, limit=price)
        left = size - sum(fill.size for fill in fills)
        if left > 0:
            self.side(sign).rest(order, price, left)
        return order, fills

    def market(self, sign: int, size: int) -> list[Fill]:
        """Buy (``BID``) or sell (``ASK``) at whatever price there is; what the book cannot fill lapses."""
        return self.side(-sign).take(size)

    def cancel(self, order: int) -> int:
        """Withdraw a resting order; returns the lots withdrawn, 0 when it no longer rests."""
        for side in (self.bids, self.asks):
            if order in side.price_of:
                return side.remove(order)
        return 0
