"""Predictions in the units of their columns, and arrays that have to say in which units they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.data.rows import frame
from zoo.errors import DataError, TrainError
from zoo.train.judge.table import score_table
from zoo.train.tasks import task
from zoo.train.trained import Trained
from zoo.train.units import in_units

SPEC = """
spec: 1
name: far
inputs: {past: {shape: [6, 2]}}
graph:
  code: [past, Flatten]
  value: [code, Dense: 1]
  path: [code, Dense: 6, Reshape: [3, 2]]
  side: [code, Dense: {units: 3, activation: softmax}]
outputs:
  value: {loss: mse}
  path: {loss: mae}
  side: {loss: sparse_categorical_crossentropy}
data:
  kind: table
  time: time
  inputs: {past: {columns: [x, y]}}
  targets:
    value: {column: x, horizon: 4}
    path:  {column: [x, y], horizon: 3}
    side:  {column: side, horizon: 2}
training: {epochs: 3, batch_size: 16, seed: 7}
"""


def far(rows: int = 300, seed: int = 0) -> pd.DataFrame:
    """Columns whose numbers are far from zero, so that a unit cannot be mistaken."""
    table = frame(rows, seed)
    return table.assign(x=5000 + 100 * table["x"], y=-3e6 + 1000 * table["y"])


@pytest.fixture(scope="module")
def run() -> Trained:
    return zoo.train(zoo.loads(SPEC), far(), verbose=0)


def test_predictions_are_in_the_unit_of_their_column_and_classes_stay_chances(run: Trained) -> None:
    told, raw = run.predict(far(100, 3)), run.raw_outputs(run.pipeline.transform(far(100, 3)).x)
    for name, columns in (("value", ["x"]), ("path", ["x", "y"])):
        for place, column in enumerate(columns):
            shift, factor = run.pipeline.scaler[column]
            expected = raw[name][..., place].astype(float) / factor + shift
            np.testing.assert_allclose(told[name][..., place], expected)
    np.testing.assert_array_equal(told["side"], raw["side"])
    assert np.abs(told["value"]).mean() > 1000 and (told["path"][..., 1] < -2e6).all()


def test_the_report_tells_errors_in_the_unit_of_the_column(run: Trained) -> None:
    test = run.prepared.test
    truth = far()["x"].to_numpy()[test.rows + 4]
    error = run.predict()["value"][:, 0] - truth
    assert run.metrics["value_rmse"] == pytest.approx(np.sqrt((error**2).mean()), rel=1e-4)
    assert run.metrics["value_mae"] == pytest.approx(np.abs(error).mean(), rel=1e-4)


def test_a_frame_of_predictions_names_rows_numbers_and_classes(run: Trained) -> None:
    table = far(40, 5)
    found = run.predict_frame(table)
    assert list(found.columns[:3]) == ["row", "time", "value_value"]
    assert list(found.columns[3:9]) == [f"path_{name}_{step}" for step in (1, 2, 3) for name in "xy"]
    assert list(found.columns[9:]) == ["side_p_buy", "side_p_hold", "side_p_sell", "side_class"]
    np.testing.assert_array_equal(found["row"], np.arange(6, 41))
    np.testing.assert_array_equal(found["value_value"], run.predict(table)["value"][:, 0])
    likeliest = run.predict(table)["side"].argmax(axis=1)
    assert list(found["side_class"]) == [["buy", "hold", "sell"][place] for place in likeliest]
    assert len(run.predict_frame()) == len(run.prepared.test)


def test_rows_as_an_array_are_a_frame_without_names(run: Trained) -> None:
    table = far(50, 4)
    rows, expected = run.predict(table[["x", "y"]].to_numpy()), run.predict(table)
    for name, values in expected.items():
        np.testing.assert_array_equal(rows[name], values)
    with pytest.raises(DataError, match="has 3 columns, and the recipe reads 2: x, y"):
        run.predict(np.zeros((50, 3)))


def test_samples_as_arrays_say_whether_they_are_scaled(run: Trained) -> None:
    table = far(50, 4)
    values = table[["x", "y"]].to_numpy()
    windows = np.stack([values[end - 6 : end] for end in range(6, 51)])
    expected = run.predict(table)
    own, seen = run.predict(windows, scaled=False), run.pipeline.transform(table).x
    as_seen = run.predict({"past": np.asarray(seen["past"])}, scaled=True)
    for name, found in expected.items():
        np.testing.assert_allclose(own[name], found, rtol=1e-6)
        np.testing.assert_array_equal(as_seen[name], found)
    # Windows of a part were scaled when it was made.
    np.testing.assert_array_equal(run.predict(seen)["value"], expected["value"])
    with pytest.raises(TrainError, match="were scaled, and nothing says whether these are") as caught:
        run.predict(windows)
    assert caught.value.code == "train.scaled" and "scaled=False" in caught.value.help
    assert len(run.predict_frame(windows, scaled=False)) == len(windows)


def test_a_pair_of_arrays_is_judged_alike_in_both_units(run: Trained) -> None:
    part = run.prepared.test
    seen = ({"past": np.asarray(part.x["past"])}, dict(part.y))
    values = far()
    rows = part.rows
    own_x = np.stack([values[["x", "y"]].to_numpy()[end - 5 : end + 1] for end in rows])
    own_y = {
        "value": values["x"].to_numpy()[rows + 4],
        "path": np.stack([values[["x", "y"]].to_numpy()[rows + step] for step in (1, 2, 3)], axis=1),
        "side": part.y["side"],
    }
    one, two = run.evaluate(seen, scaled=True), run.evaluate((own_x, own_y), scaled=False)
    assert one.metrics == pytest.approx(run.metrics) and two.metrics == pytest.approx(run.metrics, rel=1e-4)
    with pytest.raises(TrainError, match="nothing says"):
        run.evaluate((own_x, own_y))


def test_training_and_scoring_on_arrays_ask_the_same(run: Trained) -> None:
    part = run.prepared.train
    seen = {"past": np.asarray(part.x["past"])}
    again = zoo.from_bytes(run.to_bytes())
    for use in (again.fit, again.score):
        with pytest.raises(TrainError, match="nothing says whether these are"):
            use(seen, dict(part.y))
    values, table, rows = far()[["x", "y"]].to_numpy(), far(), part.rows
    own = {"past": np.stack([values[end - 5 : end + 1] for end in rows])}
    targets = {
        "value": table["x"].to_numpy()[rows + 4],
        "path": np.stack([values[rows + step] for step in (1, 2, 3)], axis=1),
        "side": part.y["side"],
    }
    scores = again.score(seen, dict(part.y), scaled=True)
    assert again.score(own, targets, scaled=False) == pytest.approx(scores, rel=1e-3)
    again.fit(own, targets, scaled=False, seed=1)
    other = zoo.from_bytes(run.to_bytes())
    other.fit(seen, dict(part.y), scaled=True, seed=1)
    assert again.history["loss"][-1] == pytest.approx(other.history["loss"][-1], rel=1e-3)


def test_nothing_need_be_said_where_nothing_was_scaled() -> None:
    text = SPEC.replace("  time: time\n", "  time: time\n  scale: {method: none}\n")
    run = zoo.train(zoo.loads(text), frame(120), epochs=0, verbose=0)
    windows = np.asarray(run.prepared.test.x["past"])
    np.testing.assert_array_equal(run.predict(windows)["value"], run.predict()["value"])
    np.testing.assert_array_equal(
        run.predict()["value"], run.raw_outputs(run.prepared.test.x)["value"].astype(float)
    )


def test_a_t_distribution_has_its_location_and_scale_in_the_unit(run: Trained) -> None:
    raw = np.array([[0.5, -1.0, 2.0], [-1.5, 3.0, 0.0]])
    told = in_units({"value": raw}, {"value": task("StudentT", (3,))}, run.pipeline)["value"]
    shift, factor = run.pipeline.scaler["x"]
    np.testing.assert_allclose(told[:, 0], raw[:, 0] / factor + shift)
    np.testing.assert_allclose(told[:, 1], np.log1p(np.exp(raw[:, 1])) / factor)
    np.testing.assert_allclose(told[:, 2], 2 + np.log1p(np.exp(raw[:, 2])))
    plain = in_units({"value": raw}, {"value": task("StudentT", (3,))}, None)["value"]
    np.testing.assert_allclose(plain[:, 0], raw[:, 0])


def test_quantiles_are_named_by_their_share() -> None:
    text = (
        SPEC.split("graph:")[0]
        + """
