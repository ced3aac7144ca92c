"""Free-running forecasts: each row from the ones predicted before it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.train.test_states import WAVE, table
from zoo.cli.main import main
from zoo.errors import DataError, TrainError, ZooError
from zoo.train.trained import Trained

PAIR = """
spec: 1
name: pair
params: {horizon: 1, columns: [x, y], calendar: []}
inputs: {past: {shape: [6, =len(columns) + 2 * len(calendar)]}}
graph: {next: [past, Flatten, Dense: =2 * horizon, Reshape: [=horizon, 2]]}
outputs: {next: {loss: mse}}
data:
  kind: table
  time: time
  inputs: {past: {columns: =columns, calendar: =calendar}}
  targets: {next: {column: [x, y], horizon: =horizon}}
training: {epochs: 1, batch_size: 16, seed: 7}
"""


def pair(rows: int = 120, freq: str = "D") -> pd.DataFrame:
    """Two columns of different size, with dates."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "time": pd.date_range("2024-01-01", periods=rows, freq=freq),
            "x": 100 + rng.normal(size=rows).cumsum(),
            "y": rng.normal(size=rows),
            "z": rng.normal(size=rows),
        }
    )


def by_hand(run: Trained, data: pd.DataFrame, steps: int) -> np.ndarray:
    """What the last window says, appended, over and over."""
    grown = data.copy()
    for _ in range(steps):
        row = dict(zip(["x", "y"], run.predict(grown)[-1].reshape(-1)[:2], strict=True))
        when = grown["time"].iloc[-1] + pd.Timedelta(days=1)
        grown.loc[len(grown)] = {"time": when, "z": 0.0, **row}
    return grown[["x", "y"]].to_numpy()[len(data) :]


@pytest.fixture(scope="module")
def run() -> Trained:
    return zoo.train(zoo.loads(PAIR), pair(), verbose=0)


@pytest.fixture(scope="module")
def wave() -> Trained:
    return zoo.train(zoo.loads(WAVE), table(), verbose=0)


def test_a_window_slides_over_what_was_predicted(run: Trained) -> None:
    told = run.forecast(4, pair())
    np.testing.assert_allclose(told[["x", "y"]], by_hand(run, pair(), 4), rtol=1e-4)
    assert told["step"].tolist() == [1, 2, 3, 4]
    assert told["time"].tolist() == list(pd.date_range("2024-04-30", periods=4))
    pd.testing.assert_frame_equal(run.forecast(4), told)
    pd.testing.assert_frame_equal(zoo.from_bytes(run.to_bytes()).forecast(4, pair()), told)


def test_several_steps_are_taken_as_the_model_gives_them() -> None:
    run = zoo.train(zoo.loads(PAIR, horizon=3), pair(), verbose=0)
    told = run.forecast(5, pair())
    np.testing.assert_allclose(told[["x", "y"]].to_numpy()[:3], run.predict(pair())[-1], rtol=1e-5)
    assert len(told) == 5 and np.isfinite(told["x"]).all()


def test_the_calendar_goes_on_by_itself_and_known_columns_are_given() -> None:
    spec = zoo.loads(PAIR, columns=["x", "y", "z"], calendar=["weekday"])
    run = zoo.train(spec, pair(), verbose=0)
    with pytest.raises(DataError, match="nothing predicts the column `z`") as caught:
        run.forecast(3)
    assert caught.value.code == "forecast.columns"
    told = run.forecast(3, known={"z": [0.0, 0.0]})
    np.testing.assert_allclose(told[["x", "y"]], by_hand(run, pair(), 3), rtol=1e-4)
    with pytest.raises(DataError, match=r"`known` has 1 values of `z`; the forecast reads 2"):
        run.forecast(3, known={"z": [0.0]})


@pytest.fixture(scope="module")
def priced() -> Trained:
    spec = zoo.loads(PAIR.replace("time: time", "time: time\n  group: [shop]"), columns=["x", "y", "z"])
    return zoo.train(spec, pd.concat([pair().assign(shop="A"), pair().assign(shop="B", x=7.0)]), verbose=0)


def coming(shop: str, *z: object) -> pd.DataFrame:
    """The list for the days after those of ``pair``."""
    return pd.DataFrame({"time": pd.date_range("2024-04-30", periods=len(z)), "shop": shop, "z": z})


