"""Several files as one book, and how the kind of a file is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.books import random_book, recipe
from zoo.data import prepare
from zoo.data.orderbook import Book, read
from zoo.data.orderbook.recognition import kind_of
from zoo.errors import DataError

DAY = 86_400 * 10**9


def day(number: int, rows: int = 40, **more: Any) -> Book:
    book = random_book(rows, seed=number, **more)
    return replace(book, time=book.time + number * DAY)


def write(folder: Path, *books: Book, name: str = "day{}.csv") -> list[Path]:
    files = []
    for number, book in enumerate(books, start=1):
        files.append(folder / name.format(number))
        book.to_frame().to_csv(files[-1], index=False)
    return files


def failure(file: Any, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        read(file, **options)
    assert caught.value.help
    return caught.value


def test_each_wide_file_is_a_session(tmp_path: Path) -> None:
    one, two = day(1), day(2)
    files = write(tmp_path, one, two)
    for source in (files, tmp_path, tmp_path / "day*.csv", str(tmp_path / "day?.csv")):
        book = read(source)
        assert book.sessions == ("day1.csv", "day2.csv") and book.name == "day1.csv and 1 more"
        assert book.counts == {"rows": 80}
        np.testing.assert_array_equal(book.ask_price, np.concatenate((one.ask_price, two.ask_price)))


def test_symbols_of_the_same_name_lie_together(tmp_path: Path) -> None:
    both = [0] * 20 + [1] * 20
    book = read(write(tmp_path, day(1, symbol=both), day(2, symbol=both)))
    assert book.symbols == ("S0", "S1") and book.symbol.tolist() == [0] * 40 + [1] * 40
    assert book.session.tolist() == ([0] * 20 + [1] * 20) * 2
    assert read(tmp_path, symbol="S1").session.tolist() == [0] * 20 + [1] * 20


def test_a_list_of_two_paths_is_no_pair_of_arrays(tmp_path: Path) -> None:
    files = write(tmp_path, day(1), day(2))
    for source in (files, [str(file) for file in files]):
        ready = prepare(recipe(), source, input_shapes={"book": (6, 8)}, outputs={"move": 3})
        assert ready.about.startswith("day1.csv and 1 more: 80 snapshots")
    told = prepare(
        recipe(source=[str(file) for file in files]), input_shapes={"book": (6, 8)}, outputs={"m": 3}
    )
    assert told.fingerprint == ready.fingerprint


def test_files_out_of_order(tmp_path: Path) -> None:
    error = failure(reversed_files := write(tmp_path, day(1), day(2))[::-1])
    assert error.code == "data.time" and error.message.startswith("day1.csv begins at")
    assert len(read(reversed_files[::-1])) == 80


def test_files_that_do_not_fit_together(tmp_path: Path) -> None:
    error = failure(write(tmp_path, day(1), day(2, levels=2)))
    assert error.code == "data.levels" and error.message == "day2.csv has 2 levels, day1.csv has 3"
    assert read(tmp_path, levels=2).levels == 2
    error = failure(write(tmp_path, day(1), replace(day(2), timed=False)))
    assert error.message == "of day1.csv and day2.csv only one has `time_ns`"


def test_files_of_several_kinds(tmp_path: Path) -> None:
    write(tmp_path, day(1))
    (tmp_path / "stream.jsonl").write_text('{"lastUpdateId": 1}\n')
    error = failure(tmp_path)
    assert error.code == "data.kinds"
    assert error.message == (
        "the 2 files are of several kinds: day1.csv is a wide CSV table; "
        "stream.jsonl is an exchange depth stream"
    )


def test_what_is_not_there(tmp_path: Path) -> None:
    assert failure([]).message == "the list of files is empty"
    assert failure(tmp_path / "part*.gz").message == f"no file matches {tmp_path / 'part*.gz'}"
    files = write(tmp_path, day(1))
    assert failure([*files, *files]).message == f"{files[0]} is given twice"


def test_further_columns(tmp_path: Path) -> None:
    frame = random_book(5).to_frame()
    frame["fair"] = [1, 2, 3, 4, 5]
    file = tmp_path / "book.csv"
    frame.to_csv(file, index=False)
    book = read(file, columns=["fair"])
    assert book.columns["fair"].tolist() == [1, 2, 3, 4, 5]
    assert book.take([0, 3]).columns["fair"].tolist() == [1, 4]
    error = failure(file, columns=["fare"])
    assert error.message == "book.csv lacks the column `fare`" and error.help == "did you mean `fair`?"
    frame["fair"] = ["1", "up", "3", "", "5"]
    frame.to_csv(file, index=False)
    error = failure(file, columns=["fair"])
    assert error.message == "book.csv, line 3: `fair` is 'up', not a number"


KINDS = {
    b"time_ns,ask_price_1\n1,2\n": "csv",
    b"1,2,3\n": "csv",
    b"1.5,2,3,4\n": "csv",
    b"": "csv",
    b"PAR1": "parquet",
    b' {"a": 1}\n': "stream",
    b'17 {"a": 1}\n': "stream",
    b"  1.0e-1  2.0 3\n": "fi2010",
    b"34200.01,1,16113575,18,5853300,1\n": "message",
    b"34200.01,1,16113575,18,5853300,1,null\n": "csv",
    b"5859400,200,5853300,18\n": "orderbook",
}


@pytest.mark.parametrize("content", KINDS)
def test_the_kind_is_told_from_the_content(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "data.txt"
    file.write_bytes(content)
    assert kind_of(file) == KINDS[content]
