"""Depth streams of an exchange: JSON lines, one snapshot and then diffs, rebuilt to a row after each diff.

A line is ``<local time in ns> <JSON>`` or the JSON alone; the JSON is the event or ``{"data": event, …}``.
Events that are no snapshot (``lastUpdateId``) and no ``depthUpdate`` are counted and left.
"""

from __future__ import annotations

import gzip
import json
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from zoo.data.checking import Origin
from zoo.data.files import GZIP, broken_gzip, first_bytes
from zoo.data.orderbook.asked import Asked
from zoo.data.orderbook.assembly import Latest, Raw, make_book
from zoo.data.orderbook.book import Book
from zoo.data.orderbook.columns import check_further, level_columns
from zoo.data.orderbook.depth import Depth
from zoo.errors import DataError

LEVELS = 10
# A piece of so many rows at ten levels is 80 MB: a long stream is never held as Python objects.
_PIECE = 250_000
_HELP = "give the lines as the exchange sent them, each with its whole JSON"


@dataclass(slots=True)
class _Piece:
    """Rows of one file that have not been handed on."""

    block: array[float] = field(default_factory=lambda: array("d"))
    time: array[int] = field(default_factory=lambda: array("q"))
    session: array[int] = field(default_factory=lambda: array("i"))
    line: array[int] = field(default_factory=lambda: array("q"))
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1


def read_stream(files: Sequence[Path], asked: Asked) -> Iterator[Book]:
    """Books of the pieces of a stream, which runs on from file to file."""
    check_further([], asked.columns, files[0].name)
    rebuilder = _Rebuilder(asked)
    for file in files:
        for number, line in _lines(file):
            rebuilder.take(file, number, line)
            if len(rebuilder.piece.time) >= _PIECE:
                yield rebuilder.hand_on(file)
        if len(rebuilder.piece.time):
            yield rebuilder.hand_on(file)
    rebuilder.check_end(files)


