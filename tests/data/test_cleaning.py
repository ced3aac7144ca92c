"""`clean`: what is left out of a book, and that it is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book, recipe
from zoo.data import prepare
from zoo.data.orderbook import Book, read
from zoo.data.orderbook.cleaning import Cleaning, read_cleaning, trim
from zoo.errors import DataError

MINUTE = 60_000_000_000


def timed(minutes: list[float], session: list[int] | None = None) -> Book:
    book = random_book(len(minutes), session=session)
    return replace(book, time=np.array([round(minute * MINUTE) for minute in minutes]))


def test_opening_and_closing_minutes_of_each_session() -> None:
    book = timed([0, 1, 2, 3, 10, 11, 12, 14], [0] * 4 + [1] * 4)
    left = trim(book, read_cleaning({"opening": 1, "closing": 2}))
    assert (left.time // MINUTE).tolist() == [1, 11, 12]
    assert left.counts == {"rows": 8, "dropped_opening": 2, "dropped_closing": 3}


def test_of_repeated_times_the_last_row_of_a_session_stays() -> None:
    book = timed([0, 1, 1, 1, 1, 2], [0, 0, 0, 1, 1, 1])
    assert trim(book, Cleaning()).counts == {"rows": 6, "duplicate_times": 2}
    left = trim(book, read_cleaning("drop"))
    assert left.counts == {"rows": 6, "dropped_duplicate": 2}
    np.testing.assert_array_equal(left.ask_size, book.ask_size[[0, 2, 4, 5]])
    assert len(trim(book, read_cleaning({"rows": "drop", "duplicates": "keep"}))) == 6


def test_nothing_is_left() -> None:
    with pytest.raises(DataError, match="all 3 were dropped .opening 3.") as caught:
        trim(timed([0, 1, 2]), read_cleaning({"opening": 5}))
    assert caught.value.code == "data.empty"


def test_minutes_need_a_clock() -> None:
    with pytest.raises(DataError, match="has no clock"):
        trim(replace(timed([0, 1]), timed=False), read_cleaning({"opening": 5}))


MISTAKES = [
    ("fix", "`clean` is 'error' or 'drop'; received 'fix'"),
    (5, "`clean` is 'error', 'drop', or a map of rows, duplicates, opening, closing; received 5"),
    ({"open": 5}, "`clean` is 'error', 'drop', or a map of"),
    ({"rows": "fix"}, "`clean.rows` is 'error' or 'drop'; received 'fix'"),
    ({"duplicates": "first"}, "`clean.duplicates` is 'keep' or 'last'; received 'first'"),
    ({"opening": -1}, "`clean.opening` is a number of minutes from 0; received -1"),
    ({"closing": "ten"}, "`clean.closing` is a number of minutes from 0; received 'ten'"),
    ({"rows": ["drop"]}, "`clean.rows` is 'error' or 'drop'; received ['drop']"),
]


@pytest.mark.parametrize(("value", "message"), MISTAKES)
def test_mistakes(value: Any, message: str) -> None:
    with pytest.raises(DataError) as caught:
        read_cleaning(value)
    assert caught.value.message.startswith(message) and caught.value.help
    assert caught.value.code == "data.clean"


@pytest.mark.parametrize("way", ["file", "frame"])
def test_the_recipe_s_cleaning_is_told_in_the_report_s_heading(tmp_path: Path, way: str) -> None:
    frame = random_book(300).to_frame()
    frame["time_ns"] = np.arange(300) * MINUTE
    frame.loc[7, "ask_size_1"] = -1
    frame.loc[9, "time_ns"] = frame.loc[8, "time_ns"]
    source: Any = frame
    if way == "file":
        source = tmp_path / "book.csv"
        frame.to_csv(source, index=False)
    made = recipe(clean={"rows": "drop", "opening": 5, "closing": 3})
    ready = prepare(made, source, input_shapes={"book": (6, 8)}, outputs={"move": 3})
    assert (
        "290 snapshots × 8 features, dropped: 1 negative size, 1 duplicate, 5 opening, 3 closing;"
        in ready.about
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=40),
    st.integers(0, 3),
    st.integers(0, 5),
    st.sampled_from(["keep", "last"]),
)
def test_cleaning_only_takes_rows_away_and_counts_each_once(
    minutes: list[int], opening: int, closing: int, duplicates: str
) -> None:
    book = timed(sorted(map(float, minutes)))
    said = {"opening": opening, "closing": closing, "duplicates": duplicates}
    try:
        left = trim(book, read_cleaning(said))
    except DataError as error:
        assert error.code == "data.empty"
        return
    dropped = sum(count for name, count in left.counts.items() if name.startswith("dropped"))
    assert len(left) + dropped == len(book)
    assert left.time[0] >= book.time[0] + opening * MINUTE
    assert left.time[-1] <= book.time[-1] - closing * MINUTE
    assert duplicates == "keep" or len(np.unique(left.time)) == len(left)


def test_read_takes_the_map_too(tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    timed([0, 1, 2, 3]).to_frame().to_csv(file, index=False)
    assert len(read(file, clean={"opening": 1})) == 3
