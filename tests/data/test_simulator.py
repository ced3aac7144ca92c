"""The simulated book against stylised facts of order books; its parameters are frozen."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from zoo.data.orderbook import Book, simulate
from zoo.data.orderbook.flow import FROZEN, FlowParameters
from zoo.data.orderbook.simulator import Session, run_session
from zoo.errors import DataError


@pytest.fixture(scope="module")
def book() -> Book:
    return simulate(snapshots=6_000, seed=3)


@pytest.fixture(scope="module")
def session() -> Session:
    return run_session(6_000, 10, Random("3/0"))


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def test_parameters_are_frozen() -> None:
    assert FROZEN == FlowParameters(
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


def test_never_crossed_and_levels_in_order(book: Book) -> None:
    assert (book.spread > 0).all()
    assert (np.diff(book.ask_price, axis=1) > 0).all()
    assert (np.diff(book.bid_price, axis=1) < 0).all()
    assert (np.diff(book.time) >= 0).all()
    assert (book.ask_size > 0).all() and (book.bid_size > 0).all()


def test_spread_is_mostly_one_tick_and_rarely_wide(book: Book) -> None:
    ticks = np.round(book.spread / FROZEN.tick)
    assert (ticks == 1).mean() > 0.6
    assert (ticks <= 4).mean() > 0.95


def test_depth_thins_out_behind_the_best_prices(book: Book) -> None:
    for sizes in (book.ask_size, book.bid_size):
        profile = sizes.mean(axis=0)
        assert profile[0] > profile[5] > 0
        assert profile[:5].sum() > profile[5:].sum()


def test_order_flow_keeps_its_sign(session: Session) -> None:
    sign = session.trade_sign
    for lag in (1, 5, 20, 100):
        assert correlation(sign[lag:], sign[:-lag]) > 0.05


def test_trade_prices_bounce_between_bid_and_ask(session: Session) -> None:
    moves = np.diff(session.trade_price)
    assert correlation(moves[1:], moves[:-1]) < -0.02


def test_mid_returns_have_fat_tails(book: Book) -> None:
    moves = np.diff(book.mid)
    assert np.mean(moves**4) / np.mean(moves**2) ** 2 > 6


def test_imbalance_predicts_the_next_move_of_the_mid(book: Book) -> None:
    imbalance = (book.bid_size[:, 0] - book.ask_size[:, 0]) / (book.bid_size[:, 0] + book.ask_size[:, 0])
    move = np.sign(np.diff(book.mid))
    assert correlation(imbalance[:-1], move) > 0.1


def test_pressure_moves_the_mid_and_shows_better_in_many_rows_than_in_one(book: Book) -> None:
    assert book.hidden is not None and book.hidden.shape == (len(book), 3)
    ahead = book.mid[50:] - book.mid[:-50]
    assert correlation(book.hidden[:-50, 1], ahead) > 0.5
    deep = np.log(book.bid_size[:, 3:].sum(axis=1) / book.ask_size[:, 3:].sum(axis=1))
    mean = np.convolve(deep, np.ones(20) / 20, mode="valid")
    one = correlation(deep[19:], book.hidden[19:, 2])
    many = correlation(mean, book.hidden[19:, 2])
    assert many > one + 0.15


def test_same_seed_same_book_other_seed_other_book() -> None:
    first = simulate(snapshots=60, seed=5)
    assert simulate(snapshots=60, seed=5).fingerprint() == first.fingerprint()
    assert simulate(snapshots=60, seed=6).fingerprint() != first.fingerprint()


def test_as_many_rows_and_levels_as_asked_for() -> None:
    assert len(simulate(snapshots=7, levels=4, seed=1)) == 7
    assert simulate(snapshots=7, levels=4, seed=1).levels == 4


def test_sessions_are_days_of_their_own() -> None:
    book = simulate(snapshots=25, levels=2, seed=1, sessions=3)
    assert np.bincount(book.session).tolist() == [9, 8, 8]
    assert (np.diff(book.time) > 0).all()
    assert len(np.unique(book.groups)) == 3


def test_it_says_that_it_is_simulated(book: Book) -> None:
    assert book.simulated and book.name == "simulated order book (seed 3)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"snapshots": 0}, "`snapshots` is a whole number from 1 to 10,000,000; received 0"),
        ({"snapshots": "many"}, "`snapshots` is a whole number from 1 to 10,000,000; received 'many'"),
        ({"levels": 21}, "`levels` is a whole number from 1 to 20; received 21"),
        ({"snapshots": 5, "sessions": 6}, "`sessions` is a whole number from 1 to 5; received 6"),
        ({"seed": 1.5}, "`seed` is a whole number; received 1.5"),
    ],
)
def test_arguments_out_of_range(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(DataError) as caught:
        simulate(**arguments)  # type: ignore[arg-type]
    assert message in caught.value.message and caught.value.code == "data.simulate"
