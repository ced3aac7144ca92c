"""A book kept up to date by an exchange's diffs: a snapshot, then which prices have which size now."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Change = Sequence[str]  # price, size; size 0 takes the price out of the book


class Side:
    """One side, best price first; ``sign`` is 1 for asks and -1 for bids, whose best is the highest."""

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.prices: list[float] = []
        self.sizes: dict[float, float] = {}

    def update(self, changes: Iterable[Change]) -> None:
        """Set the sizes of prices."""
        prices, sizes, sign = self.prices, self.sizes, self.sign
        for price_text, size_text in changes:
            price, size = float(price_text) * sign, float(size_text)
            if size:
                if price not in sizes:
                    insort(prices, price)
                sizes[price] = size
            elif price in sizes:
                del sizes[price]
                del prices[bisect_left(prices, price)]


class Depth:
    """The book that a snapshot and the diffs after it give, and the number of the last event in it.

    Source: the exchanges' own rule for local books. A diff that ended before the snapshot says nothing new;
    the first one used must reach over it, each later one must follow the one before (``pu``, or ``U`` where
    there is none).
    """

    def __init__(self, snapshot: Mapping[str, Any]) -> None:
        self.asks, self.bids = Side(1), Side(-1)
        self.asks.update(snapshot["asks"])
        self.bids.update(snapshot["bids"])
        self.last = int(snapshot["lastUpdateId"])
        self.begun = False

    def is_old(self, diff: Mapping[str, Any]) -> bool:
        """Is all of the diff in the snapshot?"""
        return not self.begun and int(diff["u"]) < self.last

    def missing(self, diff: Mapping[str, Any]) -> str:
        """What lies between the book and the diff, or nothing."""
        before = diff.get("pu")
        if before is None:
            first = int(diff["U"])
            whole = first == self.last + 1 if self.begun else first <= self.last + 1
            return "" if whole else f"its first event is {first}, the last one before is {self.last}"
        whole = int(before) == self.last if self.begun else int(before) <= self.last
        return "" if whole else f"it follows event {before}, the last one before is {self.last}"

    def apply(self, diff: Mapping[str, Any]) -> None:
        """Bring the book up to the diff."""
        self.asks.update(diff["a"])
        self.bids.update(diff["b"])
        self.last = int(diff["u"])
        self.begun = True

    def row(self, levels: int) -> list[float]:
        """Ask price, ask size, bid price, bid size of each level; a level without an order is NaN and 0."""
        found = [0.0] * (4 * levels)
        for side, place in ((self.asks, 0), (self.bids, 2)):
            best = side.prices[:levels]
            if len(best) < levels:
                found[place::4] = [float("nan")] * levels
            sizes = side.sizes
            end = place + 4 * len(best)
            found[place:end:4] = best if place == 0 else [-price for price in best]
            found[place + 1 : end : 4] = [sizes[price] for price in best]
        return found
