"""The reader's errors, one by one, and what it makes of good files."""

from __future__ import annotations

import contextlib
import gzip
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.books import random_book
from zoo.data.orderbook import Book, read, simulate
from zoo.errors import DataError

HEADER = (
    "time_ns,ask_price_1,ask_size_1,bid_price_1,bid_size_1,ask_price_2,ask_size_2,bid_price_2,bid_size_2\n"
)
GOOD = "10,101,5,100,6,102,7,99,8\n"


def write(folder: Path, *rows: str, header: str = HEADER, name: str = "book.csv") -> Path:
    file = folder / name
    file.write_text(header + "".join(rows))
    return file


def failure(file: Any, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        read(file, **options)
    assert caught.value.help
    return caught.value


ROWS = {
    "empty cell": ("11,101,,100,6,102,7,99,8", "data.missing", "`ask_size_1` is empty"),
    "text": ("11,101,five,100,6,102,7,99,8", "data.missing", "`ask_size_1` is 'five', not a number"),
    "infinite": ("11,101,5,100,6,inf,7,99,8", "data.missing", "`ask_price_2` is inf, not a number"),
    "short row": ("11,101,5,100,6", "data.missing", "`ask_price_2` is empty"),
    "blank line": ("", "data.missing", "`ask_price_1` is empty"),
    "long row": ("11,101,5,100,6,102,7,99,8,9", "data.cells", "more cells than the header names columns"),
    "no time": (",101,5,100,6,102,7,99,8", "data.missing", "`time_ns` is empty"),
    "time is text": (
        "noon,101,5,100,6,102,7,99,8",
        "data.missing",
        "`time_ns` is 'noon', not a whole number",
    ),
    "time goes back": ("9,101,5,100,6,102,7,99,8", "data.time", "time goes backwards: `time_ns` 9 after 10"),
    "negative size": ("11,101,5,100,-6,102,7,99,8", "data.negative_size", "`bid_size_1` is -6, below zero"),
    "zero price": ("11,101,5,100,6,102,7,0,8", "data.price", "a price of 0"),
    "crossed": (
        "11,99,5,100,6,102,7,98,8",
        "data.crossed",
        "crossed quotes: the best ask 99 is not above the best bid 100",
    ),
    "locked": (
        "11,100,5,100,6,102,7,99,8",
        "data.crossed",
        "locked quotes: the best ask 100 is not above the best bid 100",
    ),
    "asks misordered": (
        "11,101,5,100,6,101,7,99,8",
        "data.levels",
        "misordered levels: `ask_price_2` 101 is not above `ask_price_1` 101",
    ),
    "bids misordered": (
        "11,101,5,100,6,102,7,100.5,8",
        "data.levels",
        "misordered levels: `bid_price_2` 100.5 is not below `bid_price_1` 100",
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_an_impossible_row_is_named_by_its_line(case: str, tmp_path: Path) -> None:
    row, code, message = ROWS[case]
    error = failure(write(tmp_path, GOOD, row + "\n", "12,101,5,100,6,102,7,99,8\n"))
    assert error.code == code
    assert error.message.startswith(f"book.csv, line 3: {message}")
    assert "clean='drop'" in error.help
    assert list(error.data["rows"].values()) == [[3]]


@pytest.mark.parametrize("case", ROWS)
def test_an_impossible_row_is_dropped_and_counted_on_request(case: str, tmp_path: Path) -> None:
    row, code, _ = ROWS[case]
    book = read(write(tmp_path, GOOD, row + "\n", "12,101,5,100,6,102,7,99,8\n"), clean="drop")
    assert book.time.tolist() == [10, 12]
    assert book.counts == {"rows": 3, f"dropped_{code.removeprefix('data.')}": 1}


def test_all_kinds_of_problem_are_told_at_once(tmp_path: Path) -> None:
    crossed = "11,99,5,100,6,102,7,98,8\n"
    negative = "12,101,5,100,-6,102,7,99,8\n"
    error = failure(write(tmp_path, GOOD, crossed, negative, crossed.replace("11", "13", 1)))
    assert error.message == (
        "book.csv: 2 kinds of problem\n"
        "  line 4: `bid_size_1` is -6, below zero\n"
        "  line 3: crossed quotes: the best ask 99 is not above the best bid 100 (2 such lines: 3, 5)"
    )
    assert error.data == {"rows": {"negative_size": [4], "crossed": [3, 5]}}


def test_nothing_left_after_dropping(tmp_path: Path) -> None:
    error = failure(write(tmp_path, "11,99,5,100,6,102,7,98,8\n"), clean="drop")
    assert error.code == "data.empty" and "no row left: all 1 were dropped (crossed 1)" in error.message


def test_a_row_much_too_long(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD, GOOD.strip() + ",1,2,3\n"))
    assert error.code == "data.cells"
    assert error.message == "book.csv, line 3: 12 cells, more than the header names columns"


def test_an_unclosed_quote(tmp_path: Path) -> None:
    error = failure(write(tmp_path, '"10,101,5,100,6,102,7,99,8\n'))
    assert error.code in ("data.cells", "data.missing") and "book.csv" in error.message


def test_missing_file_suggests_the_nearest_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    error = failure(tmp_path / "bok.csv")
    assert error.code == "data.no_file"
    assert error.message == f"there is no file {tmp_path / 'bok.csv'}"
    assert error.help == f"did you mean `{tmp_path / 'book.csv'}`?"


def test_missing_folder(tmp_path: Path) -> None:
    error = failure(tmp_path / "nowhere" / "book.csv")
    assert error.code == "data.no_file" and error.message == f"there is no folder {tmp_path / 'nowhere'}"


def test_a_folder_is_its_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "README.md").write_text("not a book")
    assert len(read(tmp_path)) == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    error = failure(empty)
    assert error.code == "data.directory" and error.message == f"the folder {empty} holds no data file"


def test_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    file.touch()
    error = failure(file)
    assert error.code == "data.empty" and error.message == f"{file} is empty (0 bytes)"


@pytest.mark.parametrize("text", ["\n\n", "  \n"])
def test_file_of_blanks(tmp_path: Path, text: str) -> None:
    error = failure(write(tmp_path, header=text))
    assert error.code == "data.empty" and error.message == "book.csv holds no text"


def test_header_without_rows(tmp_path: Path) -> None:
    error = failure(write(tmp_path))
    assert error.code == "data.empty" and error.message == "book.csv has no rows"


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02" * 50, b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfea\x00b\x00"]
)
def test_binary_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "book.csv"
    file.write_bytes(content)
    error = failure(file)
    assert error.code == "data.binary" and "book.csv is not text" in error.message


