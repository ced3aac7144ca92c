"""Tables whose inputs are scaled group by group, or each session by those before it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.rows import frame, prepared
from zoo.data import windows
from zoo.data.tables.pipeline import TablePipeline
from zoo.errors import DataError

ROLLING = {"method": "rolling_sessions", "sessions": 2}
ALL = {"train": 1.0, "val": 0.0, "test": 0.0}


def days(count: int = 6, rows: int = 20, **columns: Any) -> pd.DataFrame:
    """Some hours of each day."""
    table = frame(count * rows)
    start = pd.date_range("2024-01-01", periods=count, freq="D").repeat(rows)
    return table.assign(time=start + pd.to_timedelta(np.tile(np.arange(rows), count), unit="h"), **columns)


def by_days_before(table: pd.DataFrame, name: str, sessions: int) -> np.ndarray:
    """The slow way: every day by the mean and deviation of the days before it."""
    day, values = table["time"].dt.floor("D"), table[name]
    order = list(dict.fromkeys(day))
    found = np.full(len(table), np.nan)
    for place, today in enumerate(order):
        before = values[day.isin(order[max(0, place - sessions) : place])]
        if len(before):
            own = (day == today).to_numpy()
            found[own] = (values[own] - before.mean()) / before.std(ddof=0)
    return found


def test_each_day_is_scaled_by_the_days_before_it() -> None:
    table = days()
    ready = prepared(table, scale=ROLLING, split=ALL)
    expected = np.stack([by_days_before(table, name, 2) for name in ("x", "y")], axis=1)
    # The first day has none before it: no window reads it.
    np.testing.assert_array_equal(ready.train.rows, np.arange(25, 116))
    for window, end in zip(np.asarray(ready.train.x["past"]), ready.train.rows, strict=True):
        np.testing.assert_allclose(window, expected[end - 5 : end + 1], rtol=1e-4, atol=1e-5)


def test_a_target_is_led_back_whatever_its_inputs_were_scaled_by() -> None:
    table = days()
    ready = prepared(table, scale=ROLLING)
    told = ready.pipeline.in_units("next", ready.test.y["next"])
    np.testing.assert_allclose(told, table["x"].to_numpy()[ready.test.rows + 4], rtol=1e-5)


def test_new_days_go_on_from_those_trained_on_and_a_bundle_keeps_them() -> None:
    table = days(8)
    ready = prepared(table.iloc[:120], scale=ROLLING, split=ALL)
    kept = TablePipeline.from_dict(json.loads(json.dumps(ready.pipeline.to_dict())))
    assert kept == ready.pipeline
    expected = np.stack([by_days_before(table, name, 2) for name in ("x", "y")], axis=1)
    new = kept.transform(table.iloc[120:])
    np.testing.assert_array_equal(new.rows, np.arange(5, 40))
    windows_of = np.asarray(new.x["past"])
    np.testing.assert_allclose(windows_of[:, -1], expected[120:][new.rows], rtol=1e-4, atol=1e-5)


def test_sessions_may_be_groups_of_their_own() -> None:
    table = days(symbol=np.tile(["A", "B"], 60), session=np.repeat(np.arange(6), 20)).assign(
        time=np.arange(120)
    )
    scale = {**ROLLING, "by": ["symbol"]}
    ready = prepared(
        table, group=["symbol", "session"], scale=scale, split=ALL, targets={"next": {"column": "x"}}
    )
    own = table[(table["symbol"] == "B") & (table["session"] == 3)]
    before = table[(table["symbol"] == "B") & table["session"].isin([1, 2])]
    rows = ready.train.index_rows["row"][ready.train.rows] - 1
    place = int(np.flatnonzero(rows == own.index[6])[0])
    expected = (own["y"].to_numpy()[1:7] - before["y"].mean()) / before["y"].std(ddof=0)
    np.testing.assert_allclose(np.asarray(ready.train.x["past"])[place][:, 1], expected, rtol=1e-4, atol=1e-5)
    assert not set(table["session"].to_numpy()[rows]) & {0}


def test_each_symbol_has_a_scaler_of_its_own_training_rows() -> None:
    table = days(symbol=np.tile(["A", "B"], 60))
    table["x"] += 1000.0 * (table["symbol"] == "B")
    ready = prepared(table, group=["symbol"], scale={"method": "zscore", "by": ["symbol"]})
    states = ready.pipeline.states["x"]
    training = table[table["time"] < table["time"].iloc[round(120 * 0.7)]]
    for name, rows in training.groupby("symbol"):
        assert states[name][0] == pytest.approx(rows["x"].mean())
    assert np.abs(np.asarray(ready.train.x["past"])).max() < 10
    told = ready.pipeline.in_units("next", ready.test.y["next"])
    assert set(told > 500) == {True, False}
    with pytest.raises(DataError, match="`C` is none of those trained on: A, B"):
        ready.pipeline.transform(table.assign(symbol="C"))


@pytest.mark.parametrize(
    ("table", "sections", "said"),
    [
        (frame(), {"scale": ROLLING}, "the times of the rows are no dates"),
        (days(1), {"scale": ROLLING}, "no session has one before it"),
        (days(), {"scale": {"method": "zscore", "by": ["symbol"]}}, "`data.scale` has no key `by`"),
        (days(), {"scale": {"method": "zscore", "sessions": 3}}, "has no meaning for `method: zscore`"),
    ],
)
def test_mistakes_are_told(table: pd.DataFrame, sections: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError) as caught:
        prepared(table, **sections)
    assert said in caught.value.message


def test_arrays_cannot_say_of_which_session_they_are() -> None:
    ready = prepared(days(), scale=ROLLING)
    with pytest.raises(DataError, match="arrays do not say of which group or session"):
        ready.pipeline.scale_inputs({"past": np.zeros((3, 6, 2))})


def test_windows_in_code_have_rolling_scalers_too() -> None:
    table = days().set_index("time")
    one = windows(table, 6, "x", 4, scale=ROLLING)
    two = prepared(days(), scale=ROLLING)
    np.testing.assert_array_equal(np.asarray(one.train.x["x"]), np.asarray(two.train.x["past"]))


@settings(max_examples=30, deadline=None)
@given(
    scale=st.sampled_from([ROLLING, {"method": "robust", "by": ["symbol"]}, {**ROLLING, "by": ["symbol"]}]),
    seed=st.integers(0, 1_000),
)
def test_nothing_fitted_or_trained_on_has_seen_later_rows(scale: dict[str, Any], seed: int) -> None:
    table = days(12, symbol=np.tile(["A", "B"], 120))
    rng = np.random.default_rng(seed)
    changed = table.copy()
    first = round(240 * 0.7)
    changed.loc[first:, ["x", "y"]] = rng.normal(scale=rng.uniform(1, 50), size=(240 - first, 2))
    one, two = (prepared(item, group=["symbol"], scale=scale) for item in (table, changed))
    assert one.pipeline.scaler == two.pipeline.scaler
    np.testing.assert_array_equal(np.asarray(one.train.x["past"]), np.asarray(two.train.x["past"]))
    np.testing.assert_array_equal(one.train.y["next"], two.train.y["next"])
    if scale["method"] == "robust":
        assert one.pipeline.states == two.pipeline.states
