"""FI-2010 text: 149 lines of numbers, an event in each column; a file of training days or of one test day.

Lines 1-40 are ask price, ask size, bid price, bid size of ten levels, 41-144 handcrafted features, 145-149
the published labels for the next 1, 2, 3, 5 and 10 rows (1 up, 2 stationary, 3 down).

Source: Ntakaris et al., "Benchmark dataset for mid-price forecasting of limit order book data" (2018).
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from zoo.data.checking import Origin, tell_cell
from zoo.data.files import GZIP, broken_gzip, first_bytes
from zoo.data.orderbook.asked import Asked
from zoo.data.orderbook.assembly import Raw, make_book
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.columns import check_further, level_columns
from zoo.errors import DataError

LINES, LEVELS = 149, 10
# The published k of 10, 20, 30, 50 and 100 events are rows here: the data has every tenth event.
LABELS = {f"label_{rows}": 145 + place for place, rows in enumerate((1, 2, 3, 5, 10))}
FEATURES = {f"feature_{number}": 40 + number for number in range(1, 105)}
# The five stocks of a file lie end to end with nothing between them; ten events never move a price so far.
_JUMP = 0.05
_FOLD = re.compile(r"(train|test)_.*cf_(\d+)", re.IGNORECASE)


def read_fi2010(files: Sequence[Path], asked: Asked) -> Iterator[Book]:
    """A book of each file: sessions are the files, symbols the stocks that lie end to end in them."""
    books = [_read(file, asked) for file in _in_order(files)]
    if len({len(book.symbols) for book in books}) == 1:
        yield from books
        return
    # What jumps is not the same stocks in each file: then every stretch is a session of its own.
    for book in books:
        stretches = tuple(f"{book.sessions[0]}, stretch {code + 1}" for code in range(len(book.symbols)))
        yield replace(
            book, session=book.symbol, sessions=stretches, symbol=np.zeros_like(book.symbol), symbols=("",)
        )


def _in_order(files: Sequence[Path]) -> list[Path]:
    """Training days before test days, by fold; other names stay as they come."""
    folds = [_FOLD.search(file.name) for file in files]
    if not all(folds):
        return list(files)
    keys = [(match[1].lower() != "train", int(match[2])) for match in folds if match]
    order = sorted(range(len(files)), key=keys.__getitem__)
    training = [files[place] for place in order if not keys[place][0]]
    if len(training) > 1:
        raise DataError(
            f"{training[1].name} holds the days of {training[0].name} again: "
            "FI-2010's training files grow from fold to fold",
            help="give one training file, and the test files of that fold and later",
            code="data.fold",
        )
    return [files[place] for place in order]


def _read(file: Path, asked: Asked) -> Book:
    levels = LEVELS if asked.levels is None else asked.levels
    if levels > LEVELS:
        raise DataError(
            f"{file.name} has {LEVELS} levels; {levels} were asked for",
            help=f"ask for `levels: {LEVELS}` or fewer",
            code="data.levels",
        )
    check_further([*LABELS, *FEATURES], asked.columns, file.name)
    further = {
        name: line for name, line in (LABELS | FEATURES).items() if line > 144 or name in asked.columns
    }
    lines = _lines(file, {*range(1, len(FIELDS) * levels + 1), *further.values()})
    block = np.stack([lines[number] for number in range(1, len(FIELDS) * levels + 1)], axis=1)
    _check_prices(block, file)
    names = level_columns(levels)
    columns = {name: lines[line] for name, line in further.items()}
    symbol = _stocks(block)
    raw = Raw(
        block,
        None,
        unreadable=np.asarray(~np.isfinite(block).all(axis=1)),
        cell=lambda row, column: block[row, names.index(column)],
        sessions=(file.name,),
        symbol=symbol,
        symbols=tuple(f"stock {code + 1}" for code in range(int(symbol.max()) + 1)),
        columns=columns | {name: _classes(columns[name], name, file) for name in LABELS},
    )
    return make_book(raw, Origin(file.name, "event"), asked.cleaning)


def _lines(file: Path, wanted: set[int]) -> dict[int, NDArray[np.float64]]:
    found: dict[int, NDArray[np.float64]] = {}
    count, events = 0, 0
    packed = first_bytes(file).startswith(GZIP)
    try:
        with gzip.open(file, "rb") if packed else file.open("rb") as stream:
            for line in cast(IO[bytes], stream):
                if not line.strip():
                    continue
                count += 1
                if count in wanted:
                    found[count] = _parse(line, count, file)
                    events = events or len(found[count])
                    _check_length(len(found[count]), events, count, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise broken_gzip(file, error) from None
    if count != LINES:
        mend = "give the file as it was published"
        if events == LINES:
            mend = "it is turned round, a line an event: write its transpose"
        raise DataError(
            f"{file.name} has {count:,} lines of numbers; FI-2010 has {LINES}: 40 of the book, "
            "104 features, 5 labels",
            help=mend,
            code="data.lines",
        )
    return found


def _parse(line: bytes, number: int, file: Path) -> NDArray[np.float64]:
    cells = line.split()
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        place = next(place for place, cell in enumerate(cells, start=1) if not _is_number(cell))
        text = cells[place - 1].decode("utf-8", "replace")
        raise DataError(
            f"{file.name}, line {number}: {tell_cell(f'event {place:,}', text, 'a number')}",
            help="give the file as it was published: numbers with blanks between them",
            code="data.missing",
        ) from None


def _is_number(cell: bytes) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _check_length(length: int, events: int, number: int, file: Path) -> None:
    if length != events:
        raise DataError(
            f"{file.name}, line {number}: {length:,} events, the lines before have {events:,}",
            help="the file is cut short or damaged: download it again",
            code="data.lines",
        )


def _stocks(block: NDArray[np.float64]) -> NDArray[np.int32]:
    """(event,) number of the stock, from where the mid jumps."""
    mid = block[:, 0] + block[:, 2]
    jump = np.zeros(len(mid), bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        jump[1:] = np.abs(mid[1:] / mid[:-1] - 1.0) > _JUMP
    return np.cumsum(jump).astype(np.int32)


def _check_prices(block: NDArray[np.float64], file: Path) -> None:
    """The variants of FI-2010 that are scaled column by column have no prices left."""
    ask, bid = block[:, 0], block[:, 2]
    wrong = int(np.count_nonzero((bid <= 0) | (ask <= bid)))
    if wrong > len(block) / 10:
        raise DataError(
            f"{file.name} holds no prices: in {wrong:,} of {len(block):,} events the best ask is not above "
            "the best bid, or below zero",
            help="its columns are scaled (z-score or min-max): give the DecPre files; `data.scale` scales",
            code="data.scaled",
        )


def _classes(column: NDArray[np.float64], name: str, file: Path) -> NDArray[np.float64]:
    """1 up, 2 stationary, 3 down become 2, 1, 0."""
    wrong = np.flatnonzero(~np.isin(column, (1.0, 2.0, 3.0)))
    if len(wrong):
        raise DataError(
            f"{file.name}, line {LABELS[name]}, event {wrong[0] + 1:,}: a label of {column[wrong[0]]:g}; "
            "FI-2010 has 1 (up), 2 (stationary), 3 (down)",
            help="give the file as it was published",
            code="data.label",
        )
    return 3.0 - column
