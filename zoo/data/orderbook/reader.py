"""Reading recorded order books: the front door to the readers, one for each kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zoo.data.orderbook.asked import Asked
from zoo.data.orderbook.book import Book
from zoo.data.orderbook.cleaning import Cleaning, read_cleaning, trim
from zoo.data.orderbook.finding import FilePath, describe, find_files
from zoo.data.orderbook.joining import join_books
from zoo.data.orderbook.recognition import NAMES, kind_of
from zoo.data.orderbook.store import key_of, store_books
from zoo.errors import DataError

# Rows of a table in memory at once, where it goes to disk.
_PIECE = 2**14
Reader = Callable[[Sequence[Path], Asked], Iterator[Book]]
# Kind of file → its reader, MODULE:NAME, loaded when first used.
_READERS = MappingProxyType(
    {
        "csv": "zoo.data.orderbook.wide:read_csv_books",
        "parquet": "zoo.data.orderbook.wide:read_parquet_books",
        "stream": "zoo.data.orderbook.stream:read_stream",
        "fi2010": "zoo.data.orderbook.fi2010:read_fi2010",
        "message": "zoo.data.orderbook.lobster:read_lobster",
        "orderbook": "zoo.data.orderbook.lobster:read_lobster",
    }
)


def read(
    path: FilePath | Sequence[FilePath],
    *,
    levels: int | None = None,
    clean: str | Mapping[str, Any] | Cleaning = "error",
    symbol: str | None = None,
    columns: Sequence[str] = (),
    store: FilePath | None = None,
) -> Book:
    """A recorded order book, of one file or several; what kind of file it is is told from its content.

    * Wide CSV (also gzip) and Parquet: ``ask_price_1, ask_size_1, bid_price_1, bid_size_1, ask_price_2, …``
      (level 1 is the best), and, if there, ``time_ns`` (nanoseconds), ``session``, ``symbol``. Of several
      files each is a session. Rows of several symbols may be mixed; the Book brings each symbol's together.
    * LOBSTER: a message file, its order-book file, or both; the other one is found beside it. Prices in
      dollars; the session is the date of the name, and another begins after a halt.
    * FI-2010: the DecPre text; files are sessions, the stocks in them symbols, the published labels columns.
    * Depth streams: JSON lines of an exchange, a local time in nanoseconds before each or not; one snapshot,
      then diffs. A row after each diff, ten levels unless ``levels`` says otherwise. A gap in the numbers is
      an error at its line; with ``drop`` no rows come from there to the next snapshot, and a new session.

    Args:
        path: a file, a folder, a pattern such as ``stream_part*.gz``, or a list of these in order of time.
        levels: read only that many levels; all when None.
        clean: ``error`` names every row that cannot be true, by its line in the file; ``drop`` leaves out
            such rows, and all but the last of several of the same time, and counts them in ``Book.counts``.
            Or a map: ``rows`` (either word), ``duplicates`` (``keep`` or ``last``), ``opening`` and
            ``closing`` (minutes left out at the edges of each session).
        symbol: keep this symbol's rows only.
        columns: further columns of numbers to keep in ``Book.columns``; FI-2010's labels are always there.
        store: a folder that the book is put into, a file a number, and mapped from: for data larger than
            memory. A later call with the same files finds it there. Parquet and CSV are read in pieces, other
            kinds a file at a time. The folder may be deleted when nothing uses it.

    Raises:
        DataError: ``data.no_file``, ``data.directory``, ``data.empty``, ``data.binary``, ``data.gzip``,
            ``data.kinds``, ``data.columns``, ``data.levels``, ``data.symbol``, ``data.clean``; ``data.gap``,
            ``data.stream``; ``data.pair``; ``data.lines``, ``data.fold``, ``data.scaled``; for rows
            ``data.missing``, ``data.halted``, ``data.price``, ``data.negative_size``, ``data.crossed``,
            ``data.levels``, ``data.time``. A level without an order is ``data.empty``.
    """
    if levels is not None and (isinstance(levels, bool) or not isinstance(levels, int) or levels < 1):
        raise DataError(
            f"`levels` is a whole number from 1; received {levels!r}",
            help="leave it out for all levels",
            code="data.levels",
        )
    files = find_files(path)
    asked = Asked(levels, read_cleaning(clean), symbol, tuple(columns))
    if store is not None:
        return _stored(files, asked, Path(store).expanduser())
    book = join_books(_reader_of(files)(files, asked), describe(files))
    if symbol is not None:
        book = _only(book, symbol)
    return trim(book, asked.cleaning)


def _stored(files: Sequence[Path], asked: Asked, store: Path) -> Book:
    from zoo.data.orderbook.lobster import with_mates

    books = _reader_of(files)(files, replace(asked, piece=_PIECE))
    if asked.symbol is not None:
        books = _of_symbol(books, asked.symbol)
    folder = store / key_of(with_mates(files), asked)
    return store_books(books, folder, describe(files), asked.cleaning)


def _of_symbol(books: Iterator[Book], symbol: str) -> Iterator[Book]:
    """The rows of one symbol; a piece may have none, all together may not."""
    seen: list[Book] = []
    found = False
    for book in books:
        seen = seen or [book]
        if symbol in book.symbols:
            found = True
            yield _only(book, symbol)
    if not found and seen:
        _only(seen[0], symbol)


def _reader_of(files: Sequence[Path]) -> Reader:
    """The one reader of all the files."""
    kinds = {file: kind_of(file) for file in files}
    found = dict.fromkeys(_READERS[kind] for kind in kinds.values())
    if len(found) > 1:
        shown = dict.fromkeys(kinds.values())
        listed = "; ".join(
            f"{next(file.name for file in files if kinds[file] == kind)} is {NAMES[kind]}" for kind in shown
        )
        raise DataError(
            f"the {len(files)} files are of several kinds: {listed}",
            help="give files of one kind, for example by a pattern: 'folder/*_part*.gz'",
            code="data.kinds",
        )
    module, _, name = next(iter(found)).partition(":")
    reader: Reader = getattr(import_module(module), name)
    return reader


def _only(book: Book, symbol: str) -> Book:
    if symbol not in book.symbols:
        near = get_close_matches(symbol, book.symbols, 1)
        listed = ", ".join(book.symbols) if any(book.symbols) else "none: there is no `symbol` column"
        raise DataError(
            f"{book.name} has no symbol `{symbol}`",
            help=f"did you mean `{near[0]}`?" if near else f"its symbols are: {listed}",
            code="data.symbol",
        )
    return book.take(book.symbol == book.symbols.index(symbol))
