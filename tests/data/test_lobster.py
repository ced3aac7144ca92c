"""LOBSTER pairs of their exact layout."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoo.data.orderbook import read
from zoo.errors import DataError

STEM = "AAPL_2012-06-21_34200000_57600000_{}_2.csv"
MESSAGES = [
    "34200.004241176,1,16113575,18,5853300,1",
    "34200.025551909,3,16120456,18,5859100,-1",
    "34200.025579546,4,16120480,18,5859200,-1",
    "34200.201743218,1,16167159,100,5859300,-1",
]
QUOTES = [
    "5859400,200,5853300,18,5859800,200,5853000,150",
    "5859300,100,5853300,18,5859800,200,5853000,150",
    "5859300,82,5853300,18,5859800,200,5853000,150",
    "5859300,182,5853300,18,5859800,200,5853000,150",
]
HALTED = ["34201,7,0,0,-1,-1", "34202,1,7,100,5859100,-1", "34203,7,0,0,0,-1", "34204,7,0,0,1,-1"]
EMPTY = "5859300,182,5853300,18,9999999999,0,-9999999999,0"


def write(
    folder: Path,
    messages: list[str] = MESSAGES,
    quotes: list[str] = QUOTES,
    stem: str = STEM,
    ending: str = "",
) -> tuple[Path, Path]:
    files = []
    for word, lines in (("message", messages), ("orderbook", quotes)):
        file = folder / (stem.format(word) + ending)
        content = ("\n".join(lines) + "\n").encode()
        file.write_bytes(gzip.compress(content) if ending else content)
        files.append(file)
    return files[0], files[1]


def failure(file: Any, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        read(file, **options)
    assert caught.value.help
    return caught.value


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_pair_is_one_book_whichever_is_given(tmp_path: Path, ending: str) -> None:
    messages, quotes = write(tmp_path, ending=ending)
    for source in (messages, quotes, [messages, quotes], tmp_path):
        book = read(source)
        assert (len(book), book.levels) == (4, 2)
        assert book.ask_price[0].tolist() == [585.94, 585.98] and book.bid_size[0].tolist() == [18, 150]
        assert book.sessions == ("2012-06-21",) and book.symbols == ("AAPL",)
    midnight = np.datetime64("2012-06-21", "ns").astype(np.int64)
    assert (book.time - midnight).tolist() == [
        34_200_004_241_176,
        34_200_025_551_909,
        34_200_025_579_546,
        34_200_201_743_218,
    ]


def test_without_a_date_in_its_name_the_clock_begins_at_midnight(tmp_path: Path) -> None:
    messages, _ = write(tmp_path, stem="day1_{}.csv")
    book = read(messages)
    assert book.time[0] == 34_200_004_241_176 and book.sessions == ("day1_message.csv",)


def test_days_are_sessions(tmp_path: Path) -> None:
    for day in ("22", "21"):
        write(tmp_path, stem=STEM.replace("-21_", f"-{day}_"))
    book = read(tmp_path)
    assert book.sessions == ("2012-06-21", "2012-06-22") and book.session.tolist() == [0] * 4 + [1] * 4
    files = [tmp_path / STEM.replace("-21_", f"-{day}_").format("message") for day in ("22", "21")]
    error = failure(files)
    assert error.code == "data.time" and "in the order of time" in error.help


def test_an_empty_level_is_told_or_dropped_or_not_read(tmp_path: Path) -> None:
    messages, _ = write(tmp_path, quotes=[*QUOTES[:3], EMPTY])
    error = failure(messages)
    assert error.code == "data.empty"
    assert error.message == f"{STEM.format('orderbook')}, line 4: no order at ask level 2 of 2"
    assert "read fewer levels" in error.help
    assert read(messages, levels=1).ask_price[3].tolist() == [585.93]
    assert read(messages, clean="drop").counts == {"rows": 4, "dropped_empty": 1}


def test_a_halt_is_told_or_dropped_and_no_window_reaches_over_it(tmp_path: Path) -> None:
    later = "34205,1,1,1,5859300,-1"
    messages, _ = write(tmp_path, [*MESSAGES, *HALTED, later], QUOTES + [QUOTES[-1]] * 5)
    error = failure(messages)
    assert error.code == "data.halted"
    assert ", line 5: trading was halted (4 such lines: 5, 6, 7, 8)" in error.message
    book = read(messages, clean="drop")
    assert book.counts == {"rows": 9, "dropped_halted": 4}
    assert book.sessions == ("2012-06-21", "2012-06-21 after halt 1")
    assert book.session.tolist() == [0] * 4 + [1]


def test_a_halt_without_an_end(tmp_path: Path) -> None:
    messages, _ = write(tmp_path, [*MESSAGES, *HALTED[:2]], QUOTES + [QUOTES[-1]] * 2)
    assert read(messages, clean="drop").counts["dropped_halted"] == 2


def test_a_mate_that_is_missing(tmp_path: Path) -> None:
    messages, quotes = write(tmp_path)
    quotes.unlink()
    error = failure(messages)
    assert error.code == "data.pair"
    assert error.message == (
        f"{messages.name} is a LOBSTER message file, and a LOBSTER order-book file belongs to it: "
        f"{quotes.name} is not beside it"
    )
    lonely = messages.rename(tmp_path / "day.csv")
    assert "its name has no `message` to find it by" in failure(lonely).message


def test_a_mate_that_is_something_else(tmp_path: Path) -> None:
    messages, quotes = write(tmp_path, quotes=["ask,bid", "1,2"])
    error = failure(messages)
    assert error.code == "data.pair"
    assert error.message == f"{quotes.name} should be a LOBSTER order-book file and is a wide CSV table"


def test_a_pair_of_different_days(tmp_path: Path) -> None:
    messages, quotes = write(tmp_path, MESSAGES[:3])
    error = failure(quotes)
    assert error.code == "data.pair"
    assert error.message == f"{messages.name} has 3 lines, {quotes.name} has 4"


def test_more_levels_than_there_are(tmp_path: Path) -> None:
    assert failure(write(tmp_path)[0], levels=3).code == "data.levels"


def test_a_cell_that_is_no_number(tmp_path: Path) -> None:
    messages, _ = write(tmp_path, quotes=[*QUOTES[:2], QUOTES[2].replace("82", "x", 1), QUOTES[3]])
    error = failure(messages)
    assert error.code == "data.missing" and ", line 3: `ask_size_1` is 'x', not a number" in error.message
    messages, _ = write(tmp_path, messages=[*MESSAGES[:3], "noon,1,1,100,5859300,-1"])
    error = failure(messages)
    assert error.code == "data.missing"
    assert ", line 4: `time_ns` is 'noon', not a whole number" in error.message
