"""``Trained.stream`` over the rows of a table, and over sessions that scale the next ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.serve.specs import HIERARCHY, TWO_CODES
from zoo.data import orderbook
from zoo.errors import DataError, TrainError
from zoo.train.trained import Trained

TABLE = """
spec: 1
name: streamed
inputs: {past: {shape: [5, COLUMNS]}}
graph: {next: [past, Conv1D: {filters: 8, kernel_size: 1, activation: relu}, LSTM: 4, Dense: 1]}
outputs: {next: {loss: mse}}
data:
  kind: table
  time: when
  inputs: {past: {columns: [price, volume], lookback: 5 MORE}}
  targets: {next: {column: price, horizon: 1}}
  RECIPE
training: {epochs: 1, batch_size: 32, seed: 3}
"""


def spec(columns: int = 2, recipe: str = "clean: error", more: str = "") -> Any:
    text = TABLE.replace("COLUMNS", str(columns)).replace("RECIPE", recipe).replace(" MORE", more)
    return zoo.loads(text)


def frame(rows: int = 240, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    when = pd.date_range("2024-03-01", periods=rows, freq="h")
    price = 100 + np.cumsum(rng.normal(size=rows))
    return pd.DataFrame({"when": when, "price": price, "volume": rng.gamma(2.0, 10.0, rows)})


def pushed(stream: Any, rows: pd.DataFrame) -> dict[int, float]:
    """Row, counted from 1 → what the stream gave."""
    made = ((row + 1, stream.push(rows.iloc[row])) for row in range(len(rows)))
    return {row: float(value[0]) for row, value in made if value is not None}


def same(run: Any, rows: pd.DataFrame) -> None:
    wanted, stream = run.predict_frame(rows), run.stream()
    found = pushed(stream, rows)
    assert list(found) == wanted["row"].tolist()
    np.testing.assert_allclose(list(found.values()), wanted.iloc[:, -1], rtol=1e-5)


def test_the_rows_of_a_table_give_what_predict_gives():
    run, rows = zoo.train(spec(), frame()), frame(60, seed=1)
    same(run, rows)
    stream = run.stream()
    plain = [stream.push(row) for row in rows[["price", "volume"]].to_numpy()]
    np.testing.assert_allclose(plain[4:], run.predict(rows), rtol=1e-5)
    stream.reset()
    assert stream.push(rows.iloc[0]) is None


def test_the_calendar_gaps_and_cells_filled_with_the_last_known_value():
    recipe = "missing: fill\n  window: {gap: 90min}"
    run = zoo.train(spec(5, recipe, ", calendar: [hour, weekday_number]"), frame())
    rows = frame(80, seed=2).drop(index=[30, 31, 50]).reset_index(drop=True)
    rows.loc[[0, 12, 13, 30], "volume"] = np.nan
    rows.loc[40, "price"] = np.nan
    same(run, rows)
    with pytest.raises(DataError, match="and the time `when`") as caught:
        run.stream().push([1.0, 2.0])
    assert caught.value.code == "stream.row"


def test_rows_that_cannot_be_are_told_or_left_out():
    rows = frame(12, seed=3)
    rows.loc[6, "volume"] = np.nan
    run = zoo.train(spec(), frame())
    stream = run.stream()
    for row in range(6):
        stream.push(rows.iloc[row])
    for bad, code in (
        (rows.iloc[6], "data.missing"),
        (rows.iloc[5], "data.duplicate"),
        (rows.iloc[2], "data.time"),
        ({"price": 1.0}, "stream.row"),
        ([1.0, 2.0, 3.0], "stream.row"),
        ({**rows.iloc[8], "price": "1628,75"}, "stream.row"),
        ({**rows.iloc[8], "price": [1.0, 2.0]}, "stream.row"),
        ({"when": None, "price": 1.0, "volume": 2.0}, "data.type"),
    ):
        with pytest.raises(DataError) as caught:
            stream.push(bad)
        assert caught.value.code == code and caught.value.help
    dropping = zoo.train(spec(recipe="clean: drop"), frame())
    same(dropping, rows)
    skipping = dropping.stream()
    pushed(skipping, rows)
    assert skipping.skipped == 1
    assert skipping.push({**frame(13).iloc[12], "price": "NA"}) is None
    # what is no number at all is no empty cell
    with pytest.raises(DataError, match="`price` is 'a', not a number"):
        skipping.push({**frame(13).iloc[12], "price": "a"})


def grouped(rows: int = 80, seed: int = 4) -> pd.DataFrame:
    """Two symbols, hour by hour one after the other, of prices far apart."""
    first, second = frame(rows, seed).assign(symbol=1), frame(rows, seed + 1).assign(symbol=2)
    second["price"] += 50.0
    return pd.concat([first, second]).sort_values(["when", "symbol"], kind="stable").reset_index(drop=True)


def test_each_group_that_rows_name_has_a_window_of_its_own():
    recipe = "group: symbol\n  window: {gap: 90min}\n  missing: fill"
    run, rows = zoo.train(spec(recipe=recipe), grouped()), grouped(40, seed=6)
    rows = rows.drop(index=[40, 61]).reset_index(drop=True)
    rows.loc[[20, 31], "volume"] = np.nan
    stream = run.stream()
    found, wanted = pushed(stream, rows), run.predict_frame(rows).set_index("row").iloc[:, -1]
    assert sorted(found) == sorted(wanted.index) and len(found) > 40
    np.testing.assert_allclose([found[row] for row in wanted.index], wanted, rtol=1e-5)
    # a name is the same however it is written, and after a reset all begin anew
    stream.reset()
    again = [stream.push({**row, "symbol": str(row["symbol"])}) for row in rows.iloc[:12].to_dict("records")]
    assert [row for row, value in enumerate(again, 1) if value is not None] == sorted(found)[:4]


def test_what_a_row_says_of_its_group_is_all_or_nothing():
    run, rows = zoo.train(spec(recipe="group: symbol"), grouped()), frame(12, seed=7)
    alone = pushed(run.stream(), rows)
    assert len(alone) == 8
    assert pushed(run.stream(), rows.assign(symbol=1)) == alone
    stream = run.stream()
    for symbol in (None, np.nan, ""):
        with pytest.raises(DataError, match="does not say its group, `symbol`") as caught:
            stream.push({**rows.iloc[0], "symbol": symbol})
        assert caught.value.code == "data.missing"
    stream.push({**rows.iloc[5], "symbol": 1})
    with pytest.raises(DataError, match="goes backwards: 2024-03-01T03:00:00 after") as caught:
        stream.push({**rows.iloc[3], "symbol": 1})
    assert "`symbol`" in (caught.value.help or "")
    stream.push({**rows.iloc[3], "symbol": 2})
    two = zoo.train(spec(recipe="group: [symbol, venue]"), grouped().assign(venue="a")).stream()
    with pytest.raises(DataError, match="its group is that and `symbol`"):
        two.push({**rows.iloc[0], "venue": "a"})


def test_a_time_of_another_kind_than_those_before_is_told():
    stream, rows = zoo.train(spec(), frame()).stream(), frame(3)
    stream.push(rows.iloc[0])
    with pytest.raises(DataError, match="`when` is a number, and that of the row before is a date") as caught:
        stream.push({**rows.iloc[1], "when": 5})
    assert caught.value.code == "stream.row"
    stream.push(rows.iloc[1])


def test_a_table_that_needs_more_than_its_rows_so_far_says_so():
    text = TABLE.replace("COLUMNS", "2").replace(" MORE", ", shift: 1").replace("RECIPE", "clean: error")
    run = zoo.train(zoo.loads(text.replace("horizon: 1", "horizon: 2")), frame())
    with pytest.raises(DataError) as caught:
        run.stream()
    assert caught.value.code == "stream.shift"


def test_sessions_are_scaled_by_those_before_them():
    text = HIERARCHY.replace("data:", "data:\n  scale: {method: rolling_sessions, sessions: 2}", 1)
    run = zoo.train(zoo.loads(text.replace("sessions: 2}}", "sessions: 4}}")))
    book = orderbook.simulate(snapshots=160, levels=2, seed=5, sessions=3)
    # Later than those trained on, and of other names.
    book = replace(book, sessions=("a", "b", "c"), time=book.time + 10**18)
    wanted, stream, found = run.predict(book), run.stream(), []
    cells = np.stack([book.ask_price, book.ask_size, book.bid_price, book.bid_size], axis=2)
    for row, snapshot in enumerate(cells):
        if row and book.groups[row] != book.groups[row - 1]:
            stream.reset()
        made = stream.push(snapshot)
        if made is not None:
            found.append(made)
    np.testing.assert_allclose(np.array(found), wanted, atol=1e-5)


@pytest.fixture(scope="module")
def hierarchy() -> Any:
    return zoo.train(zoo.loads(HIERARCHY))


def rows_of(sessions: int) -> pd.DataFrame:
    """A book as a frame of its file's columns."""
    book = orderbook.simulate(snapshots=60, levels=2, seed=1, sessions=sessions)
    cells = np.stack([book.ask_price, book.ask_size, book.bid_price, book.bid_size], axis=2).reshape(60, -1)
    names = [
        f"{side}_{level}" for level in (1, 2) for side in ("ask_price", "ask_size", "bid_price", "bid_size")
    ]
    frame = pd.DataFrame(cells, columns=names)
    return frame.assign(time_ns=book.time, session=[f"day {item}" for item in book.session])


