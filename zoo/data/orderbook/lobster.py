"""LOBSTER: a message file and an order-book file, line by line of the same events, neither with a header.

Messages are time (seconds after midnight), type, order, size, price, direction; a book's line has ask price,
ask size, bid price, bid size of each level. Prices are dollars × 10,000; a price of ±9999999999 marks a level
without an order. A message of type 7 halts trading (price -1), lets quotes in again (0), ends the halt (1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Mask, Origin
from zoo.data.files import find_file, read_header
from zoo.data.orderbook.asked import Asked
from zoo.data.orderbook.assembly import Raw, make_book
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.columns import check_further, level_columns
from zoo.data.orderbook.recognition import NAMES, kind_of
from zoo.data.parsing import parse_csv, without_empty_end
from zoo.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

DOLLAR = 10_000.0
EMPTY = 9_999_999_999
_MESSAGE = ["time", "type", "order", "size", "price", "direction"]
_HALT, _STOPPED, _RESUMED = 7, -1, 1
_NAME = re.compile(r"([A-Za-z.]+)_(\d{4}-\d\d-\d\d)_")


def read_lobster(files: Sequence[Path], asked: Asked) -> Iterator[Book]:
    """A book of each pair of files: the session is its date, the symbol the one of its name."""
    for messages, quotes in _pairs(files):
        yield _read(messages, quotes, asked)


def with_mates(files: Sequence[Path]) -> list[Path]:
    """The files, and what is found beside those of LOBSTER."""
    own = [file for file in files if kind_of(file) in ("message", "orderbook")]
    return list(dict.fromkeys([*files, *map(_mate, own)]))


def _pairs(files: Sequence[Path]) -> list[tuple[Path, Path]]:
    """The message file and the order-book file of each pair, once."""
    found: dict[tuple[Path, Path], None] = {}
    for file in files:
        mate = _mate(file)
        found[(file, mate) if kind_of(file) == "message" else (mate, file)] = None
    return list(found)


def _mate(file: Path) -> Path:
    kind = kind_of(file)
    other = "orderbook" if kind == "message" else "message"
    name = re.sub(rf"{kind}(?!.*{kind})", other, file.name)
    mate = file.with_name(name)
    if name == file.name or not mate.is_file():
        wanted = (
            f"{name} is not beside it" if name != file.name else f"its name has no `{kind}` to find it by"
        )
        raise DataError(
            f"{file.name} is {NAMES[kind]}, and {NAMES[other]} belongs to it: {wanted}",
            help=f"put the two of a day into one folder, named alike but for `{kind}` and `{other}`; "
            "a table of your own needs a first line that names its columns",
            code="data.pair",
        )
    found = kind_of(find_file(mate))
    if found != other:
        raise DataError(
            f"{mate.name} should be {NAMES[other]} and is {NAMES[found]}",
            help="give the two files of one day as they were published",
            code="data.pair",
        )
    return mate


def _read(messages: Path, quotes: Path, asked: Asked) -> Book:
    check_further([], asked.columns, quotes.name)
    said = _cells(messages, _MESSAGE, len(read_header(messages)))
    width = len(read_header(quotes)) // len(FIELDS)
    levels = width if asked.levels is None else asked.levels
    if levels > width:
        raise DataError(
            f"{quotes.name} has {width} levels; {levels} were asked for",
            help=f"ask for `levels: {width}` or fewer",
            code="data.levels",
        )
    names = level_columns(levels)
    book = _cells(quotes, names, width * len(FIELDS))
    if len(said) != len(book):
        raise DataError(
            f"{messages.name} has {len(said):,} lines, {quotes.name} has {len(book):,}",
            help="give the two files of one day: each line of one belongs to that of the other",
            code="data.pair",
        )
    symbol, day = _named(messages)
    block, unreadable = _numbers(book, names)
    empty = _priced(block)
    seconds, unread = _numbers(said, ["time", "type", "price"])
    unread = np.asarray(unread.any(axis=1))
    halted, stretch = _halts(seconds[:, 1], seconds[:, 2])
    raw = Raw(
        block,
        _nanoseconds(seconds[:, 0], day),
        unreadable=np.asarray(unreadable.any(axis=1)) | unread,
        cell=lambda row, column: (said["time"] if unread[row] and column == "time_ns" else book[column])[row],
        session=stretch,
        sessions=tuple(
            (day or messages.name) + (f" after halt {number}" if number else "")
            for number in range(int(stretch.max(initial=0)) + 1)
        ),
        symbols=(symbol,),
        empty=empty,
        halted=halted,
    )
    return make_book(raw, Origin(quotes.name, "line"), asked.cleaning)


def _cells(file: Path, wanted: list[str], width: int) -> pd.DataFrame:
    names = wanted + [f"further {number}" for number in range(width - len(wanted))]
    try:
        frame = parse_csv(file, names, wanted, np.float64, headed=False)
    except (ValueError, OverflowError):
        frame = parse_csv(file, names, wanted, str, headed=False)
    return without_empty_end(frame)


def _numbers(frame: pd.DataFrame, names: list[str]) -> tuple[NDArray[np.float64], Mask]:
    """(row, name) numbers, and where a cell is none."""
    import pandas as pd

    values = np.empty((len(frame), len(names)))
    for place, name in enumerate(names):
        column: Any = frame[name]
        column = column if column.dtype.kind == "f" else pd.to_numeric(column, errors="coerce")
        values[:, place] = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return values, ~np.isfinite(values)


def _priced(block: NDArray[np.float64]) -> Mask:
    """Prices in dollars, those of levels without an order NaN; the rows that have such a level."""
    for place in range(0, block.shape[1], 2):
        gone = np.abs(block[:, place]) == EMPTY
        block[gone, place] = np.nan
        block[gone, place + 1] = 0.0
        block[:, place] /= DOLLAR
    return np.asarray(np.isnan(block).any(axis=1))


def _halts(types: NDArray[np.float64], prices: NDArray[np.float64]) -> tuple[Mask, NDArray[np.int32]]:
    """Rows of a halt, from its message to the one that ends it; how many halts have ended before each row."""
    told = types == _HALT
    halted = told.copy()
    stretch = np.zeros(len(types), np.int32)
    begun: int | None = None
    for row in np.flatnonzero(told):
        if prices[row] == _STOPPED and begun is None:
            begun = int(row)
        elif prices[row] == _RESUMED and begun is not None:
            halted[begun : row + 1] = True
            stretch[row + 1 :] += 1
            begun = None
    if begun is not None:
        halted[begun:] = True
    return halted, stretch


def _named(file: Path) -> tuple[str, str]:
    """Symbol and date in a name such as ``AAPL_2012-06-21_34200000_57600000_message_10.csv``, or blanks."""
    match = _NAME.match(file.name)
    if not match:
        return "", ""
    try:
        date.fromisoformat(match[2])
    except ValueError:
        return match[1], ""
    return match[1], match[2]


def _nanoseconds(seconds: NDArray[np.float64], day: str) -> NDArray[np.int64]:
    """Since 1970 by the exchange's own clock; since midnight where no date is known."""
    midnight = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 10**9 if day else 0
    known = np.where(np.isfinite(seconds) & (np.abs(seconds) < 1e6), seconds, 0.0)
    return np.round(known * 1e9).astype(np.int64) + midnight
