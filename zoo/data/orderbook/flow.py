"""The order flow of the simulated book: who sends what, and the one hidden thing that tilts it.

Orders arrive as independent Poisson streams in continuous time: limit orders at a distance from the opposite
best price drawn from a power law, market orders, and cancellations at a rate per resting order. A hidden
*pressure* of -1, 0 or +1 stays for about a hundred snapshots (thousands of orders) and then switches. It
tilts which side orders come to: patient traders, who rest orders away from the best price, follow it at once;
impatient ones (market orders, orders near the best price, cancellations) follow ``delay`` snapshots later.
So the book leads the price, one row shows it through much noise, and the rows before it say more.
No column of the book shows the pressure itself.

The parameters in ``FROZEN`` were fixed against stylised facts and the linear baselines of
``benchmarks/simulated_book.py`` alone. No neural model had been tried on the book by then, and none may be
the reason to change them.

Source: the zero-intelligence book of Cont, Stoikov and Talreja, "A stochastic model for order book dynamics"
(Operations Research 58, 2010), section 2; the hidden pressure and heavy-tailed sizes are ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlowParameters:
    """Rates per unit of simulated time (``unit_ns`` nanoseconds), sizes in lots, distances in ticks.

    Args:
        events_per_snapshot: order events between two rows of the book.
        limit_rate, market_rate: orders a unit of time, both sides together.
        cancel_rate: cancellations a unit of time for each resting order.
        reach, decay: limit orders arrive 1…``reach`` ticks from the opposite best, with
            probability ~ distance**-decay.
        limit_size, limit_spread: median and log-standard-deviation of a limit order's size.
        market_size, market_spread: the same for market orders.
        dwell: mean snapshots for which the pressure stays what it is; each stay is 0.5 to 1.5 times that.
        delay: snapshots by which impatient traders come after patient ones.
        market_tilt, limit_tilt, cancel_tilt: how far full pressure moves the even chance of either side for
            market orders, limit orders nearer than ``patient_from`` ticks, and cancellations.
        patient_from, patient_tilt: the same for limit orders from that many ticks on.
        start_tick: the mid price the book opens around, in ticks.
        tick: price of one tick. unit_ns: nanoseconds of one unit of time. opening: events before row 1.
    """

    events_per_snapshot: int
    limit_rate: float
    market_rate: float
    cancel_rate: float
    reach: int
    decay: float
    limit_size: float
    limit_spread: float
    market_size: float
    market_spread: float
    dwell: float
    delay: int
    market_tilt: float
    limit_tilt: float
    patient_from: int
    patient_tilt: float
    cancel_tilt: float
    start_tick: int
    tick: float
    unit_ns: int
    opening: int


FROZEN = FlowParameters(
    events_per_snapshot=50,
    limit_rate=2.0,
    market_rate=0.5,
    cancel_rate=0.04,
    reach=30,
    decay=0.9,
    limit_size=10.0,
    limit_spread=1.4,
    market_size=12.0,
    market_spread=0.8,
    dwell=100.0,
    delay=60,
    market_tilt=0.5,
    limit_tilt=0.05,
    patient_from=4,
    patient_tilt=0.7,
    cancel_tilt=0.05,
    start_tick=50_000,
    tick=0.01,
    unit_ns=5_000_000,
    opening=3_000,
)
