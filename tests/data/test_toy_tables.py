"""Toy tables: the same for the same seed, as they are described, and with a rule that can be learned."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from zoo.data.toys.pairs import intercepts
from zoo.data.toys.tables import TABLES, make_table
from zoo.errors import DataError
from zoo.spec import toys as names

# The first rows that the LSTM tutorial prints.
TUTORIAL = np.array(
    [
        [0.55928822, 0.77041298],
        [0.44612865, 0.94235836],
        [1.0, 0.89336033],
        [0.49551368, 1.0],
        [0.76240437, 0.95297434],
        [0.6005067, 0.76148573],
        [0.6225156, 0.49964456],
        [0.70007064, 0.59001004],
        [0.59366238, 0.79011148],
        [0.5063174, 0.86559101],
        [0.47553949, 0.86278509],
        [0.67173956, 0.74614287],
        [0.71701628, 0.71846731],
        [0.37952982, 0.45497885],
        [0.31141229, 0.41051196],
        [0.38672278, 0.47362239],
    ]
)


def test_the_checker_of_specs_knows_the_same_toys() -> None:
    assert {name: tuple(toy.options) for name, toy in TABLES.items()} == names.TOYS["table"]
    assert names.options_of("sine") == ("samples", "seed", "period", "noise")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("samples", [1, 5, 400])
def test_a_toy_has_the_rows_that_are_asked_for_and_no_missing_value(name: str, samples: int) -> None:
    said, first = make_table({"toy": name, "samples": samples, "seed": 3})
    _, again = make_table({"toy": name, "samples": samples, "seed": 3})
    assert "toy data" in said and "seed 3" in said
    assert len(first) == samples and not first.isna().any(axis=None)
    assert first["time"].is_monotonic_increasing and first["time"].is_unique
    assert first.equals(again)


@pytest.mark.parametrize("name", ["pairs", "seasonal", "market", "heartbeat"])
def test_another_seed_gives_other_rows(name: str) -> None:
    assert not make_table({"toy": name, "seed": 1})[1].equals(make_table({"toy": name, "seed": 2})[1])


def test_the_pair_has_the_targets_that_the_tutorial_prints() -> None:
    found = intercepts(TUTORIAL[:, 0], TUTORIAL[:, 1], 15)
    np.testing.assert_allclose(found[14:], [0.16383707, 0.17428863], atol=1e-8)


def test_the_pair_spans_its_range_and_pulls_itself_together() -> None:
    _, pair = make_table({"toy": "pairs", "samples": 2_000})
    for name in ("x", "y"):
        assert pair[name].min() == -1 and pair[name].max() == 1
    _, apart = make_table({"toy": "pairs", "samples": 2_000, "delta": 0.0, "sigma": 0.0})
    assert np.corrcoef(pair["x"], pair["y"])[0, 1] > 0.9 > abs(np.corrcoef(apart["x"], apart["y"])[0, 1])


def test_a_sine_comes_back_after_its_period() -> None:
    _, sine = make_table({"toy": "sine", "samples": 200, "period": 40})
    np.testing.assert_allclose(sine["value"][40:].to_numpy(), sine["value"][:-40].to_numpy(), atol=1e-12)


def test_seasonal_columns_are_as_many_as_are_named_and_the_first_stay() -> None:
    _, few = make_table({"toy": "seasonal", "samples": 500})
    _, many = make_table({"toy": "seasonal", "samples": 500}, ["c1", "c12"])
    assert "c3" in few and "c4" not in few
    assert list(many.filter(regex=r"^c\d+$")) == [f"c{number}" for number in range(1, 13)]
    day = np.corrcoef(many["c12"][24:], many["c12"][:-24])[0, 1]
    assert day > 0.8 > np.corrcoef(many["c12"][12:], many["c12"][:-12])[0, 1]
    with pytest.raises(DataError, match="at most"):
        make_table({"toy": "seasonal"}, ["c9999"])


def test_odd_beats_are_rare_and_marked() -> None:
    _, beats = make_table({"toy": "heartbeat", "samples": 9_600, "noise": 0.0})
    shape = beats["value"].to_numpy().reshape(-1, 48)
    odd = beats["anomaly"].to_numpy().reshape(-1, 48)
    assert 0 < odd[:, 0].mean() < 0.1 and (odd == odd[:, :1]).all()
    usual = shape[odd[:, 0] == 0]
    np.testing.assert_allclose(usual, np.broadcast_to(usual[0], usual.shape))
    assert np.abs(shape[odd[:, 0] == 1] - usual[0]).max(axis=1).min() > 0.5


def test_features_of_the_market_say_something_of_the_next_row() -> None:
    _, rows = make_table({"toy": "market"})
    x = rows[["f1", "f2", "f3", "f4"]].to_numpy()[:-1]
    change = rows["price"].diff().to_numpy()[1:]
    with_price = np.column_stack([x, rows["price"][:-1]])
    assert LinearRegression().fit(with_price, change).score(with_price, change) > 0.8
    for name, least in (("side", 0.7), ("risk", 0.8)):
        assert LogisticRegression().fit(x, rows[name][1:]).score(x, rows[name][1:]) > least


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"toy": "sines"}, "did you mean `sine`?"),
        ({"toy": "sine", "perid": 3}, "did you mean `period`?"),
        ({"toy": "sine", "period": 1}, "a number from 2"),
        ({"toy": "heartbeat", "odd": 2}, "at most 1"),
        ({"toy": "sine", "samples": 0}, "whole number from 1"),
        ({"simulate": {}}, "a map with `simulate` is no table"),
        ({"time": list(range(9)), "x": list(range(9))}, "a map with `time`, `x` is no table"),
    ],
)
def test_what_a_toy_does_not_have_is_told(source: dict, said: str) -> None:
    with pytest.raises(DataError) as raised:
        make_table(source)
    assert said in str(raised.value)