def test_not_gzip_although_named_so(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD, name="book.csv.gz"))
    assert error.code == "data.gzip"
    assert error.message == "book.csv.gz is not a gzip file, although its name ends in .gz"


@pytest.mark.parametrize("keep", [15, 0.5])
def test_gzip_cut_short(tmp_path: Path, keep: float) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{n},101,{rng.integers(1, 10**9)},100,6,102,7,99,8\n" for n in range(5_000)]
    packed = gzip.compress((HEADER + "".join(rows)).encode())
    file = tmp_path / "book.csv.gz"
    file.write_bytes(packed[: int(keep if keep > 1 else len(packed) * keep)])
    error = failure(file)
    assert error.code == "data.gzip" and "book.csv.gz is damaged or cut short" in error.message


def test_missing_column_names_the_likely_one(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD, header=HEADER.replace("bid_size_2", "bidsize_2")))
    assert error.code == "data.columns"
    assert error.message == "book.csv lacks the columns bid_size_2"
    assert error.help == "rename `bidsize_2` to `bid_size_2`"


def test_a_missing_level(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD, header=HEADER.replace("_2", "_3")))
    assert error.message == "book.csv lacks the columns ask_price_2, ask_size_2, bid_price_2, bid_size_2"


def test_no_header(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD, header=GOOD))
    assert error.code == "data.columns"
    assert error.help == "the first line must name the columns; it reads: 10, 101, 5, 100, 6, …"


def test_semicolons(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD, header=HEADER.replace(",", ";")))
    assert error.code == "data.columns" and "book.csv is not separated by commas" in error.message


