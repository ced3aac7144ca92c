"""``zoo.data.windows``: frames and arrays to windows without a spec."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.rows import frame, prepared
from zoo.data import windows
from zoo.errors import DataError

ALL = {"train": 1.0}


def dated(rows: int = 120) -> pd.DataFrame:
    return frame(rows).assign(time=pd.date_range("2024-01-01", periods=rows, freq="h"))


def test_targets_of_mixed_type_with_horizons_of_their_own() -> None:
    table = dated()
    made = windows(table, 6, ["x", "side"], {"x": 4, "side": 2}, split=ALL)
    part, ends = made.train, np.arange(5, 116)
    np.testing.assert_array_equal(part.rows, ends)
    assert part.x["x"].shape == (111, 6, 2)
    np.testing.assert_allclose(part.x["x"][0], table[["x", "y"]].to_numpy()[:6], rtol=1e-6)
    np.testing.assert_allclose(part.y["x"], table["x"].to_numpy()[ends + 4], rtol=1e-6)
    assert made.pipeline.class_names("side") == ["buy", "hold", "sell"]
    names = np.array(made.pipeline.class_names("side"))[part.y["side"]]
    np.testing.assert_array_equal(names, table["side"].to_numpy()[ends + 2])
    np.testing.assert_array_equal(part.time, table["time"].to_numpy()[ends])


def test_it_is_what_a_spec_of_the_same_words_makes() -> None:
    table = dated()
    table.loc[[10, 70], "y"] = np.nan
    inputs = {"x": {"columns": ["x", "y"], "calendar": ["hour"], "lookback": 6}}
    sections = {"missing": "fill", "scale": {"method": "minmax", "range": [-1, 1]}}
    one = prepared(table, {"x": (6, 4)}, inputs=inputs, targets={"next": {"column": "x", "horizon": 4}},
                   window={"gap": "2h"}, **sections)  # fmt: skip
    two = windows(table, 6, "x", 4, columns=["x", "y"], calendar="hour", gap="2h", **sections)
    for part in ("train", "val", "test"):
        np.testing.assert_array_equal(
            np.asarray(getattr(one, part).x["x"]), np.asarray(getattr(two, part).x["x"])
        )
        np.testing.assert_array_equal(getattr(one, part).y["next"], getattr(two, part).y["x"])
    assert one.pipeline.scaler == two.pipeline.scaler


@pytest.mark.parametrize("scale", ["zscore", "minmax", "robust", {"method": "minmax", "range": [-1, 1]}])
def test_scalers_are_of_the_training_part_and_predictions_are_led_back(scale: Any) -> None:
    table = dated()
    made = windows(table, 6, {"x": "numeric"}, scale=scale)
    training = table["x"].to_numpy()[: round(120 * 0.7)]
    scaled = (training - made.pipeline.scaler["x"][0]) * made.pipeline.scaler["x"][1]
    if scale == "zscore":
        assert scaled.mean() == pytest.approx(0) and scaled.std() == pytest.approx(1)
    elif scale == "robust":
        assert np.median(scaled) == pytest.approx(0)
    else:
        low = -1.0 if isinstance(scale, dict) else 0.0
        assert (scaled.min(), scaled.max()) == (pytest.approx(low), pytest.approx(1))
    told = made.pipeline.in_units("x", made.test.y["x"])
    np.testing.assert_allclose(told, table["x"].to_numpy()[made.test.rows + 1], rtol=1e-5)
    again = made.pipeline.transform(table)
    np.testing.assert_array_equal(again.x["x"][made.test.rows - 5], np.asarray(made.test.x["x"]))


def test_groups_gaps_and_strides() -> None:
    table = dated().assign(symbol=np.repeat(["A", "B"], 60))
    late = table["time"] + pd.to_timedelta(np.where(np.arange(120) >= 90, 50, 0), unit="h")
    made = windows(table.assign(time=late), 6, group="symbol", gap="3h", stride=5, split=ALL)
    np.testing.assert_array_equal(made.train.rows, [*range(5, 60, 5), *range(65, 90, 5), *range(95, 120, 5)])
    assert made.train.y == {} and made.train.x["x"].shape[2] == 2


def test_arrays_are_rows_of_columns_by_number() -> None:
    rows = np.random.default_rng(0).normal(size=(60, 3))
    made = windows(rows, 4, "1", columns=["0", "2"], split=ALL)
    np.testing.assert_allclose(made.train.x["x"][3], rows[3:7, [0, 2]], rtol=1e-6)
    np.testing.assert_allclose(made.train.y["1"], rows[4:, 1], rtol=1e-6)
    one = windows(rows[:, 0].tolist(), 4, 0, split=ALL)
    np.testing.assert_allclose(one.train.y["0"], rows[4:, 0], rtol=1e-6)
    beside = windows(rows, 4, np.where(rows[:, 0] > 0, "up", "down"), 0, split=ALL)
    assert beside.train.x["x"].shape[2] == 3
    np.testing.assert_array_equal(beside.train.y["target"] == 1, rows[3:, 0] > 0)


@pytest.mark.parametrize("how", ["index", "named index", "column", "numbers"])
def test_the_times_are_found(how: str) -> None:
    table = dated().drop(columns="side")
    expected = table["time"].to_numpy()
    if how == "index":
        table = table.set_index("time").rename_axis(None)
    elif how == "named index":
        table = table.set_index("time").rename_axis("when")
    elif how == "column":
        table = table.rename(columns={"time": "date"})
    else:
        table["time"] = expected = np.arange(120)
    part = windows(table, 6, "x", split=ALL).train
    np.testing.assert_array_equal(part.time, expected[5:119])
    assert part.x["x"].shape[2] == 2


def test_levels_may_be_given_in_their_order() -> None:
    levels = {"side": ["sell", "hold", "buy"]}
    made = windows(dated(), 6, {"side": "categorical"}, levels=levels)
    assert made.pipeline.class_names("side") == levels["side"]
    assert made.pipeline.outputs == {"side": 3}
    numbers = dated().assign(side=np.arange(120) % 3)
    counted = windows(numbers, 6, {"side": "categorical", "x": "numeric"}, columns=["x"])
    assert counted.pipeline.class_names("side") == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((dated(), 6, "z"), "data frame has no column `z`"),
        ((dated(), 0), "`data.lookback` is a whole number from 1"),
        ((dated(), 6, "x", {"y": 3}), "`horizon` names `y`, which is no target"),
        ((dated(), 6, {"x": "number"}), "did you mean `numeric`?"),
        ((dated(), 200, "x"), "no window of 200 rows fits"),
        (("prices.csv", 6), "received str"),
        ((np.zeros((3, 4, 5)), 6), "received an array of shape (3, 4, 5)"),
        ((dated(), 6, np.zeros(7)), "the data has 120 rows"),
        ((dated().assign(target=1), 6, np.zeros(120)), "has a column `target` already"),
        ((dated().assign(other=dated()["time"]), 6, "x"), "several columns hold dates: time, other"),
        ((dated()[["time", "side"]], 6, "side"), "no column of numbers"),
    ],
)
def test_mistakes_are_told(arguments: tuple[Any, ...], said: str) -> None:
    with pytest.raises(DataError) as caught:
        windows(*arguments)
    assert said in f"{caught.value.message} {caught.value.help}"


def test_a_target_of_the_same_row_is_not_among_what_is_read() -> None:
    made = windows(dated(), 6, "x", 0, split=ALL)
    assert made.pipeline.read.inputs["x"].columns == ("y",)
    np.testing.assert_allclose(made.train.y["x"], dated()["x"].to_numpy()[made.train.rows], rtol=1e-6)
    with pytest.raises(DataError, match="the window reads that very value"):
        windows(dated(), 6, ["x", "y"], {"x": 0, "y": 2}, columns=["x"])


@settings(max_examples=30, deadline=None)
@given(row=st.integers(30, 110), scale=st.sampled_from(["zscore", "robust"]), seed=st.integers(0, 1_000))
def test_nothing_before_a_row_moves_with_what_comes_after(row: int, scale: str, seed: int) -> None:
    table, rng = dated(), np.random.default_rng(seed)
    changed = table.copy()
    changed.loc[row + 1 :, ["x", "y"]] = rng.normal(scale=100, size=(119 - row, 2))
    split = {"train": (row + 1) / 120, "val": 0.0, "test": 1 - (row + 1) / 120}
    one, two = (
        windows(item, 6, ["x", "side"], 3, calendar=["hour"], scale=scale, split=split)
        for item in (table, changed)
    )
    assert one.pipeline.to_dict() == two.pipeline.to_dict()
    np.testing.assert_array_equal(np.asarray(one.train.x["x"]), np.asarray(two.train.x["x"]))
    np.testing.assert_array_equal(one.train.y["x"], two.train.y["x"])
    assert int(one.train.rows.max()) + 3 == row