def test_a_snapshot_of_another_session_begins_the_window_anew(hierarchy: Any):
    rows, stream = rows_of(sessions=2), hierarchy.stream()
    found = [stream.push(rows.iloc[row]) for row in range(len(rows))]
    wanted = hierarchy.predict(rows)
    assert sum(item is not None for item in found) == len(wanted) == 2 * (30 - 5)
    np.testing.assert_allclose([item for item in found if item is not None], wanted, atol=1e-5)


def test_time_does_not_go_back(hierarchy: Any):
    rows, stream = rows_of(sessions=1), hierarchy.stream()
    stream.push(rows.iloc[5])
    with pytest.raises(DataError, match="snapshot 2: `time_ns` .* is before") as caught:
        stream.push(rows.iloc[4])
    assert caught.value.code == "stream.time"
    stream.reset()
    stream.push(rows.iloc[4])


def test_times_are_numbers_however_they_are_written(hierarchy: Any):
    rows, stream = rows_of(sessions=1), hierarchy.stream()
    stream.push({**rows.iloc[0], "time_ns": "999"})
    for time in ("1000", 1001, np.datetime64(1002, "ns"), pd.Timestamp(1002, tz="UTC"), 1_003.0):
        stream.push({**rows.iloc[1], "time_ns": time})
    with pytest.raises(DataError, match="`time_ns` 999 is before 1003"):
        stream.push({**rows.iloc[2], "time_ns": "999"})
    for time in ("gestern", None, float("nan"), pd.NaT, np.datetime64("NaT")):
        with pytest.raises(DataError, match="not a whole number of nanoseconds") as caught:
            stream.push({**rows.iloc[2], "time_ns": time})
        assert caught.value.code == "stream.time"