def test_a_column_twice(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD, header=HEADER.replace("bid_size_2", "ask_size_1")))
    assert error.message == "book.csv has the column `ask_size_1` twice"


def test_more_levels_than_the_file_has(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD), levels=3)
    assert error.code == "data.levels" and error.message == "book.csv has 2 levels; 3 were asked for"
    assert error.help == "ask for `levels: 2` or fewer"


@pytest.mark.parametrize("levels", [0, -1, 1.5, True])
def test_levels_that_are_no_number(tmp_path: Path, levels: Any) -> None:
    assert f"received {levels!r}" in failure(write(tmp_path, GOOD), levels=levels).message


def test_fewer_levels_do_not_read_the_deeper_columns(tmp_path: Path) -> None:
    book = read(write(tmp_path, "10,101,5,100,6,oops,7,,8\n"), levels=1)
    assert book.levels == 1 and book.ask_price.tolist() == [[101.0]]


def test_unknown_clean(tmp_path: Path) -> None:
    error = failure(write(tmp_path, GOOD), clean="fix")
    assert error.message == "`clean` is 'error' or 'drop'; received 'fix'"


def test_unknown_symbol(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD.strip() + ",BTCUSD\n", header=HEADER.strip() + ",symbol\n")
    error = failure(file, symbol="BTCUSDT")
    assert error.code == "data.symbol" and error.help == "did you mean `BTCUSD`?"


def test_nanoseconds_survive_a_bad_cell_beside_them(tmp_path: Path) -> None:
    time = 1_723_161_256_618_936_965
    rows = (GOOD.replace("10", str(time), 1), GOOD.replace("10", "x", 1))
    assert read(write(tmp_path, *rows), clean="drop").time.tolist() == [time]


def test_times_as_r_writes_them(tmp_path: Path) -> None:
    rows = ("1.723161256618e+18" + GOOD.removeprefix("10"), "1723161256619000000" + GOOD.removeprefix("10"))
    assert read(write(tmp_path, *rows)).time.tolist() == [
        1_723_161_256_618_000_000,
        1_723_161_256_619_000_000,
    ]
    error = failure(write(tmp_path, GOOD.replace("10", "10.5", 1)))
    assert error.message == "book.csv, line 2: `time_ns` is '10.5', not a whole number of nanoseconds"
    frame = random_book(rows=3).to_frame()
    frame["time_ns"] = [1.0, 2.0, 2.5]
    with pytest.raises(DataError, match="row 3: `time_ns` is 2.5, not a whole number"):
        Book.from_frame(frame)


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object"])
def test_truth_values_are_neither_prices_nor_sizes(dtype: str) -> None:
    frame = random_book(rows=3).to_frame()
    frame["bid_size_1"] = (frame["bid_size_1"] > 0).astype(dtype)
    with pytest.raises(DataError, match="`bid_size_1` holds truth values, and a size is a number"):
        Book.from_frame(frame)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["book.csv", "book.csv.gz", "book.parquet"]))
def test_any_bytes_give_a_book_or_a_data_error(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        with contextlib.suppress(DataError):
            read(file)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 200), st.integers(0, 4), st.text(max_size=6), st.sampled_from(["error", "drop"]))
def test_any_damage_to_a_good_file_gives_a_book_or_a_data_error(
    place: int, cut: int, text: str, clean: str
) -> None:
    content = HEADER + GOOD + GOOD.replace("10", "11", 1) + GOOD.replace("10", "12", 1)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "book.csv"
        file.write_bytes((content[:place] + text + content[place + cut :]).encode("utf-8", "surrogatepass"))
        with contextlib.suppress(DataError):
            book = read(file, clean=clean)
            assert (book.spread > 0).all() and np.isfinite(book.ask_size).all()


def test_blank_lines_at_the_end_are_no_rows(tmp_path: Path) -> None:
    assert len(read(write(tmp_path, GOOD, "\n\n"))) == 1


