"""Pictures of splits: what they show is what the split does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import zoo
from tests.train.test_walk import SERIES, frame
from zoo.errors import TrainError
from zoo.train.split_lanes import Bars, split_lanes
from zoo.train.trained import Trained


def lanes_of(data: pd.DataFrame, **changes: Any) -> Any:
    text = SERIES
    for old, new in changes.pop("replace", {}).items():
        assert old in text
        text = text.replace(old, new)
    return split_lanes(Trained.untrained(zoo.loads(text), seed=0), data)


def ticks_of(bars: Bars, name: str) -> list[int]:
    """The ticks that a name's bars cover."""
    found = [np.arange(round(first + 0.5), round(first + 0.5 + width)) for first, width in bars.get(name, [])]
    return np.concatenate(found).tolist() if found else []


SPLIT = {"scale: {method: zscore}": "scale: {method: zscore}\n  split: {purge: auto, embargo: 3}"}


def test_a_lane_shows_the_parts_of_rows_and_what_becomes_of_windows() -> None:
    found = lanes_of(frame(60), replace=SPLIT)
    (lane,) = found.lanes
    # 70/15/15 of 60 rows; a label reads two rows ahead, and three rows after a cut are under embargo.
    assert ticks_of(lane.rows, "training") == list(range(42))
    assert ticks_of(lane.rows, "validation") == list(range(42, 51))
    assert ticks_of(lane.rows, "test") == list(range(51, 60))
    assert ticks_of(lane.windows, "training") == list(range(3, 40))
    assert ticks_of(lane.windows, "purged") == [40, 41, 49, 50]
    assert ticks_of(lane.windows, "embargo") == [42, 43, 44, 51, 52, 53]
    assert ticks_of(lane.windows, "validation") == list(range(45, 49))
    assert ticks_of(lane.windows, "test") == list(range(54, 58))
    assert found.cuts == [42, 51] and found.end == 60 and not found.steps


def test_a_walk_has_a_lane_for_each_step() -> None:
    walk = {"seed: 3}": "seed: 3, walk_forward: {first: 20, step: 10, window: sliding}}"}
    found = lanes_of(frame(60), replace=walk)
    assert [lane.name for lane in found.steps] == ["1", "2", "3", "4"]
    second = found.steps[1].windows
    # Windows end at row 3 and after: those of the numbers 10 to 29, the last two of which are purged.
    assert ticks_of(second, "training") == list(range(13, 31))
    assert ticks_of(second, "purged") == [31, 32]
    assert ticks_of(second, "test") == list(range(33, 43))


def test_symbols_have_a_lane_each_on_one_clock() -> None:
    data = pd.concat(
        [frame(40, seed).assign(symbol=name) for seed, name in enumerate("ab")], ignore_index=True
    )
    found = lanes_of(data, replace={"  time: time\n": "  time: time\n  group: symbol\n"})
    assert len(found.lanes) == 2
    assert ticks_of(found.lanes[0].rows, "training") == ticks_of(found.lanes[1].rows, "training")
    assert ticks_of(found.lanes[1].rows, "test") == list(range(34, 40))


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_split_gives_the_same_picture(kind: str, tmp_path: Path) -> None:
    spec = zoo.loads(SERIES)
    files = [zoo.plot_split(spec, tmp_path / f"{number}.{kind}", frame()) for number in range(2)]
    first, second = (file.read_bytes() for file in files)
    assert first == second and len(first) > 5_000
    assert first[:4] == {"png": b"\x89PNG", "svg": b"<?xm", "pdf": b"%PDF"}[kind]


def test_times_and_several_panels_are_drawn(tmp_path: Path) -> None:
    days = frame(400).assign(time=pd.date_range("2024-01-01", periods=400))
    text = SERIES.replace("seed: 3}", "seed: 3, walk_forward: {first: 0.5, step: 3}}")
    plain = zoo.plot_split(zoo.loads(SERIES), tmp_path / "plain.svg", days).read_text()
    walked = zoo.plot_split(zoo.loads(text), tmp_path / "walk.svg", days).read_text()
    assert len(walked) > len(plain)
    assert "around a cut" in plain and "2024-01-01" in plain and "purged" in plain


def test_the_close_ups_are_of_a_series_that_is_cut() -> None:
    days = frame(400).assign(time=pd.date_range("2024-01-01", periods=400)).drop(index=range(100, 120))
    found = lanes_of(days, replace={"  time: time\n": "  time: time\n  window: {gap: 3d}\n"})
    assert len(found.lanes) == 2 and found.closest == 1
    validation, test = found.cuts
    assert ticks_of(found.lanes[1].rows, "validation")[0] == validation
    assert ticks_of(found.lanes[1].rows, "test")[0] == test


def test_a_walk_that_cannot_begin_leaves_the_split() -> None:
    walk = {"seed: 3}": "seed: 3, walk_forward: {first: 1, step: 1}}"}
    found = lanes_of(frame(60), replace=walk)
    assert not found.steps and "no walk: step 1 of the walk has no window to train on" in found.said[-1]
    assert ticks_of(found.lanes[0].rows, "training") == list(range(42))


def test_pictures_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(TrainError) as caught:
        zoo.plot_split("lstm_stateless", tmp_path / "split.gif")
    assert caught.value.code == "plot.format"
    with pytest.raises(TrainError) as caught:
        zoo.plot_split("headline", tmp_path / "split.png")
    assert caught.value.code == "train.walk_order"
    assert not list(tmp_path.iterdir())