def test_scaled_features_with_names_are_taken_by_them(hierarchy: Any):
    table = zoo.train(spec(), frame())
    for run, names in (
        (table, ["price", "volume"]),
        (hierarchy, list(hierarchy.pipeline.feature_names)),
    ):
        rows = np.random.default_rng(4).normal(size=(6, len(names))).astype(np.float32)
        plain, named, backwards = run.stream(), run.stream(), run.stream()
        for row in rows:
            wanted = plain.push(row, scaled=True)
            told = pd.Series(row, names)
            for found in (named.push(dict(told), scaled=True), backwards.push(told[::-1], scaled=True)):
                np.testing.assert_array_equal(found, wanted)
        assert wanted is not None
        with pytest.raises(TrainError, match=f"no feature `{names[-1]}`"):
            named.push(dict(told[:-1]), scaled=True)


def test_names_are_refused_where_features_have_none():
    carrier = zoo.loads(TABLE.split("data:")[0].replace("COLUMNS", "2"))
    run = zoo.train(carrier, (np.zeros((40, 5, 2), np.float32), np.zeros((40, 1), np.float32)), epochs=0)
    with pytest.raises(TrainError, match="does not know what its features are called"):
        run.stream().push({"price": 1.0, "volume": 2.0})


def test_a_bad_snapshot_is_told_by_its_number_and_by_what_is_wrong(hierarchy: Any):
    rows, stream = rows_of(sessions=1), hierarchy.stream()
    for row in range(3):
        stream.push(rows.iloc[row])
    with pytest.raises(DataError, match="snapshot 4: `ask_size_2`"):
        stream.push({**rows.iloc[3], "ask_size_2": float("nan")})
    for given, said in (
        ({**rows.iloc[3], "ask_size_2": "a"}, "'a' as `ask_size_2`"),
        ("abc", "a text"),
        (np.ones(9), "multiple of four; received 9"),
        (np.ones((2, 8)), "2 rows at once"),
    ):
        with pytest.raises(DataError, match=said):
            stream.push(given)
    for given, said in ((["a"] * 8, "received what are none"), ({"x": 1.0}, "no feature `ask_price_1`")):
        with pytest.raises(TrainError, match=said):
            stream.push(given, scaled=True)


