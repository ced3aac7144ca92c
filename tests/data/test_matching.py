"""Price-time priority, by hand and against a slow book that sorts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.data.orderbook.matching import ASK, BID, Fill, MatchingEngine


def test_the_oldest_order_at_a_price_is_filled_first() -> None:
    engine = MatchingEngine()
    first, _ = engine.limit(ASK, 100, 5)
    second, _ = engine.limit(ASK, 100, 5)
    assert engine.market(BID, 7) == [Fill(first, 100, 5), Fill(second, 100, 2)]
    assert engine.asks.depth == {100: 3}


def test_a_better_price_comes_before_an_older_order() -> None:
    engine = MatchingEngine()
    old, _ = engine.limit(BID, 99, 5)
    better, _ = engine.limit(BID, 100, 5)
    assert engine.market(ASK, 8) == [Fill(better, 100, 5), Fill(old, 99, 3)]


def test_an_order_filled_in_part_keeps_its_place() -> None:
    engine = MatchingEngine()
    first, _ = engine.limit(ASK, 100, 5)
    second, _ = engine.limit(ASK, 100, 5)
    engine.market(BID, 2)
    assert engine.market(BID, 4) == [Fill(first, 100, 3), Fill(second, 100, 1)]


def test_cancelling_lets_the_next_in_the_queue_move_up() -> None:
    engine = MatchingEngine()
    first, _ = engine.limit(ASK, 100, 5)
    middle, _ = engine.limit(ASK, 100, 5)
    last, _ = engine.limit(ASK, 100, 5)
    assert engine.cancel(middle) == 5
    assert engine.cancel(middle) == 0
    assert [fill.order for fill in engine.market(BID, 10)] == [first, last]
    assert engine.asks.best is None


def test_a_crossing_limit_order_trades_first_and_rests_the_remainder() -> None:
    engine = MatchingEngine()
    ask, _ = engine.limit(ASK, 100, 5)
    engine.limit(ASK, 102, 5)
    order, fills = engine.limit(BID, 101, 8)
    assert fills == [Fill(ask, 100, 5)]
    assert engine.bids.depth == {101: 3}
    assert (engine.bids.best, engine.asks.best) == (101, 102)
    assert engine.cancel(order) == 3


def test_a_market_order_that_empties_the_side_lapses() -> None:
    engine = MatchingEngine()
    engine.limit(ASK, 100, 5)
    assert sum(fill.size for fill in engine.market(BID, 50)) == 5
    assert engine.market(BID, 1) == []


def test_top_lists_the_best_prices_first() -> None:
    engine = MatchingEngine()
    for price in (98, 100, 97):
        engine.limit(BID, price, price)
    for price in (103, 101, 104):
        engine.limit(ASK, price, price)
    assert engine.bids.top(2) == ([100, 98], [100, 98])
    assert engine.asks.top(5) == ([101, 103, 104], [101, 103, 104])


class SlowBook:
    """Every order in one list, sorted by price and then by arrival whenever something trades."""

    def __init__(self) -> None:
        self.orders: list[list[int]] = []  # [id, sign, price, size]
        self.next = 0

    def limit(self, sign: int, price: int, size: int) -> list[tuple[int, int, int]]:
        number, self.next = self.next, self.next + 1
        fills = self.take(-sign, size, price)
        left = size - sum(fill[2] for fill in fills)
        if left:
            self.orders.append([number, sign, price, left])
        return fills

    def take(self, sign: int, size: int, limit: int | None) -> list[tuple[int, int, int]]:
        fills = []
        for order in sorted((o for o in self.orders if o[1] == sign), key=lambda o: (-sign * o[2], o[0])):
            if size == 0 or (limit is not None and (order[2] - limit) * sign < 0):
                break
            taken = min(size, order[3])
            fills.append((order[0], order[2], taken))
            order[3] -= taken
            size -= taken
        self.orders = [order for order in self.orders if order[3]]
        return fills

    def cancel(self, number: int) -> int:
        left = sum(order[3] for order in self.orders if order[0] == number)
        self.orders = [order for order in self.orders if order[0] != number]
        return left


ACTIONS = st.tuples(
    st.sampled_from(["limit", "limit", "market", "cancel"]),
    st.sampled_from([BID, ASK]),
    st.integers(95, 105),
    st.integers(1, 9),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTIONS, max_size=60))
def test_engine_equals_the_slow_book(actions: list[tuple[str, int, int, int]]) -> None:
    engine, slow = MatchingEngine(), SlowBook()
    for kind, sign, price, size in actions:
        if kind == "limit":
            _, fills = engine.limit(sign, price, size)
            assert [tuple(fill) for fill in fills] == slow.limit(sign, price, size)
        elif kind == "market":
            assert [tuple(fill) for fill in engine.market(sign, size)] == slow.take(-sign, size, None)
        else:
            assert engine.cancel(price - 95) == slow.cancel(price - 95)
        for side in (engine.bids, engine.asks):
            depth: dict[int, int] = {}
            for _, owner, level, left in slow.orders:
                if owner == side.sign:
                    depth[level] = depth.get(level, 0) + left
            assert side.depth == depth
            assert side.best == (max(depth, key=lambda level: side.sign * level) if depth else None)
            assert sorted(side.live) == sorted(order[0] for order in slow.orders if order[1] == side.sign)