class _Rebuilder:
    """The state of a stream between two lines: the book, or the diffs that wait for a snapshot."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.levels = asked.levels or LEVELS
        self.piece = _Piece()
        self.latest = Latest()
        self.depth: Depth | None = None
        self.waiting: list[Mapping[str, Any]] = []
        self.sessions = [""]
        self.symbol = asked.symbol or ""
        self.seen = 0
        self.handed = False

    def take(self, file: Path, number: int, line: bytes) -> None:
        """Read one line."""
        if b'"depthUpdate"' not in line and b'"lastUpdateId"' not in line:
            _check_other(file, number, line)
            self.piece.count("other_events")
            return
        local, event = _event(file, number, line)
        if not self._is_ours(event, file, number):
            self.piece.count("other_symbols")
            return
        try:
            if "lastUpdateId" in event:
                self._snapshot(event, file, number)
            else:
                self._diff(event, local, file, number)
        except (KeyError, TypeError, ValueError) as error:
            what = f"has no `{error.args[0]}`" if isinstance(error, KeyError) else f"cannot be read: {error}"
            raise _broken(file, number, f"this event {what}") from None

    def hand_on(self, file: Path) -> Book:
        """The book of the rows so far."""
        piece, self.piece = self.piece, _Piece()
        self.handed = True
        block = np.frombuffer(piece.block, np.float64).reshape(-1, 4 * self.levels)
        names = level_columns(self.levels)
        none = np.zeros(len(block), bool)
        raw = Raw(
            block,
            np.frombuffer(piece.time, np.int64),
            unreadable=none,
            cell=lambda row, column: block[row, names.index(column)],
            session=np.frombuffer(piece.session, np.int32),
            sessions=tuple(self.sessions),
            symbols=(self.symbol,),
            empty=np.asarray(np.isnan(block).any(axis=1)),
            counts=piece.counts,
        )
        lines = np.frombuffer(piece.line, np.int64)
        return make_book(raw, Origin(file.name, "line", places=lines), self.asked.cleaning, self.latest)

    def check_end(self, files: Sequence[Path]) -> None:
        """The stream had a snapshot, and diffs after it."""
        if self.handed:
            return
        if self.depth is None:
            raise DataError(
                f"{files[0].name}: {self.seen:,} diffs and no snapshot that they could be applied to",
                help="give all parts of the stream, the one with the snapshot (`lastUpdateId`) first",
                code="data.stream",
            )
        raise DataError(
            f"{files[0].name}: a snapshot and no diff after it",
            help="give all parts of the stream",
            code="data.stream",
        )

    def _is_ours(self, event: Mapping[str, Any], file: Path, number: int) -> bool:
        named = event.get("s", event.get("symbol"))
        if not isinstance(named, str) or named == self.symbol:
            return True
        if self.asked.symbol is None and not self.symbol:
            self.symbol = named
            return True
        if self.asked.symbol is None:
            raise DataError(
                f"{file.name}, line {number:,}: a diff of {named}, those before are of {self.symbol}",
                help=f"choose one with symbol={self.symbol!r} or symbol={named!r}",
                code="data.symbol",
            )
        return False

    def _snapshot(self, event: Mapping[str, Any], file: Path, number: int) -> None:
        if self.depth is not None:
            # The book goes on unbroken; a snapshot may have come late, and would set it back.
            self.piece.count("further_snapshots")
            return
        depth = Depth(event)
        waiting, self.waiting = self.waiting, []
        for place, diff in enumerate(waiting):
            if depth.is_old(diff):
                continue
            if not self._follows(depth, diff, file, number):
                self.waiting = waiting[place:]
                return
            depth.apply(diff)
        self.depth = depth

    def _diff(self, event: Mapping[str, Any], local: int | None, file: Path, number: int) -> None:
        self.seen += 1
        for key in ("U", "u", "a", "b"):
            _ = event[key]
        depth = self.depth
        if depth is not None and depth.is_old(event):
            self.piece.count("before_snapshot")
            return
        if depth is None or not self._follows(depth, event, file, number):
            self.depth = None
            self.waiting.append(event)
            self.piece.count("before_snapshot")
            return
        depth.apply(event)
        piece = self.piece
        piece.block.extend(depth.row(self.levels))
        piece.time.append(int(event["E"]) * 1_000_000 if local is None else local)
        piece.session.append(len(self.sessions) - 1)
        piece.line.append(number)

    def _follows(self, depth: Depth, diff: Mapping[str, Any], file: Path, number: int) -> bool:
        """Is there no gap before the diff? One ends the session, or is an error."""
        missing = depth.missing(diff)
        if not missing:
            return True
        if self.asked.cleaning.rows == "error":
            raise DataError(
                f"{file.name}, line {number:,}: a gap in the stream: {missing}",
                help="the book after it is not known: give the part that is missing, or read it with "
                "clean='drop', which goes on in a new session at the next snapshot",
                code="data.gap",
                data={"rows": {"gap": [number]}},
            )
        self.piece.count("gaps")
        self.sessions.append(f"after gap {len(self.sessions)}")
        return False


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    packed = first_bytes(file).startswith(GZIP)
    try:
        with gzip.open(file, "rb") if packed else file.open("rb") as stream:
            for number, line in enumerate(cast(IO[bytes], stream), start=1):
                if line.strip():
                    yield number, line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise broken_gzip(file, error) from None


def _check_other(file: Path, number: int, line: bytes) -> None:
    # Not parsed, for speed: what is cut short does not end as JSON does.
    if not line.rstrip().endswith(b"}"):
        raise _broken(file, number, "the line is cut short, or no JSON")


def _event(file: Path, number: int, line: bytes) -> tuple[int | None, Mapping[str, Any]]:
    """The local time, if there, and the event."""
    before, brace, rest = line.partition(b"{")
    try:
        local = int(before) if before.strip() else None
        event = json.loads(brace + rest)
        event = event.get("data", event)
    except (ValueError, AttributeError, RecursionError) as error:
        raise _broken(file, number, f"the line is cut short, or no JSON: {error}") from None
    if not isinstance(event, dict):
        raise _broken(file, number, "the event is no JSON object")
    if local is not None and abs(local) >= 2**63:
        raise _broken(file, number, f"the local time is {local}, no nanoseconds")
    return local, event


def _broken(file: Path, number: int, what: str) -> DataError:
    return DataError(f"{file.name}, line {number:,}: {what}", help=_HELP, code="data.stream")
