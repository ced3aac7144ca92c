"""FI-2010 text of its exact layout: 149 lines, an event a column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from zoo.data.orderbook import read
from zoo.errors import DataError

PUBLISHED = (1, 2, 3, 5, 10)


def numbers(events: int = 30, stocks: int = 2, seed: int = 0) -> NDArray[np.float64]:
    """(line, event) a file's numbers: prices of stocks end to end, features, labels 1, 2, 3."""
    rng = np.random.default_rng(seed)
    found = np.empty((149, events))
    mid = 0.25 * (1 + np.arange(events) * stocks // events) + 0.0001 * np.cumsum(rng.integers(-1, 2, events))
    for level in range(10):
        found[4 * level] = mid + 0.0001 * (level + 1)
        found[4 * level + 2] = mid - 0.0001 * (level + 1)
        found[[4 * level + 1, 4 * level + 3]] = rng.integers(1, 900, (2, events)) / 1e5
    found[40:144] = rng.normal(size=(104, events))
    found[144:] = rng.integers(1, 4, (5, events))
    return found


def write(
    folder: Path, values: NDArray[np.float64], name: str = "Train_Dst_NoAuction_DecPre_CF_7.txt"
) -> Path:
    file = folder / name
    # As published: blanks before the first number and at the end, exponents throughout.
    lines = ("  " + "  ".join(f"{value:.7e}" for value in line) + " " for line in values)
    file.write_text("\n".join(lines) + "\n")
    return file


def failure(file: Any, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        read(file, **options)
    assert caught.value.help
    return caught.value


def test_levels_labels_and_features(tmp_path: Path) -> None:
    values = numbers()
    book = read(write(tmp_path, values), columns=["feature_1", "feature_104"])
    assert (len(book), book.levels, book.timed) == (30, 10, False)
    np.testing.assert_allclose(book.ask_price[:, 9], values[36], rtol=1e-7)
    np.testing.assert_allclose(book.bid_size[:, 0], values[3], rtol=1e-7)
    for place, rows in enumerate(PUBLISHED):
        np.testing.assert_array_equal(book.columns[f"label_{rows}"], 3 - values[144 + place])
    np.testing.assert_allclose(book.columns["feature_1"], values[40], rtol=1e-6)
    np.testing.assert_allclose(book.columns["feature_104"], values[143], rtol=1e-6)
    assert set(book.columns) == {*(f"label_{rows}" for rows in PUBLISHED), "feature_1", "feature_104"}
    assert read(tmp_path / "Train_Dst_NoAuction_DecPre_CF_7.txt", levels=1).levels == 1


def test_stocks_that_lie_end_to_end_are_symbols(tmp_path: Path) -> None:
    book = read(write(tmp_path, numbers(stocks=5)))
    assert book.symbols == tuple(f"stock {number}" for number in range(1, 6))
    assert book.symbol.tolist() == sorted([0, 1, 2, 3, 4] * 6)


def test_files_are_sessions_training_days_first(tmp_path: Path) -> None:
    for seed, name in enumerate(("Test_Dst_DecPre_CF_10", "Test_Dst_DecPre_CF_9", "Train_Dst_DecPre_CF_9")):
        write(tmp_path, numbers(10, seed=seed), f"{name}.txt")
    book = read(tmp_path)
    assert book.sessions == tuple(
        f"{name}.txt" for name in ("Train_Dst_DecPre_CF_9", "Test_Dst_DecPre_CF_9", "Test_Dst_DecPre_CF_10")
    )
    # Each stock's rows lie together, its files in their order.
    assert book.symbol.tolist() == [0] * 15 + [1] * 15
    assert book.session.tolist() == ([0] * 5 + [1] * 5 + [2] * 5) * 2
    assert len(book.columns["label_1"]) == 30


def test_files_with_other_jumps_are_sessions_of_one_symbol(tmp_path: Path) -> None:
    files = [write(tmp_path, numbers(12, stocks), f"{stocks}.txt") for stocks in (2, 3)]
    book = read(files)
    assert book.symbols == ("",) and book.sessions[:3] == (
        "2.txt, stretch 1",
        "2.txt, stretch 2",
        "3.txt, stretch 1",
    )
    assert len(np.unique(book.groups)) == 5


def test_two_training_files_hold_the_same_days(tmp_path: Path) -> None:
    for fold in (1, 2):
        write(tmp_path, numbers(), f"Train_Dst_DecPre_CF_{fold}.txt")
    error = failure(tmp_path)
    assert error.code == "data.fold"
    assert error.message.startswith(
        "Train_Dst_DecPre_CF_2.txt holds the days of Train_Dst_DecPre_CF_1.txt again"
    )


def with_cell(line: int, event: int, value: float) -> NDArray[np.float64]:
    values = numbers()
    values[line - 1, event - 1] = value
    return values


MISTAKES = {
    "144 lines": (numbers()[:144], "data.lines", "has 144 lines of numbers; FI-2010 has 149"),
    "transposed": (numbers().T, "data.lines", "has 30 lines of numbers"),
    "scaled": (numbers() - 9.0, "data.scaled", "holds no prices: in 30 of 30 events"),
    "label of 0": (with_cell(147, 4, 0), "data.label", ", line 147, event 4: a label of 0; FI-2010 has 1"),
    "negative size": (with_cell(2, 5, -1), "data.negative_size", ", event 5: `ask_size_1` is -1, below zero"),
    "no number": (with_cell(3, 6, np.nan), "data.missing", ", event 6: `bid_price_1` is empty"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes(tmp_path: Path, case: str) -> None:
    values, code, message = MISTAKES[case]
    error = failure(write(tmp_path, values))
    assert error.code == code and message in error.message
    assert error.message.startswith("Train_Dst_NoAuction_DecPre_CF_7.txt")


def test_a_file_turned_round_is_told_so(tmp_path: Path) -> None:
    assert "write its transpose" in failure(write(tmp_path, numbers().T)).help


def test_damaged_lines_are_named(tmp_path: Path) -> None:
    file = write(tmp_path, numbers())
    lines = file.read_text().splitlines()
    cut = lines.copy()
    cut[4] = cut[4][: len(cut[4]) // 2]
    file.write_text("\n".join(cut))
    assert ", line 5: 1" in failure(file).message and failure(file).code == "data.lines"
    cells = lines[6].split()
    cells[2] = "abc"
    lines[6] = " ".join(cells)
    file.write_text("\n".join(lines))
    error = failure(file)
    assert error.code == "data.missing" and ", line 7: `event 3` is 'abc', not a number" in error.message


def test_what_it_does_not_have(tmp_path: Path) -> None:
    file = write(tmp_path, numbers())
    assert failure(file, levels=11).message.endswith("has 10 levels; 11 were asked for")
    error = failure(file, columns=["feature_105"])
    assert error.code == "data.columns" and error.message.endswith("lacks the column `feature_105`")


def test_dropping_counts_and_keeps_labels_in_step(tmp_path: Path) -> None:
    values = with_cell(2, 5, -1)
    book = read(write(tmp_path, values), clean="drop")
    assert book.counts == {"rows": 30, "dropped_negative_size": 1}
    np.testing.assert_array_equal(book.columns["label_5"], np.delete(3 - values[147], 4))
