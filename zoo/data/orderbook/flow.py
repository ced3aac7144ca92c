"""The order flow of the simulated book: who sends what, and the one hidden thing that tilts it.

Orders arrive as independent Poisson streams in continuous time: limit orders at a distance from the opposite
best price drawn from a power law, market orders, and cancellations at a rate per resting order. A hidden
*pressure* of -1, 0 or +1 switches as a Markov chain and tilts which side each of the three comes to.
Nothing else in the simulator knows the future, and no column of the book shows the pressure.

The parameters in ``FROZEN`` were fixed against stylised facts and linear baselines only, before any neural
model was tried on the book, and are not to be tuned to flatter one.

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
        reach, decay: limit orders arrive 1…``reach`` ticks from the opposite best, probability ~ distance**-decay.
        limit_size, limit_spread: median and log-standard-deviation of a limit order's size.
        market_size, market_spread: the same for market orders.
        dwell: mean number of snapshots for which the pressure stays what it is.
        market_tilt, limit_tilt, cancel_tilt: how far full pressure moves the even chance of either side.
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
    memory: float
    pull: float
    cancel_tilt: float
    start_tick: int
    tick: float
    unit_ns: int
    opening: int


FROZEN = FlowParameters(
    events_per_snapshot=50,
    limit_rate=2.0,
    market_rate=0.05,
    cancel_rate=0.04,
    reach=30,
    decay=0.9,
    limit_size=10.0,
    limit_spread=1.4,
    market_size=60.0,
    market_spread=1.2,
    dwell=80.0,
    delay=40,
    market_tilt=0.7,
    limit_tilt=0.05,
    patient_from=4,
    patient_tilt=0.5,
    memory=50.0,
    pull=0.0,
    cancel_tilt=0.0,
    start_tick=50_000,
    tick=0.01,
    unit_ns=5_000_000,
    opening=3_000,
)
