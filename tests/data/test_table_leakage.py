"""Change the future of a table, and nothing before it moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.rows import frame, prepared
from zoo import data
from zoo.data.tables.splitting import assign_rows

ROWS, LENGTH = 120, 6
TARGETS = {
    "next": {"column": "x", "type": "numeric", "horizon": 4},
    "path": {"column": ["x", "y"], "type": "numeric", "horizon": 3},
    "side": {"column": "side", "type": "categorical", "horizon": 2},
}
OUTPUTS: dict[str, int | None] = {"next": None, "path": None, "side": 3}
OUTPUT_SHAPES = {"next": (1,), "path": (3, 2), "side": (3,)}
HORIZONS = {"next": 4, "path": 3, "side": 2}


def with_other_future(table: pd.DataFrame, row: int, seed: int) -> pd.DataFrame:
    """The same table up to and with ``row``; noise in every later value, the levels in another order."""
    rng = np.random.default_rng(seed)
    after = table.index > row
    changed = table.copy()
    for name in ("x", "y"):
        changed.loc[after, name] = rng.normal(scale=rng.uniform(1, 50), size=int(after.sum()))
    changed.loc[after, "side"] = changed.loc[after, "side"].to_numpy()[::-1]
    return changed


def made(table: pd.DataFrame, **sections: Any) -> data.Prepared:
    return prepared(table, None, OUTPUTS, OUTPUT_SHAPES, targets=TARGETS, **sections)


@settings(max_examples=40, deadline=None)
@given(
    method=st.sampled_from(["zscore", "minmax", "robust", "none"]),
    purge=st.sampled_from(["auto", "strict", 9]),
    embargo=st.integers(0, 5),
    stride=st.integers(1, 4),
    group=st.booleans(),
    seed=st.integers(0, 1_000),
)
def test_nothing_fitted_or_trained_on_has_seen_the_other_parts(
    method: str, purge: str | int, embargo: int, stride: int, group: bool, seed: int
) -> None:
    sections: dict[str, Any] = {
        "scale": {"method": method},
        "split": {"purge": purge, "embargo": embargo},
        "window": {"stride": stride},
        # two symbols whose rows alternate in time
        "group": ["symbol"] if group else [],
    }
    rows = 2 * ROWS
    table = frame(rows, seed, symbol=np.arange(rows) % 2)
    last = round(rows * 0.7) - 1
    before, after = made(table, **sections), made(with_other_future(table, last, seed), **sections)
    assert before.pipeline.to_dict() == after.pipeline.to_dict()
    np.testing.assert_array_equal(before.train.rows, after.train.rows)
    np.testing.assert_array_equal(before.train.x["past"][:], after.train.x["past"][:])
    for name in OUTPUTS:
        np.testing.assert_array_equal(before.train.y[name], after.train.y[name])
        np.testing.assert_array_equal(before.train.persistences[name], after.train.persistences[name])


@settings(max_examples=40, deadline=None)
@given(row=st.integers(LENGTH + 4, ROWS - 1), seed=st.integers(0, 1_000))
def test_a_window_and_its_targets_move_only_with_rows_they_may_see(row: int, seed: int) -> None:
    table = frame(ROWS)
    pipeline = made(table).pipeline
    before = pipeline.transform(table, labels=True)
    after = pipeline.transform(with_other_future(table, row, seed), labels=True)
    seen = before.rows <= row
    np.testing.assert_array_equal(before.x["past"][:][seen], after.x["past"][:][seen])
    for name, horizon in HORIZONS.items():
        known = before.rows + horizon <= row
        np.testing.assert_array_equal(before.y[name][known], after.y[name][known])
        np.testing.assert_array_equal(before.persistences[name][seen], after.persistences[name][seen])


def with_holes(rows: int, seed: int) -> pd.DataFrame:
    """Two symbols by the hour, with cells that are empty and steps of time that are long."""
    rng = np.random.default_rng(seed)
    table = frame(rows, seed, symbol=np.arange(rows) % 2)
    hours = np.cumsum(1 + 30 * (rng.random(rows // 2) < 0.03))
    table["time"] = pd.Timestamp("2024-03-01") + pd.to_timedelta(np.repeat(hours, 2), unit="h")
    for name in ("x", "y", "side"):
        table.loc[rng.random(rows) < 0.06, name] = None if name == "side" else np.nan
    return table


def with_noise_later(table: pd.DataFrame, row: int, seed: int) -> pd.DataFrame:
    """The same up to and with ``row``; later another value in every cell that holds one."""
    changed = with_other_future(table, row, seed)
    changed["side"] = changed["side"].fillna("hold")
    return changed.mask(table.isna())


def with_anything_later(table: pd.DataFrame, row: int, seed: int) -> pd.DataFrame:
    """The same up to and with ``row``; later other values, other holes, other times, and another end."""
    rng = np.random.default_rng(seed)
    changed = with_other_future(table, row, seed)
    later = table.index > row
    changed.loc[later & (rng.random(len(table)) < 0.2), ["x", "y", "side"]] = np.nan
    changed.loc[later, "time"] = changed.loc[later, "time"] + pd.Timedelta(hours=int(rng.integers(0, 60)))
    return changed.iloc[: len(table) - int(rng.integers(0, (len(table) - row) // 2 + 1))]


FULL: dict[str, Any] = {
    "missing": "fill",
    "group": ["symbol"],
    "inputs": {"past": {"columns": ["x", "y"], "calendar": ["hour", "weekday_number"], "lookback": 6}},
}


def made_whole(table: pd.DataFrame, **sections: Any) -> data.Prepared:
    return prepared(table, {"past": (6, 5)}, OUTPUTS, OUTPUT_SHAPES, targets=TARGETS, **FULL, **sections)


@settings(max_examples=40, deadline=None)
@given(
    method=st.sampled_from(["zscore", "minmax", "robust"]),
    gap=st.sampled_from([None, "5h"]),
    purge=st.sampled_from(["auto", "strict"]),
    seed=st.integers(0, 1_000),
)
def test_filling_gaps_and_the_calendar_tell_training_nothing_of_later(
    method: str, gap: str | None, purge: str, seed: int
) -> None:
    sections: dict[str, Any] = {
        "scale": {"method": method, "range": [-1, 1]},
        "window": {"gap": gap},
        "split": {"purge": purge, "val": 0.3, "test": 0.0},
    }
    table = with_holes(4 * ROWS, seed)
    before = made_whole(table, **sections)
    read = before.pipeline.load(table, labels=True)
    training = assign_rows(read, before.pipeline.read.split) == 0
    last = int(read.index["row"][training].max()) - 1
    after = made_whole(with_noise_later(table, last, seed), **sections)
    assert before.pipeline.to_dict() == after.pipeline.to_dict()
    np.testing.assert_array_equal(before.train.rows, after.train.rows)
    np.testing.assert_array_equal(before.train.x["past"][:], after.train.x["past"][:])
    for name in OUTPUTS:
        np.testing.assert_array_equal(before.train.y[name], after.train.y[name])
        np.testing.assert_array_equal(before.train.persistences[name], after.train.persistences[name])


def by_row(part: data.Part, values: Any, last: int, ahead: int = 0) -> dict[int, list[Any]]:
    """Row of the source where a window ends → its values, if all that it reads lies at ``last`` or before."""
    rows = part.index_rows["row"] - 1
    return {
        int(rows[end]): np.asarray(value).tolist()
        for end, value in zip(part.rows, np.asarray(values), strict=True)
        if rows[end + ahead] <= last
    }


@settings(max_examples=40, deadline=None)
@given(row=st.integers(60, 2 * ROWS - 30), gap=st.sampled_from([None, "5h"]), seed=st.integers(0, 1_000))
def test_windows_and_targets_of_filled_tables_move_only_with_rows_they_may_see(
    row: int, gap: str | None, seed: int
) -> None:
    table = with_holes(2 * ROWS, seed)
    whole = {"train": 1.0, "val": 0.0, "test": 0.0}
    pipeline = made_whole(with_holes(4 * ROWS, seed + 1), window={"gap": gap}, split=whole).pipeline
    changed = with_anything_later(table, row, seed)
    before, after = (pipeline.transform(item) for item in (table, changed))
    windows = by_row(before, before.x["past"], row)
    assert windows == by_row(after, after.x["past"], row) and windows
    before, after = (pipeline.transform(item, labels=True) for item in (table, changed))
    for name in OUTPUTS:
        known = by_row(before, before.y[name], row, ahead=4)
        assert known == by_row(after, after.y[name], row, ahead=4) and known
        stay = by_row(before, before.persistences[name], row, ahead=4)
        assert stay == by_row(after, after.persistences[name], row, ahead=4)


@settings(max_examples=30, deadline=None)
@given(row=st.integers(20, ROWS - 1), shift=st.integers(1, 8), seed=st.integers(0, 1_000))
def test_an_input_that_is_shifted_sees_its_rows_and_no_later(row: int, shift: int, seed: int) -> None:
    inputs = {
        "past": {"columns": ["x", "y"], "lookback": 6},
        "known": {"columns": ["y"], "lookback": 3, "shift": shift},
    }
    table = frame(ROWS)
    shapes = {"past": (6, 2), "known": (3, 1)}
    pipeline = prepared(table, shapes, inputs=inputs).pipeline
    before, after = (pipeline.transform(item) for item in (table, with_other_future(table, row, seed)))
    seen = before.rows + shift <= row
    np.testing.assert_array_equal(before.x["known"][:][seen], after.x["known"][:][seen])
    assert before.rows[-1] + shift == ROWS - 1


@pytest.mark.parametrize("purge", ["auto", "strict"])
def test_the_last_training_target_ends_just_before_the_next_part(purge: str) -> None:
    ready = prepared(split={"purge": purge})
    first_of_validation = round(ROWS * 0.7)
    assert ready.train.rows[-1] + 4 == first_of_validation - 1
    assert ready.val.rows[0] == first_of_validation + (LENGTH - 1 if purge == "strict" else 0)


def test_a_purge_covers_the_rows_ahead_that_an_input_reads() -> None:
    inputs = {
        "past": {"columns": ["x", "y"], "lookback": 6},
        "known": {"columns": ["y"], "lookback": 3, "shift": 9},
    }
    ready = prepared(None, {"past": (6, 2), "known": (3, 1)}, inputs=inputs)
    assert ready.train.rows[-1] + 9 == round(ROWS * 0.7) - 1


def test_all_groups_are_cut_at_the_same_time() -> None:
    # The second symbol is quoted later: cut by its own rows, it would train on the test part of the first.
    first, second = frame(80, 1, symbol="A"), frame(40, 2, symbol="B").assign(time=np.arange(60, 100))
    table = pd.concat([first, second], ignore_index=True)
    ready = prepared(table, group=["symbol"], split={"train": 0.6, "val": 0.2, "test": 0.2})
    latest, earliest = ready.train.time.max(), ready.val.time.min()
    assert latest < earliest
    assert ready.val.time.max() < ready.test.time.min()


def test_windows_never_mix_groups() -> None:
    table = frame(ROWS, symbol=np.repeat(["A", "B", "A"], 40), day=np.repeat([1, 1, 2], 40))
    ready = prepared(
        table.assign(x=np.repeat([1.0, 2.0, 3.0], 40)), group=["symbol", "day"], scale={"method": "none"}
    )
    for part in (ready.train, ready.val, ready.test):
        windows = part.x["past"][:][:, :, 0]
        assert len(windows)
        assert (windows == windows[:, :1]).all()
        np.testing.assert_array_equal(part.y["next"], windows[:, -1])


def test_whole_groups_are_given_to_parts() -> None:
    table = frame(ROWS, day=np.repeat(np.arange(6), 20))
    ready = prepared(table, group=["day"], split={"by": "session"})
    days = [set(table["day"].to_numpy()[part.rows]) for part in (ready.train, ready.val, ready.test)]
    assert days == [{0, 1, 2, 3}, {4}, {5}]