def test_one_window_is_of_finite_numbers(hierarchy: Any):
    window, fast = np.zeros((6, 8, 1), np.float32), hierarchy.predictor()
    fast.one(window)
    window[2, 3] = np.nan
    with pytest.raises(TrainError, match="missing or infinite"):
        fast.one(window)
    with pytest.raises(TrainError, match="no numbers"):
        fast.one(np.full((6, 8, 1), "a", object))


@pytest.mark.parametrize("threads", [0, 1.5, "2"])
def test_threads_are_counted(hierarchy: Any, threads: Any):
    with pytest.raises(TrainError, match="threads must be a whole number, 1 or more"):
        hierarchy.predictor(threads=threads)


def test_threads_are_no_more_than_a_machine_may_have(hierarchy: Any):
    with pytest.raises(TrainError, match="1,024 or fewer, received 10,000,000,000"):
        hierarchy.predictor(threads=1e10)


def test_samples_of_a_book_are_taken_as_they_are(hierarchy: Any):
    windows = np.zeros((2, 6, 8, 1), np.float32)
    hierarchy.predict(windows)
    with pytest.raises(TrainError, match="are features of a book") as caught:
        hierarchy.predict(windows, scaled=False)
    assert caught.value.code == "train.scaled"


def test_what_is_predicted_is_not_written_over(hierarchy: Any, tmp_path: Any):
    rows_of(sessions=1).to_csv(tmp_path / "book.csv", index=False)
    before = (tmp_path / "book.csv").read_bytes()
    for name in ("book.csv", "../" + tmp_path.name + "/book.csv"):
        with pytest.raises(TrainError, match="is the data that are predicted"):
            hierarchy.predict_file(tmp_path / name, tmp_path / "book.csv")
    with pytest.raises(TrainError, match="is no name of a table"):
        hierarchy.predict_file(tmp_path / "model.zoo", tmp_path / "book.csv")
    assert (tmp_path / "book.csv").read_bytes() == before
    assert hierarchy.predict_file(tmp_path / "found.csv", tmp_path / "book.csv") == 55
    assert hierarchy.predict_file(tmp_path / "found.csv", tmp_path / "book.csv") == 55
    kept = (tmp_path / "book.csv").read_bytes()
    (tmp_path / "table.parquet").write_bytes(kept)
    for name in ("book.csv", "table.parquet"):
        # the file to write comes first: here the two are swapped
        with pytest.raises(TrainError, match="holds no predictions") as caught:
            hierarchy.predict_file(tmp_path / name, tmp_path / "found.csv")
        assert caught.value.code == "predict.out" and (tmp_path / name).read_bytes() == kept


@pytest.mark.parametrize("engine", ["onnxruntime", "xla"])
def test_a_row_with_several_codes_gives_all_outputs_of_its_window(engine: str):
    run = Trained.untrained(zoo.loads(TWO_CODES), seed=1)
    stream, predictor = run.stream(engine), run.predictor(engine)
    assert stream.coded
    # so many that the buffer of eight windows is shifted, and a session that begins amid them
    rows = np.random.default_rng(6).normal(size=(120, 4)).astype(np.float32)
    for place, row in enumerate(rows):
        if place == 25:
            stream.reset()
        found = stream.push(row, scaled=True)
        begun = 25 if place >= 25 else 0
        assert (found is None) == (place - begun < 5)
        if found is not None:
            wanted = predictor.one(rows[place - 5 : place + 1])
            assert list(found) == ["up", "down"]
            for name, values in wanted.items():
                np.testing.assert_allclose(found[name], values, atol=1e-5)


def test_a_frame_of_one_row_is_that_row(hierarchy: Any):
    rows, stream = rows_of(sessions=1), hierarchy.stream()
    found = [stream.push(rows.iloc[[row]]) for row in range(8)]
    stream.reset()
    wanted = [stream.push(rows.iloc[row]) for row in range(8)]
    np.testing.assert_array_equal(found[5:], wanted[5:])
    with pytest.raises(TrainError, match="received a frame of 2") as caught:
        stream.push(rows.head(2))
    assert caught.value.code == "stream.row"