def test_known_columns_are_those_of_each_group_and_come_from_files(priced: Trained, tmp_path: Path) -> None:
    both = pd.concat([coming("B", 1.0, -1.0), coming("A", 2.0, 0.5)])
    told = priced.forecast(3, known=both)
    only = priced.forecast(3, pair().assign(shop="A"), known={"z": [2.0, 0.5]})
    np.testing.assert_allclose(told[told["shop"] == "A"][["x", "y"]], only[["x", "y"]], rtol=1e-5)
    bundle, known, out = priced.save(tmp_path / "m.zoo"), tmp_path / "known.csv", tmp_path / "ahead.csv"
    both.to_csv(known, index=False)
    pd.testing.assert_frame_equal(priced.forecast(3, known=str(known)), told)
    both.to_parquet(tmp_path / "known.parquet")
    pd.testing.assert_frame_equal(priced.forecast(3, known=tmp_path / "known.parquet"), told)
    data = tmp_path / "data.csv"
    pair().assign(shop="A").to_csv(data, index=False)
    asked = ["predict", str(bundle), "--data", str(data), "--known", str(known), "--out", str(out)]
    assert main([*asked, "--forecast", "3"]) == 0
    np.testing.assert_allclose(pd.read_csv(out)[["x", "y"]], only[["x", "y"]], rtol=1e-5)
    assert main(asked) == 2


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (coming("A", 1.0, 2.0), "`known` has no row of shop B"),
        (pd.concat([coming("A", 1.0, 2.0), coming("B", 1.0)]), "has 1 values of `z`; the forecast reads 2"),
        (pd.concat([coming("A", 1.0, 2.0), coming("B", 0.0, 1.0, 2.0)[1:]]),
         "`known`: row 3 is of 2024-05-01, where 2024-04-30 comes"),
        (coming("A", 1.0, "much"), "`z` of row 2 is 'much'"),
        ({"z": [1.0, 2.0]}, "the data has 2 groups, and `known` does not say whose its rows are"),
        ({"zz": [1.0]}, "`known` has none of the columns that the inputs read"),
        (3, "`known` cannot be of type int"),
    ],
)  # fmt: skip
def test_what_is_known_must_be_of_the_rows_to_come(priced: Trained, known: object, said: str) -> None:
    with pytest.raises(ZooError, match=said) as caught:
        priced.forecast(3, known=known)
    assert caught.value.code == "forecast.known"


@pytest.mark.parametrize(("freq", "next_day"), [("B", "2024-06-17"), ("MS", "2034-01-01")])
def test_times_go_on_by_business_day_and_by_month(run: Trained, freq: str, next_day: str) -> None:
    assert run.forecast(1, pair(freq=freq))["time"].iloc[0] == pd.Timestamp(next_day)


def test_times_without_a_regular_step_are_left_out(run: Trained) -> None:
    assert list(run.forecast(2, pair().drop(index=[50, 51, 77]))) == ["step", "x", "y"]


def test_only_the_rows_after_the_last_gap_go_on() -> None:
    spec = zoo.loads(PAIR.replace("  inputs:", "  window: {gap: 3d}\n  inputs:"))
    broken = pair().drop(index=range(70, 80)).reset_index(drop=True)
    run = zoo.train(spec, broken, verbose=0)
    told = run.forecast(4, broken)
    assert told["time"].tolist() == list(pd.date_range("2024-04-30", periods=4))
    pd.testing.assert_frame_equal(told, run.forecast(4, broken[70:]))
    pd.testing.assert_frame_equal(told, run.forecast(4))
    with pytest.raises(TrainError, match="no window of 6 rows fits .*: 5 rows are there") as caught:
        run.forecast(4, broken[:75])
    assert caught.value.code == "forecast.rows"


def unrolled(run: Trained, values: np.ndarray) -> float:
    """What the cells say after a stretch, one row after the other."""
    kernel, recurrent, bias, out, shift = run.model.get_weights()
    state = np.zeros(len(bias))
    for value in values:
        state = np.tanh(value * kernel[0] + state @ recurrent + bias)
    return float(state @ out[:, 0] + shift[0])


@pytest.mark.parametrize("rows", [60, 63])
def test_a_state_is_carried_from_row_to_row(wave: Trained, rows: int) -> None:
    shift, factor = wave.pipeline.scaler["value"]
    values = list((table()["value"][:rows] - shift) * factor)
    for _ in range(8):
        values.append(unrolled(wave, np.array(values)))
    expected = np.array(values[rows:]) / factor + shift
    told = wave.forecast(8, table().iloc[:rows])
    np.testing.assert_allclose(told["value"], expected, atol=1e-5)
    assert list(told) == ["symbol", "step", "value"]