def test_a_byte_order_mark_and_unread_columns(tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    file.write_bytes(("\ufeff" + HEADER.strip() + ",note,note\n" + GOOD.strip() + ",a,b\n").encode())
    assert read(file).time.tolist() == [10]


def test_without_time(tmp_path: Path) -> None:
    book = read(write(tmp_path, GOOD.removeprefix("10,"), header=HEADER.removeprefix("time_ns,")))
    assert not book.timed and book.time.tolist() == [0]


def test_mixed_symbols_are_brought_together_and_lines_still_counted(tmp_path: Path) -> None:
    header = HEADER.strip() + ",symbol,session\n"
    rows = [f"{n},101,5,100,6,102,7,99,8,{'AB'[n % 2]},d{n // 4}\n" for n in range(8)]
    book = read(write(tmp_path, *rows, header=header))
    assert book.symbols == ("A", "B") and book.sessions == ("d0", "d1")
    assert book.symbol.tolist() == [0] * 4 + [1] * 4
    assert book.time.tolist() == [0, 2, 4, 6, 1, 3, 5, 7]
    assert len(np.unique(book.groups)) == 4
    assert read(write(tmp_path, *rows, header=header), symbol="B").time.tolist() == [1, 3, 5, 7]
    rows[4] = rows[4].replace("4,", "1,", 1)
    rows[6] = rows[6].replace("6,", "0,", 1)
    error = failure(write(tmp_path, *rows, header=header))
    assert error.message == "book.csv, line 8: time goes backwards: `time_ns` 0 after 1"


def same(a: Book, b: Book) -> bool:
    return a.fingerprint() == b.fingerprint()


@pytest.mark.parametrize("name", ["book.csv", "book.csv.gz"])
def test_csv_gives_back_what_was_written(tmp_path: Path, name: str) -> None:
    book = random_book()
    book.to_frame().to_csv(tmp_path / name, index=False)
    assert same(read(tmp_path / name), book)


def test_gzip_is_known_without_its_suffix(tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    file.write_bytes(gzip.compress((HEADER + GOOD).encode()))
    assert len(read(file)) == 1


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which is not installed")
    book = random_book()
    book.to_frame().to_parquet(tmp_path / "book.parquet")
    assert same(read(tmp_path / "book.parquet"), book)
    assert read(tmp_path / "book.parquet", levels=1).levels == 1
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 and no more")
    error = failure(tmp_path / "bad.parquet")
    assert (
        error.code == "data.parquet" and "bad.parquet is not a Parquet file, or is damaged" in error.message
    )


def test_parquet_rows_count_from_one(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which is not installed")
    frame = random_book(rows=5).to_frame()
    frame.loc[2, "ask_size_1"] = np.nan
    frame.to_parquet(tmp_path / "book.parquet")
    assert failure(tmp_path / "book.parquet").message == "book.parquet, row 3: `ask_size_1` is empty"


def test_frame_errors_count_rows_from_one() -> None:
    frame = random_book(rows=5).to_frame()
    frame.loc[4, "bid_size_2"] = -1.0
    with pytest.raises(DataError) as caught:
        Book.from_frame(frame)
    assert caught.value.message == "data frame, row 5: `bid_size_2` is -1, below zero"


def test_frame_round_trip_with_sessions_and_symbols() -> None:
    book = random_book(rows=12, session=[0] * 6 + [1] * 6, symbol=[0] * 9 + [1] * 3)
    again = Book.from_frame(book.to_frame())
    assert same(again, book) and again.sessions == book.sessions and again.symbols == book.symbols


def test_frame_with_dates_for_time() -> None:
    import pandas as pd

    frame = random_book(rows=3).to_frame()
    frame["time_ns"] = pd.to_datetime(["2024-08-09", "2024-08-10", None])
    with pytest.raises(DataError, match="row 3: `time_ns` is empty"):
        Book.from_frame(frame)
    assert Book.from_frame(frame[:2]).time[0] == 1_723_161_600_000_000_000


def test_a_simulated_book_stays_one_on_its_way_through_a_frame():
    book = simulate(50, levels=2, seed=3)
    again = Book.from_frame(book.to_frame())
    assert again.simulated and again.name == book.name
    assert not Book.from_frame(random_book(rows=3).to_frame()).simulated
