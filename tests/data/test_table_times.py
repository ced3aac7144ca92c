"""What times say of a table: gaps that windows do not cross, the calendar; and cells with nothing in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.rows import frame, prepared
from zoo.data.tables.calendar import CYCLES, WORDS, calendar_values, read_calendar
from zoo.data.tables.gaps import read_gap, unbroken
from zoo.data.tables.missing import last_known
from zoo.errors import DataError
from zoo.spec.tables import CALENDAR

ALL = {"train": 1.0, "val": 0.0, "test": 0.0}


def dated(rows: int = 120, **columns: Any) -> pd.DataFrame:
    return frame(rows).assign(time=pd.date_range("2024-01-01", periods=rows, freq="h"), **columns)


# --- gaps


def test_neither_windows_nor_targets_reach_over_a_gap() -> None:
    table = dated()
    late = table["time"] + pd.to_timedelta(np.repeat([0, 30, 31], [50, 30, 40]), unit="h")
    ready = prepared(table.assign(time=late), window={"gap": "2h"}, split=ALL)
    # A step of two hours is no gap, one of 31 is: windows of 6 rows, targets 4 rows ahead.
    first, second = np.arange(5, 46), np.arange(55, 116)
    np.testing.assert_array_equal(ready.train.rows, np.concatenate([first, second]))
    new = ready.pipeline.transform(table.assign(time=late))
    np.testing.assert_array_equal(new.rows, np.concatenate([np.arange(5, 50), np.arange(55, 120)]))
    np.testing.assert_array_equal(new.runs[[0, -1]], [0, 1])


def test_a_gap_in_numbers_is_a_number_and_in_dates_a_duration() -> None:
    table = frame(60)
    ready = prepared(
        table.assign(time=table["time"] + 5.0 * (table["time"] > 29)), window={"gap": 1.5}, split=ALL
    )
    np.testing.assert_array_equal(ready.train.rows, np.concatenate([np.arange(5, 26), np.arange(35, 56)]))
    for table, gap, said in (
        (frame(), "1h", "the times are numbers, and `data.window.gap` is a duration"),
        (dated(), 3600, "the times are dates, and `data.window.gap` is a plain number"),
    ):
        with pytest.raises(DataError, match=said) as caught:
            prepared(table, window={"gap": gap})
        assert caught.value.code == "data.gap"


@pytest.mark.parametrize(
    ("said", "seconds"), [("90min", 5400), ("1.5h", 5400), ("250 ms", 0.25), ("2D", 172_800), ("1w", 604_800)]
)
def test_durations(said: str, seconds: float) -> None:
    assert read_gap(said) == np.timedelta64(round(seconds * 1e9), "ns")


@pytest.mark.parametrize("said", ["1 hour", "0s", "-1h", -1, 0, True, [1]])
def test_no_durations(said: object) -> None:
    with pytest.raises(DataError, match=r"`data.window.gap`"):
        read_gap(said)


def test_groups_end_runs_with_and_without_a_gap() -> None:
    time, groups = np.array([0, 1, 9, 0, 1]), np.array([0, 0, 0, 1, 1])
    assert unbroken(time, groups, 2.0).tolist() == [0, 0, 1, 2, 2]
    assert unbroken(time, groups, None) is groups


def test_groups_with_gaps_are_still_handed_out_whole_and_cut_at_one_time() -> None:
    table = dated(120, day=np.repeat(np.arange(6), 20))
    late = table["time"] + pd.to_timedelta(np.arange(120) // 10 * 5, unit="h")
    sections = {"group": ["day"], "window": {"gap": "2h"}, "split": {"by": "session"}}
    ready = prepared(table.assign(time=late), **sections)
    days = [set(table["day"].to_numpy()[part.rows]) for part in (ready.train, ready.val, ready.test)]
    assert days == [{0, 1, 2, 3}, {4}, {5}]


# --- the calendar


def test_the_calendar_is_what_pandas_says() -> None:
    time = pd.date_range("2019-12-25 23:58:57", periods=900, freq="7h13min5s")
    iso = time.isocalendar()
    expected = {
        "second": time.second,
        "minute": time.minute,
        "hour": time.hour,
        "minute_of_day": 60 * time.hour + time.minute,
        "weekday": time.day_of_week,
        "day": time.day,
        "day_of_year": time.day_of_year,
        "week": iso["week"],
        "month": time.month,
        "quarter": time.quarter,
        "year": time.year,
    }
    assert set(expected) == set(CYCLES)
    for name, values in expected.items():
        numbers = np.asarray(values, float)
        np.testing.assert_array_equal(calendar_values(time.to_numpy("M8[ns]"), f"{name}_number"), numbers)
        if CYCLES[name]:
            angle = 2 * np.pi * numbers / CYCLES[name]
            for ending, function in (("sin", np.sin), ("cos", np.cos)):
                found = calendar_values(time.to_numpy("M8[ns]"), f"{name}_{ending}")
                np.testing.assert_allclose(found, function(angle), atol=1e-12)


def test_the_checker_and_the_room_know_the_same_words() -> None:
    assert set(CALENDAR) == set(WORDS)


def test_an_input_has_its_columns_and_then_those_of_the_calendar() -> None:
    inputs = {"past": {"columns": ["x"], "calendar": ["hour", "weekday_number"], "lookback": 6}}
    ready = prepared(dated(), {"past": (6, 4)}, inputs=inputs)
    windows = np.asarray(ready.train.x["past"])
    hours = (np.arange(6)[None, :] + ready.train.rows[:, None] - 5) % 24
    np.testing.assert_allclose(windows[..., 1], np.sin(2 * np.pi * hours / 24), atol=1e-6)
    np.testing.assert_allclose(windows[..., 2], np.cos(2 * np.pi * hours / 24), atol=1e-6)
    # A plain number is scaled as a column is.
    shift, factor = ready.pipeline.scaler["weekday_number"]
    days = (np.arange(6)[None, :] + ready.train.rows[:, None] - 5) // 24
    np.testing.assert_allclose(windows[..., 3], (days - shift) * factor, atol=1e-5)
    assert ready.pipeline.scaler["hour_sin"] == (0.0, 1.0)
    again = type(ready.pipeline).from_dict(ready.pipeline.to_dict())
    np.testing.assert_array_equal(np.asarray(again.transform(dated()).x["past"])[: len(windows)], windows)


def test_an_input_of_the_calendar_alone_may_be_known_ahead() -> None:
    inputs = {
        "past": {"columns": ["x", "y"], "lookback": 6},
        "known": {"calendar": "hour_number", "lookback": 3, "shift": 3},
    }
    ready = prepared(dated(), {"past": (6, 2), "known": (3, 1)}, inputs=inputs, scale={"method": "none"})
    found = np.asarray(ready.train.x["known"])[:, :, 0]
    np.testing.assert_array_equal(found, (ready.train.rows[:, None] + [1, 2, 3]) % 24)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"inputs": {"past": {"columns": ["x"], "calendar": ["hours"]}}}, "did you mean `hour`?"),
        ({"inputs": {"past": {"columns": ["x"], "calendar": ["year"]}}}, "data.inputs.past.calendar"),
        (
            {"inputs": {"past": {"columns": ["hour_number"], "calendar": ["hour_number"]}}},
            "leave one of the two",
        ),
        (
            {"inputs": {"past": {"columns": ["x"], "calendar": ["month_number"]}}, "time": None},
            "name their column",
        ),
        ({"window": {"gap": "1h"}, "time": None}, "name their column"),
        ({"inputs": {"past": {"columns": ["x"], "calendar": ["month_number"]}}}, "a time column of dates"),
    ],
)
def test_mistakes_with_the_calendar_are_told(sections: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError) as caught:
        prepared(frame(), {"past": (6, 2)}, **sections)
    assert said in f"{caught.value.message} {caught.value.help}"


def test_a_list_of_words_is_as_many_features_as_it_says() -> None:
    assert read_calendar(["hour", "day_number"], "calendar") == ("hour_sin", "hour_cos", "day_number")


# --- cells with nothing in them


def holes(rows: int = 120) -> pd.DataFrame:
    table = dated(rows)
    table.loc[[0, 1, 30, 31, 60], "y"] = np.nan
    table.loc[[40], "x"] = np.nan
    table.loc[[50], "side"] = None
    return table


TARGETS = {"next": {"column": "x", "horizon": 4}, "side": {"column": "side", "horizon": 2}}
MIXED = {"outputs": {"next": None, "side": 3}, "output_shapes": {"next": (1,), "side": (3,)}}


def test_empty_cells_are_filled_with_the_last_known_value_and_counted() -> None:
    ready = prepared(holes(), **MIXED, targets=TARGETS, missing="fill", scale={"method": "none"}, split=ALL)
    table = holes()
    # Nothing is known of y in the first two rows.
    assert "118 rows × 2 columns, 2 rows dropped, 5 cells filled with the last known value" in ready.about
    part = ready.train
    ends = part.index_rows["row"][part.rows] - 1
    filled = table[["x", "y"]].ffill().to_numpy()
    np.testing.assert_allclose(np.asarray(part.x["past"])[:, -1], filled[ends], rtol=1e-6)
    assert np.isfinite(np.asarray(part.x["past"])).all()
    # A target that was not there is nothing to learn; what was last known is still the last value.
    assert not {36, 48} & set(ends.tolist()) and {35, 37, 47, 49} <= set(ends.tolist())
    np.testing.assert_allclose(part.y["next"].ravel(), table["x"].to_numpy()[ends + 4], rtol=1e-6)
    np.testing.assert_allclose(part.persistences["next"].ravel(), filled[ends, 0], rtol=1e-6)
    np.testing.assert_array_equal(
        part.persistences["side"].ravel(),
        [["buy", "hold", "sell"].index(name) for name in table["side"].ffill()[ends]],
    )


def test_filled_cells_are_no_rows_to_fit_on() -> None:
    table = holes()
    ready = prepared(table, missing="fill", targets={"next": {"column": "x", "horizon": 4}})
    known = table["y"][2:].iloc[: round(118 * 0.7)].dropna()
    assert ready.pipeline.scaler["y"][0] == pytest.approx(known.mean())


def test_nothing_is_carried_over_a_gap_or_into_another_group() -> None:
    table = dated(40, symbol=np.repeat(["A", "B"], 20))
    table.loc[[20, 30], "y"] = np.nan
    late = table["time"] + pd.to_timedelta(np.where(np.arange(40) >= 30, 50, 0), unit="h")
    sections = {"group": ["symbol"], "missing": "fill", "window": {"gap": "2h"}, "split": ALL}
    ready = prepared(table.assign(time=late), **sections, targets={"next": {"column": "x", "horizon": 1}})
    read = ready.pipeline.load(table.assign(time=late))
    assert read.counts["dropped_missing"] == 2 and read.counts["filled"] == 0
    assert not {21, 31} & set(read.index["row"].tolist())


def test_missing_has_a_word_of_its_own_beside_clean() -> None:
    table = holes().drop(columns="side")
    table.loc[70, "time"] = table.loc[69, "time"]
    with pytest.raises(DataError, match="row 71: the time") as caught:
        prepared(table, missing="drop")
    assert "missing" not in caught.value.message
    with pytest.raises(DataError, match="row 1: `y` is empty"):
        prepared(table, missing="error", clean="drop")
    for missing, rows in (("drop", 113), ("fill", 117)):
        assert f"{rows} rows" in prepared(table, missing=missing, clean="drop").about


def test_what_is_there_and_is_no_number_is_not_filled() -> None:
    table = holes().astype({"y": object})
    table.loc[33, "y"] = "abc"
    with pytest.raises(DataError, match="row 34: `y` is 'abc', not a number"):
        prepared(table, missing="fill")
    table.loc[33, "y"] = np.inf
    with pytest.raises(DataError, match="row 34: `y` is inf, not a number"):
        prepared(table, missing="fill")


def test_a_column_that_is_empty_throughout_is_told() -> None:
    with pytest.raises(DataError, match="no row at which every column is known"):
        prepared(dated(y=np.nan), missing="fill")


def test_a_files_empty_cells_are_filled_as_a_frames(tmp_path: Any) -> None:
    holes().to_csv(tmp_path / "holes.csv", index=False)
    sections = {"missing": "fill", "targets": TARGETS}
    one, two = (prepared(source, **MIXED, **sections) for source in (holes(), tmp_path / "holes.csv"))
    np.testing.assert_array_equal(one.train.rows, two.train.rows)
    np.testing.assert_allclose(np.asarray(one.train.x["past"]), np.asarray(two.train.x["past"]), rtol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_the_last_known_row_is_never_a_later_one_or_of_another_run(rows: list[tuple[bool, bool]]) -> None:
    empty, cut = (np.array(values) for values in zip(*rows, strict=True))
    runs = np.cumsum(cut)
    found = last_known(empty, runs)
    for row, source in enumerate(found):
        before = [place for place in range(row + 1) if runs[place] == runs[row] and not empty[place]]
        assert source == (before[-1] if before else -1)