def test_a_step_traces_nothing_anew(wave: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, traced = wave.model.layers[-1], []
    plain = layer.call
    monkeypatch.setattr(layer, "call", lambda *args, **kwargs: traced.append(1) or plain(*args, **kwargs))
    wave.model.make_predict_function(force=True)
    wave.forecast(1)
    once = len(traced)
    wave.forecast(30)
    assert once and len(traced) == once


def test_each_group_goes_on_from_its_own_rows(wave: Trained) -> None:
    both = table(60, "A", "B")
    told = wave.forecast(7, both)
    assert told["symbol"].tolist() == ["A"] * 7 + ["B"] * 7
    alone = wave.forecast(7, both[both["symbol"] == "B"])
    np.testing.assert_allclose(told["value"][7:], alone["value"], atol=1e-6)


@pytest.mark.parametrize("stride", [1, 3])
def test_a_state_of_overlapping_windows_is_that_of_the_windows_before(stride: int) -> None:
    text = WAVE.replace("return_sequences: true, ", "").replace("stride: 5", f"stride: {stride}")
    text = text.replace("label: {per_step: true}", "lint: {}").replace("lint: {}\n  ", "")
    run = zoo.train(zoo.loads(text), table(), verbose=0)
    # With this many rows a window ends at the last one.
    grown = table()[:41]
    for value in run.forecast(3, grown)["value"]:
        if (len(grown) - 5) % stride == 0:
            assert value == pytest.approx(float(run.predict(grown)[-1].item()), abs=1e-5)
        grown = pd.concat([grown, pd.DataFrame({"symbol": ["A"], "value": [value]})], ignore_index=True)


def test_the_training_and_the_state_are_left_alone(wave: Trained) -> None:
    before = wave.predict()
    wave.forecast(6)
    np.testing.assert_array_equal(wave.predict(), before)


@pytest.mark.parametrize("n", [0, -3, 1.5, True, "4"])
def test_a_forecast_has_a_whole_number_of_steps(run: Trained, n: object) -> None:
    with pytest.raises(TrainError, match="whole number of steps") as caught:
        run.forecast(n)
    assert caught.value.code == "forecast.n"


def test_what_says_nothing_of_the_next_row_cannot_go_on() -> None:
    text = PAIR.replace("Dense: =2 * horizon, Reshape: [=horizon, 2]", "Dense: 2").replace(
        "horizon: =horizon", "horizon: 4"
    )
    run = zoo.train(zoo.loads(text), pair(), verbose=0)
    with pytest.raises(DataError, match="`next` says what stands 4 rows ahead") as caught:
        run.forecast(2)
    assert caught.value.code == "forecast.horizon"


def test_the_shell_writes_a_forecast(run: Trained, tmp_path: Path) -> None:
    bundle, data, out = run.save(tmp_path / "pair.zoo"), tmp_path / "pair.csv", tmp_path / "ahead.csv"
    pair().to_csv(data, index=False)
    assert main(["predict", str(bundle), "--data", str(data), "--forecast", "4", "--out", str(out)]) == 0
    written = pd.read_csv(out, parse_dates=["time"])
    np.testing.assert_allclose(written[["x", "y"]], run.forecast(4, pair())[["x", "y"]], rtol=1e-6)
    assert written["time"].tolist() == list(pd.date_range("2024-04-30", periods=4))


def test_arrays_and_books_have_no_forecast() -> None:
    untrained = Trained.untrained(zoo.loads(PAIR))
    with pytest.raises(ZooError) as caught:
        untrained.forecast(2)
    assert caught.value.code == "forecast.kind"


def test_the_sine_is_learnt_and_goes_on_freely() -> None:
    run = zoo.train("rnn_sine", epochs=10, verbose=0)
    assert run.history["loss"][-1] < 1e-3 and run.history["loss"][1] < 1e-3
    told = run.forecast(40)
    truth = np.sin(2 * np.pi * told["time"].to_numpy() / 40)
    assert np.corrcoef(told["value"], truth)[0, 1] > 0.95
    assert np.sqrt(((told["value"] - truth) ** 2).mean()) < 0.2
