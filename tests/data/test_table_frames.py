"""Tables that are not as they should be: the message names column, row and mend, or the rows are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.data.rows import frame, prepared
from zoo.errors import DataError

SIDE: dict[str, Any] = {"targets": {"next": {"column": "side"}}, "outputs": {"next": 3}}


def changed(column: str, row: int, value: Any) -> pd.DataFrame:
    table = frame().astype({column: object})
    table.loc[row, column] = value
    return table


def swapped(first: int, second: int) -> pd.DataFrame:
    order = np.arange(120)
    order[[first, second]] = order[[second, first]]
    return frame().iloc[order].reset_index(drop=True)


PROBLEMS = [
    (changed("x", 7, np.nan), "row 8: `x` is empty", "data.missing"),
    (changed("y", 7, "n/a"), "row 8: `y` is 'n/a', not a number", "data.missing"),
    (changed("x", 7, np.inf), "row 8: `x` is inf", "data.missing"),
    (changed("time", 7, None), "row 8: `time` is empty", "data.no_time"),
    (changed("time", 7, 6), "row 8: the time `time` 6 is there already", "data.duplicate"),
    (swapped(7, 8), "row 9: time goes backwards: `time` 7 after 8", "data.time"),
]


@pytest.mark.parametrize(("table", "said", "code"), PROBLEMS, ids=[code for *_, code in PROBLEMS])
def test_a_row_that_cannot_be_is_named_or_dropped_and_counted(
    table: pd.DataFrame, said: str, code: str
) -> None:
    with pytest.raises(DataError) as raised:
        prepared(table)
    assert said in str(raised.value) and raised.value.code == code
    assert "`clean: drop`" in (raised.value.help or "")
    kept = prepared(table, clean="drop")
    assert "119 rows × 2 columns, 1 rows dropped" in kept.about


def test_every_kind_of_problem_is_told_at_once() -> None:
    table = changed("x", 3, np.nan)
    table.loc[9, "time"] = 2
    with pytest.raises(DataError, match="2 kinds of problem") as raised:
        prepared(table)
    assert raised.value.data["rows"] == {"missing": [4], "time": [10]}


def test_a_file_is_told_by_its_lines(tmp_path: Path) -> None:
    table = changed("y", 7, "none yet").assign(time=pd.date_range("2024-01-01", periods=120).astype(str))
    table.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(DataError, match="line 9: `y` is 'none yet', not a number"):
        prepared(tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_text().splitlines()
    text[3] += ",1"
    (tmp_path / "t.csv").write_text("\n".join(text))
    with pytest.raises(DataError, match="line 4: more cells than the header"):
        prepared(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("table", "said", "mend"),
    [
        (frame().rename(columns={"y": "yy"}), "has no column `y`", "did you mean `yy`?"),
        (
            frame().rename(columns={"time": "stamp"}),
            "has no column `time`",
            "its columns are: stamp, x, y, side. The spec names the column of times in `data.time`",
        ),
        (
            frame().rename(columns={"time": "day", "side": "regime"}),
            "has no column `time`",
            "its columns are: day, x, y, regime.",
        ),
        (frame().assign(y="102,5"), "`y` holds no numbers: row 1 is '102,5'", "a point as decimal mark"),
        (
            changed("y", 7, "1.102,5"),
            "row 8: `y` is '1.102,5', not a number; the decimal mark is a point",
            "",
        ),
        (changed("y", 7, "1,102"), "row 8: `y` is '1,102', not a number; the decimal mark is a point", ""),
        (changed("y", 7, None), "row 8: `y` is empty", "say `missing: fill` in `data`"),
        (frame()[["time", "x", "y", "y"]], "has the column `y` twice", "name each once"),
        (frame().assign(y="a"), "the column `y` holds no numbers: row 1 is 'a'", "code it as numbers"),
        (
            frame().assign(time="soon"),
            "holds neither numbers nor dates: row 1 is 'soon'",
            "2024-05-01 09:30:00",
        ),
        (frame().iloc[:0], "has no rows", "at least one row"),
        (frame(5), "no window of 6 rows fits", "give more data"),
        (frame(9), "is too short: a window of 6 rows and 4 rows ahead need 10 rows", "shorter horizon"),
        (frame(30), "the test part holds no window", "give more data"),
    ],
)
def test_a_table_that_is_another_is_told(table: pd.DataFrame, said: str, mend: str) -> None:
    with pytest.raises(DataError) as raised:
        prepared(table)
    assert said in str(raised.value)
    assert mend in (raised.value.help or "")


def test_a_level_that_training_never_showed_is_told() -> None:
    table = frame()
    table.loc[100, "side"] = "panic"
    with pytest.raises(DataError) as raised:
        prepared(table, **SIDE)
    assert "row 101: `side` is `panic`, a level that the training part does not have" in str(raised.value)
    pipeline = prepared(**SIDE).pipeline
    with pytest.raises(DataError, match="`panic`"):
        pipeline.transform(table, labels=True)
    assert len(pipeline.transform(table)) == 115


def test_an_empty_level_is_a_missing_value() -> None:
    table = frame()
    table.loc[3, "side"] = None
    with pytest.raises(DataError, match="row 4: `side` is empty"):
        prepared(table, **SIDE)


@pytest.mark.parametrize(
    "times",
    [
        pd.date_range("2024-01-01", periods=120, freq="min"),
        pd.date_range("2024-01-01", periods=120, freq="min", tz="Europe/Berlin"),
        pd.date_range("2024-01-01", periods=120, freq="min").astype(str),
        pd.date_range("2024-01-01", periods=120).strftime("%Y-%m-%d"),
    ],
)
def test_dates_are_read_in_every_usual_form(times: Any) -> None:
    ready = prepared(frame(time=times))
    assert ready.test.time is not None and ready.test.time.dtype == np.dtype("M8[ns]")


@pytest.mark.parametrize(
    "columns",
    [
        {"time": pd.array(range(120), dtype="Int64")},
        {"y": pd.array([True, False] * 60, dtype="boolean")},
        {"y": pd.Categorical([1, 2] * 60)},
        {"y": [str(number) for number in range(120)]},
        {"side": pd.Categorical(["buy", "hold", "sell"] * 40)},
        {"side": pd.array(["buy", "hold", "sell"] * 40, dtype="string")},
    ],
)
def test_columns_of_pandas_own_types_are_read(columns: dict[str, Any]) -> None:
    assert len(prepared(frame(**columns), **SIDE).train) == 78


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"time": pd.array([None, *range(1, 120)], dtype="Int64")}, "row 1: `time` is empty"),
        ({"y": pd.array([None, *[True] * 119], dtype="boolean")}, "row 1: `y` is empty"),
        ({"y": np.arange(120) * 1j}, "the column `y` holds no numbers"),
        ({"y": [[1]] * 120}, "the column `y` holds no numbers"),
        ({"side": [[1]] * 120}, "the column `side` holds no names but lists or the like: row 1 is [1]"),
        ({"time": pd.timedelta_range("0s", periods=120, freq="s")}, "neither numbers nor dates"),
    ],
)
def test_columns_of_no_use_are_told(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError) as raised:
        prepared(frame(**columns), **SIDE)
    assert said in str(raised.value)


def test_the_time_may_be_the_index_of_a_frame() -> None:
    assert prepared(frame().set_index("time")).fingerprint == prepared(frame()).fingerprint


def test_rows_without_a_time_column_keep_their_order() -> None:
    ready = prepared(frame()[["y", "x"]], time=None)
    assert ready.test.time is None
    np.testing.assert_array_equal(ready.test.rows, prepared().test.rows)


def test_rows_of_a_group_are_brought_together_and_still_named_as_they_stand() -> None:
    table = frame(240, symbol=np.arange(240) % 2)
    ready = prepared(table, group=["symbol"])
    part = ready.test
    rows, symbols = part.index_rows["row"][part.rows], part.index_rows["symbol"][part.rows]
    assert set(symbols) == {"0", "1"}
    np.testing.assert_array_equal(table["symbol"].astype(str).to_numpy()[rows - 1], symbols)
    np.testing.assert_array_equal(part.time, rows - 1)
    assert "in 2 groups" in ready.about


def test_equal_tables_have_equal_fingerprints() -> None:
    table = frame()
    assert prepared(table).fingerprint == prepared(table.copy()).fingerprint
    assert prepared(table).fingerprint != prepared(table.assign(y=table["y"] + 1e-9)).fingerprint
