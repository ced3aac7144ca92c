"""A seeded order-book simulator: orders come, match, rest and go; rows are what a feed would have shown."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from itertools import accumulate
from math import log
from random import Random
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoo.data.orderbook.book import Book, FloatArray
from zoo.data.orderbook.flow import FROZEN, FlowParameters
from zoo.data.orderbook.matching import ASK, BID, MatchingEngine, Side
from zoo.errors import DataError

SESSION_NS = 86_400_000_000_000
_SIZE_STEPS = 1_024


class Session(NamedTuple):
    """One simulated session: arrays by snapshot, and by trade."""

    time: NDArray[np.int64]
    quotes: FloatArray  # (snapshot, 4, level): ask price, ask size, bid price, bid size; prices in ticks
    pressure: FloatArray  # (snapshot, 3): on impatient traders now, on its way to them, on patient ones now
    trade_price: FloatArray  # ticks, one number a market order: what its first lot paid
    trade_sign: FloatArray  # +1 bought, -1 sold


def simulate(snapshots: int = 20_000, levels: int = 10, seed: int = 7, sessions: int = 1) -> Book:
    """A limit-order book that never existed, with price-time priority and a hidden flow pressure.

    The book of one seed is the same everywhere: all draws are Python's own ``random()``, whose stream is
    promised never to change. The parameters, ``flow.FROZEN``, were fixed before any neural model was tried.

    Args:
        snapshots: rows of all sessions together.
        levels: price levels on each side, 1 to 20.
        seed: any whole number.
        sessions: independent trading days; each opens with a new book.

    Returns:
        A Book whose ``hidden`` (snapshot, 3) is the pressure, -1 selling to +1 buying: on impatient traders
        now, the mean of what is on its way to them, and on patient traders now.

    Raises:
        DataError: ``data.simulate`` when an argument is out of range.

    Example:
        >>> from zoo.data import orderbook
        >>> book = orderbook.simulate(snapshots=500, levels=5, seed=1)
        >>> bool((book.spread > 0).all()), book.simulated
        (True, True)
    """
    _check(snapshots, levels, seed, sessions)
    rows = [snapshots // sessions + (1 if day < snapshots % sessions else 0) for day in range(sessions)]
    days = [run_session(n, levels, Random(f"{seed}/{day}")) for day, n in enumerate(rows)]
    quotes = np.concatenate([day.quotes for day in days])
    tick = FROZEN.tick
    return Book(
        time=np.concatenate([day.time + number * SESSION_NS for number, day in enumerate(days)]),
        # Rounded so that a price is the float that its decimal text reads as.
        ask_price=np.round(quotes[:, 0] * tick, 10),
        ask_size=quotes[:, 1],
        bid_price=np.round(quotes[:, 2] * tick, 10),
        bid_size=quotes[:, 3],
        session=np.repeat(np.arange(sessions, dtype=np.int32), rows),
        symbol=np.zeros(snapshots, np.int32),
        name=f"simulated order book (seed {seed})",
        simulated=True,
        counts={"rows": snapshots},
        hidden=np.concatenate([day.pressure for day in days]),
        sessions=tuple(str(day) for day in range(sessions)),
        symbols=("SIM",),
    )


def run_session(snapshots: int, levels: int, rng: Random, flow: FlowParameters = FROZEN) -> Session:
    """One session, with its trades; ``simulate`` is the public door."""
    trader = _Traders(rng, flow, levels)
    for _ in range(flow.opening):
        trader.act(0.0, 0.0)
    trader.clock = 0.0
    trader.trades.clear()
    quotes = np.empty((snapshots, 4, levels))
    times = np.empty(snapshots, np.int64)
    pressure = _pressure(snapshots, rng, flow)
    for row, (impatient, _, patient) in enumerate(pressure.tolist()):
        for _ in range(flow.events_per_snapshot):
            trader.act(impatient, patient)
        quotes[row] = trader.quotes(levels)
        times[row] = int(trader.clock * flow.unit_ns)
    trades = np.array(trader.trades, dtype=np.float64).reshape(-1, 2)
    return Session(times, quotes, pressure, trades[:, 0], trades[:, 1])


def _pressure(snapshots: int, rng: Random, flow: FlowParameters) -> FloatArray:
    found = np.empty((snapshots, 3))
    coming = deque([0.0] * flow.delay)
    state = int(rng.random() * 3) - 1
    left = flow.dwell * rng.random()
    for row in range(snapshots):
        left -= 1.0
        if left <= 0.0:
            left += flow.dwell * (0.5 + rng.random())
            state = (-1, 0, 1)[(state + 2 + int(rng.random() * 2)) % 3]
        coming.append(float(state))
        found[row] = coming.popleft(), sum(coming) / max(1, flow.delay), state
    return found


class _Traders:
    """All traders together, as one event stream against one matching engine."""

    def __init__(self, rng: Random, flow: FlowParameters, levels: int) -> None:
        self.flow = flow
        self.random = rng.random
        self.engine = MatchingEngine()
        self.clock = 0.0
        self.trades: list[tuple[int, int]] = []
        # A side is never let thinner than this, so that every row has all its levels.
        self.least_prices = levels + 2
        weights = [(d + 1) ** -flow.decay for d in range(flow.reach)]
        total = sum(weights)
        self.distances = [w / total for w in accumulate(weights)]
        self.limit_sizes = _sizes(flow.limit_size, flow.limit_spread)
        self.market_sizes = _sizes(flow.market_size, flow.market_spread)
        for distance in range(1, flow.reach + 1):
            for sign in (BID, ASK):
                self.engine.limit(sign, flow.start_tick - sign * distance, int(flow.limit_size))

    def act(self, pressure: float, patient: float) -> None:
        """One event: its kind by the rates, its side by the pressure."""
        flow, engine, random = self.flow, self.engine, self.random
        bids, asks = engine.bids, engine.asks
        cancel_bids = flow.cancel_rate * len(bids.live) * (1.0 - flow.cancel_tilt * pressure)
        cancel_asks = flow.cancel_rate * len(asks.live) * (1.0 + flow.cancel_tilt * pressure)
        rate = flow.limit_rate + flow.market_rate + cancel_bids + cancel_asks
        self.clock -= log(1.0 - random()) / rate
        draw = random() * rate
        if draw < flow.limit_rate:
            self.place(pressure, patient)
        elif draw < flow.limit_rate + flow.market_rate:
            self.trade(BID if random() < (1.0 + flow.market_tilt * pressure) / 2.0 else ASK)
        elif draw < flow.limit_rate + flow.market_rate + cancel_bids:
            self.withdraw(bids)
        else:
            self.withdraw(asks)
        for side in (bids, asks):
            while len(side.queues) < self.least_prices:
                self.refill(side)

    def place(self, pressure: float, patient: float) -> None:
        """A limit order some ticks from the opposite best price; it never trades at once."""
        flow = self.flow
        distance = min(1 + bisect_right(self.distances, self.random()), flow.reach)
        if distance < flow.patient_from:
            lean = flow.limit_tilt * pressure
        else:
            lean = flow.patient_tilt * patient
        sign = BID if self.random() < (1.0 + lean) / 2.0 else ASK
        opposite = self.engine.side(-sign).best
        assert opposite is not None
        self.engine.limit(sign, opposite - sign * distance, self.draw(self.limit_sizes))

    def trade(self, sign: int) -> None:
        """A market order; large ones walk the book."""
        fills = self.engine.market(sign, self.draw(self.market_sizes))
        if fills:
            self.trades.append((fills[0].price, sign))

    def withdraw(self, side: Side) -> None:
        """Cancel a resting order, each with the same chance."""
        if side.live:
            side.remove(side.live[int(self.random() * len(side.live))])

    def refill(self, side: Side) -> None:
        """Patient liquidity behind a side that has become too thin: the next free price beyond its last."""
        opposite = self.engine.side(-side.sign).best
        prices = side.queues or ([opposite] if opposite is not None else [self.flow.start_tick])
        last = min(prices) if side.sign == BID else max(prices)
        self.engine.limit(side.sign, last - side.sign, self.draw(self.limit_sizes))

    def draw(self, sizes: list[int]) -> int:
        """A size from a table of equally likely sizes."""
        return sizes[int(self.random() * _SIZE_STEPS)]

    def quotes(self, levels: int) -> tuple[list[int], list[int], list[int], list[int]]:
        """The row a feed would show: ask prices and sizes, bid prices and sizes, best level first."""
        return (*self.engine.asks.top(levels), *self.engine.bids.top(levels))


def _sizes(median: float, spread: float) -> list[int]:
    # A log-normal law as a table: one uniform draw an order, and no library's generator to depend on.
    normal = NormalDist(log(median), spread)
    exponents = (normal.inv_cdf((step + 0.5) / _SIZE_STEPS) for step in range(_SIZE_STEPS))
    return [max(1, round(2.718281828459045**x)) for x in exponents]


def _check(snapshots: int, levels: int, seed: int, sessions: int) -> None:
    limits = {"snapshots": (snapshots, 1, 10_000_000), "levels": (levels, 1, 20)}
    limits |= {"sessions": (sessions, 1, max(1, snapshots))} if isinstance(snapshots, int) else {}
    for name, (value, low, high) in limits.items():
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise DataError(
                f"simulate: `{name}` is a whole number from {low:,} to {high:,}; received {value!r}",
                help=f"give `{name}` a number in that range",
                code="data.simulate",
            )
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise DataError(
            f"simulate: `seed` is a whole number; received {seed!r}",
            help="for example 7",
            code="data.simulate",
        )
