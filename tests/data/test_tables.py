"""Tables: what windows and targets hold, in every form an output may ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.data.rows import RECIPE, frame, prepared
from zoo import data
from zoo.data import Pipeline
from zoo.errors import DataError

NONE = {"method": "none"}


def test_a_window_ends_at_its_row_and_its_target_lies_the_horizon_ahead() -> None:
    table = frame()
    ready = prepared(table, scale=NONE)
    values = table[["x", "y"]].to_numpy(np.float32)
    for number, row in enumerate(ready.train.rows[:5]):
        np.testing.assert_array_equal(ready.train.x["past"][number], values[row - 5 : row + 1])
        assert ready.train.y["next"][number] == values[row + 4, 0]
        assert ready.train.persistences["next"][number] == values[row, 0]
    assert ready.train.rows[0] == 5


@pytest.mark.parametrize(
    ("column", "shape", "steps"),
    [
        ("x", (1,), [4]),
        ("x", (), [4]),
        ("x", (4,), [1, 2, 3, 4]),
        ("x", (4, 1), [1, 2, 3, 4]),
        (["x"], (4, 1), [1, 2, 3, 4]),
        (["x", "y"], (2,), [4]),
        (["y", "x"], (4, 2), [1, 2, 3, 4]),
        (["x", "y"], (None, 2), [1, 2, 3, 4]),
    ],
)
def test_the_output_says_which_rows_it_is_asked_for(column: Any, shape: Any, steps: list[int]) -> None:
    table = frame()
    targets = {"next": {"column": column, "horizon": 4}}
    ready = prepared(table, None, None, {"next": shape}, targets=targets, scale=NONE)
    names = [column] if isinstance(column, str) else column
    values = table[names].to_numpy(np.float32)
    full = tuple(4 if size is None else size for size in shape)
    expected = np.stack([values[ready.test.rows + step] for step in steps], axis=1)
    np.testing.assert_array_equal(ready.test.y["next"], expected.reshape(len(ready.test), *full))
    last = np.stack([values[ready.test.rows]] * len(steps), axis=1)
    np.testing.assert_array_equal(ready.test.persistences["next"], last.reshape(len(ready.test), *full))


@pytest.mark.parametrize("horizon", [0, 1, 3])
def test_per_step_targets_follow_each_step_of_the_window(horizon: int) -> None:
    table = frame()
    targets = {"next": {"column": ["x", "y"], "horizon": horizon}}
    ready = prepared(
        table, None, None, {"next": (6, 2)}, targets=targets, label={"per_step": True}, scale=NONE
    )
    values = table[["x", "y"]].to_numpy(np.float32)
    row = int(ready.train.rows[7])
    np.testing.assert_array_equal(ready.train.y["next"][7], values[row - 5 + horizon : row + 1 + horizon])
    persistence = ready.train.persistences["next"]
    if horizon:
        np.testing.assert_array_equal(persistence[7], values[row - 5 : row + 1])
    else:
        assert persistence is None


def test_a_target_of_the_last_row_is_set_beside_the_value_before() -> None:
    table = frame(spread=np.arange(120.0))
    targets = {"next": {"column": "spread", "horizon": 0}}
    ready = prepared(table, targets=targets, scale=NONE)
    np.testing.assert_array_equal(ready.train.y["next"], ready.train.rows)
    np.testing.assert_array_equal(ready.train.persistences["next"], ready.train.rows - 1)


def test_targets_and_windows_of_one_group_are_views() -> None:
    table = frame(2_000)
    targets = {"next": {"column": ["x", "y"], "horizon": 0}}
    ready = prepared(
        table, {"past": (300, 2)}, None, {"next": (300, 2)},
        inputs={"past": {"columns": ["x", "y"]}}, targets=targets, label={"per_step": True},
    )  # fmt: skip
    part = ready.train
    assert part.values is not None
    assert np.shares_memory(part.x["past"].windows.values, part.values)
    base = part.y["next"]
    while base.base is not None and isinstance(base.base, np.ndarray):
        base = base.base
    assert part.y["next"].nbytes > 100 * part.values.nbytes
    assert not part.y["next"].flags.owndata and part.y["next"].strides[0] == part.y["next"].strides[1]


def test_a_numeric_target_is_in_the_scale_of_its_column() -> None:
    table = frame()
    ready = prepared(table)
    shift, factor = ready.pipeline.scaler["x"]
    training = table["x"].to_numpy()[: round(len(table) * 0.7)]
    assert shift == pytest.approx(training.mean()) and 1 / factor == pytest.approx(training.std())
    back = ready.train.y["next"] / factor + shift
    np.testing.assert_allclose(back, table["x"].to_numpy()[ready.train.rows + 4], rtol=1e-5)
    np.testing.assert_allclose(ready.pipeline.in_units("next", ready.train.y["next"]), back, rtol=1e-5)


def test_numbers_of_several_columns_go_back_to_the_unit_of_each() -> None:
    table = frame()
    targets = {"next": {"column": ["y", "x"], "horizon": 4}}
    for shape in ((2,), (4, 2)):
        ready = prepared(table, None, None, {"next": shape}, targets=targets)
        back = ready.pipeline.in_units("next", ready.test.y["next"])
        last = back if len(shape) == 1 else back[:, -1]
        np.testing.assert_allclose(last, table[["y", "x"]].to_numpy()[ready.test.rows + 4], rtol=1e-4)


def test_classes_are_numbered_as_the_training_part_sorts_them() -> None:
    targets = {"next": {"column": "side", "type": "categorical", "horizon": 1}}
    table = frame()
    ready = prepared(table, None, {"next": 3}, targets=targets)
    assert ready.pipeline.class_names("next") == ["buy", "hold", "sell"]
    names = np.array(["buy", "hold", "sell"])
    np.testing.assert_array_equal(names[ready.test.y["next"]], table["side"].to_numpy()[ready.test.rows + 1])
    np.testing.assert_array_equal(
        names[ready.test.persistences["next"]], table["side"].to_numpy()[ready.test.rows]
    )


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        ([1, 10, 2], ["1", "2", "10"]),
        ([1.0, 10.0, 2.0], ["1", "2", "10"]),
        ([1.5, 10, -2], ["-2", "1.5", "10"]),
    ],
)
def test_levels_that_are_numbers_are_sorted_by_size(values: list[float], levels: list[str]) -> None:
    targets = {"next": {"column": "grade", "type": "categorical"}}
    ready = prepared(frame(grade=values * 40), None, {"next": 3}, targets=targets)
    assert ready.pipeline.class_names("next") == levels


def test_a_file_and_its_frame_have_the_same_levels_and_windows(tmp_path: Path) -> None:
    table = frame(grade=[1.0, 2.0] * 60).assign(time=pd.date_range("2024-01-01", periods=120, freq="h"))
    targets = {"next": {"column": "grade", "type": "categorical"}}
    plain = prepared(table, None, {"next": 2}, targets=targets)
    table.to_csv(tmp_path / "t.csv", index=False)
    table.to_csv(tmp_path / "t.csv.gz", index=False)
    table.to_parquet(tmp_path / "t.parquet")
    for name in ("t.csv", "t.csv.gz", "t.parquet"):
        read = prepared(tmp_path / name, None, {"next": 2}, targets=targets)
        assert read.pipeline == plain.pipeline
        assert read.fingerprint == plain.fingerprint
        np.testing.assert_array_equal(read.test.x["past"][:], plain.test.x["past"][:])
        np.testing.assert_array_equal(read.test.time, plain.test.time)


def test_the_pipeline_survives_json_and_treats_new_rows_the_same_way() -> None:
    table = frame()
    targets = {"next": {"column": "x", "horizon": 4}, "side": {"column": "side"}}
    ready = prepared(table, None, {"next": None, "side": 3}, targets=targets)
    again = Pipeline.from_dict(json.loads(json.dumps(ready.pipeline.to_dict())))
    assert again == ready.pipeline
    part = again.transform(table, labels=True)
    where = np.isin(part.rows, ready.test.rows)
    np.testing.assert_array_equal(part.x["past"][:][where], ready.test.x["past"][:])
    for name in ("next", "side"):
        np.testing.assert_array_equal(part.y[name][where], ready.test.y[name])


def test_predictions_need_no_targets_and_reach_the_last_row() -> None:
    pipeline = prepared(targets={"next": {"column": "side"}}, outputs={"next": 3}).pipeline
    part = pipeline.transform(frame().drop(columns="side"))
    assert part.rows[-1] == 119 and not part.y
    assert {name: values[part.rows[-1]] for name, values in part.index_rows.items()} == {
        "row": 120,
        "time": 119,
    }


def test_a_single_column_fills_an_input_without_a_time_axis() -> None:
    ready = prepared(
        None, {"past": (6,)}, inputs={"past": {"columns": ["x"], "lookback": 6}}, output_shapes={"next": (4,)}
    )
    assert ready.train.x["past"][[0, 1]].shape == (2, 6)


def test_known_columns_lie_beside_the_rows_that_are_asked_for() -> None:
    table = frame()
    inputs = {
        "past": {"columns": ["x", "y"], "lookback": 6},
        "before": {"columns": ["x"], "lookback": 4, "shift": 3},
    }
    ready = prepared(
        table, {"past": (6, 2), "before": (4, 1)}, None, {"next": (4,)}, inputs=inputs, scale=NONE
    )
    # teacher forcing: each step's input is the target of the step before
    np.testing.assert_array_equal(ready.train.x["before"][:][:, 1:, 0], ready.train.y["next"][:, :-1])


def test_the_stride_counts_rows_of_a_group() -> None:
    ready = prepared(window={"stride": 5})
    assert set(np.diff(ready.train.rows)) == {5}


@pytest.mark.parametrize(
    ("outputs", "shape", "targets", "said"),
    [
        ({"next": None}, (3,), {"next": {"column": "x", "horizon": 4}}, "[1] or [4] or [4, 1]"),
        ({"next": None}, (5, 2), {"next": {"column": ["x", "y"], "horizon": 4}}, "[2] or [4, 2]"),
        ({"next": None}, (1,), {"next": {"column": "side", "type": "categorical"}}, "asks for numbers"),
        ({"next": 3}, (3,), {"next": {"column": "x", "type": "numeric"}}, "has 3 classes"),
        (
            {"next": 4},
            (4,),
            {"next": {"column": "side"}},
            "has 3 levels in the training part: buy, hold, sell",
        ),
        ({"next": None}, (1,), {"nxt": {"column": "x"}}, "did you mean `next`?"),
        ({"next": None}, (1,), {}, "says nothing of the output `next`"),
        ({"next": None}, (1,), {"next": {"column": "x", "horizon": 1.5}}, "whole number"),
        ({"next": None}, (1,), {"next": {"columns": "x"}}, "did you mean `column`?"),
        ({"next": None}, (1,), {"next": {"column": ["x", "x"]}}, "a column or a list of columns"),
        ({"next": None}, (1,), {"next": {"column": "x", "type": "number"}}, "did you mean `numeric`?"),
    ],
)
def test_targets_that_do_not_fit_are_told(outputs: Any, shape: Any, targets: Any, said: str) -> None:
    with pytest.raises(DataError) as raised:
        prepared(None, None, outputs, {"next": shape}, targets=targets)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"inputs": {"past": {"columns": ["x"], "lookback": 6}}}, "input `past` has shape [6, 2]"),
        ({"inputs": {"past": {"lookback": 6}}}, "has no `columns`"),
        ({"inputs": {"past": {"columns": ["x", "y"], "lookback": 6, "shift": 0.5}}}, "whole number of rows"),
        ({"inputs": {"past": {"columns": ["x", "x"], "lookback": 6}}}, "names a column twice"),
        ({"split": {"by": "random"}}, "random split"),
        ({"split": {"by": "session"}}, "has one group"),
        ({"split": {"purge": 2}}, "shorter than the label's horizon of 4"),
        ({"features": {"levels": 2}}, "the keys offered for tables are"),
        ({"window": {"stride": 0}}, "whole number from 1"),
        ({"label": {"per_step": "yes"}}, "true or false"),
        ({"time": 3}, "name of a column"),
    ],
)
def test_recipes_that_cannot_be_followed_are_told(sections: Any, said: str) -> None:
    with pytest.raises(DataError) as raised:
        prepared(None, **sections)
    assert said in str(raised.value)


def test_a_source_that_is_no_table_is_told() -> None:
    for source, said in ((None, "names no `source`"), (3, "received int"), ({"toy": "sines"}, "`sine`")):
        with pytest.raises(DataError) as raised:
            data.prepare(RECIPE, source, input_shapes={"past": (6, 2)}, outputs={"next": None})
        assert said in str(raised.value)