graph: {value: [past, LSTM: 4, Dense: 3]}
outputs: {value: {loss: {Pinball: [0.1, 0.5, 0.9]}}}
data:
  kind: table
  time: time
  inputs: {past: {columns: [x, y]}}
  targets: {value: {column: x, horizon: 1}}
training: {epochs: 1, batch_size: 16, seed: 7}
"""
    )
    run = zoo.train(zoo.loads(text), far(120), verbose=0)
    found = run.predict_frame()
    assert list(found.columns) == ["row", "time", "value_q0.1", "value_q0.5", "value_q0.9"]
    assert (found["value_q0.5"] > 1000).all()


def test_small_errors_keep_three_digits() -> None:
    text = score_table("y", {"model": {"mae": 0.003124, "rmse": 1.2e-7, "r2": 0.0004}}, ("mae", "rmse", "r2"))
    assert text.splitlines()[-1].split() == ["model", "0.00312", "1.2e-07", "0.000"]


def test_no_prediction_moves_with_rows_after_its_own() -> None:
    text = SPEC.replace("columns: [x, y]}}", "columns: [x, y], calendar: [hour]}}").replace(
        "[6, 2]", "[6, 4]"
    )
    spec = zoo.loads(text.replace("  time: time\n", "  time: time\n  missing: fill\n  window: {gap: 5h}\n"))
    table = far().assign(time=pd.date_range("2024-01-01", periods=300, freq="h"))
    table.loc[[20, 150, 250], "y"] = np.nan
    changed, rng = table.copy(), np.random.default_rng(1)
    # Behind the validation part: the model is trained, and chosen, on what comes before.
    row = round(300 * 0.85) + 20
    changed.loc[row + 1 :, ["x", "y"]] = rng.normal(scale=1e7, size=(299 - row, 2))
    one, two = (zoo.train(spec, item, verbose=0) for item in (table, changed))
    first, second = (run.predict_frame(item) for run, item in ((one, table), (two, changed)))
    before = first["row"] <= row + 1
    assert before.sum() > 250
    pd.testing.assert_frame_equal(first[before], second[before])
    assert not first[~before].equals(second[~before])
