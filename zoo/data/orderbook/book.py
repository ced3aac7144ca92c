"""The book: every snapshot of one or more order books, as arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import by_blocks, collect, spans
from zoo.data.windowing import cuts_of, runs_between

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data.orderbook.cleaning import Cleaning

FloatArray = NDArray[np.float64]
FIELDS = ("ask_price", "ask_size", "bid_price", "bid_size")


@dataclass(frozen=True, eq=False)
class Book:
    """Snapshots of limit-order books: row = snapshot, column = level, best level first.

    Rows of one symbol lie together, in time order; a window, a return or a label never reaches across two
    symbols or two sessions.

    Args:
        time: (snapshot,) nanoseconds; the row number when the data has no clock (``timed`` is then False).
        ask_price, ask_size, bid_price, bid_size: (snapshot, level); prices in the currency of the data, sizes
            in its lots or contracts.
        session, symbol: (snapshot,) codes from 0, in order of appearance; names in ``sessions``, ``symbols``.
        name: what a report calls the data.
        simulated: True when no market ever showed these numbers.
        counts: rows read, and rows dropped by reason.
        hidden: (snapshot,) or (snapshot, k) state behind a simulated book, for the oracle row; else None.
        flow: (snapshot, level) order-flow imbalance since the row before, where a sampled book has lost the
            rows between; else None. Of as many levels as were asked for.
        columns: further columns that came with the data, name → (snapshot,) numbers, such as published
            labels. FI-2010's own are ``label_1``, ``label_2``, ``label_3``, ``label_5``, ``label_10``, named
            by the rows they look ahead, with 0 down, 1 stationary, 2 up as everywhere here.
        folder: where its arrays lie on disk, mapped into memory; None for arrays in memory.
        source_rows: (snapshot,) the row of the file or frame that each was, counted from 0, where rows were
            left out or symbols brought together; None where they are all there in their order, and on disk.
    """

    time: NDArray[np.int64]
    ask_price: FloatArray
    ask_size: FloatArray
    bid_price: FloatArray
    bid_size: FloatArray
    session: NDArray[np.int32]
    symbol: NDArray[np.int32]
    name: str
    simulated: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    hidden: FloatArray | None = None
    timed: bool = True
    sessions: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    flow: FloatArray | None = None
    columns: Mapping[str, FloatArray] = field(default_factory=dict)
    folder: Path | None = None
    source_rows: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        return f"Book({self.name!r}, {len(self):,} snapshots × {self.levels} levels)"

    @property
    def unit(self) -> str:
        """What a row is."""
        return "snapshots"

    @property
    def levels(self) -> int:
        """Price levels on each side."""
        return int(self.ask_price.shape[1])

    @cached_property
    def mid(self) -> FloatArray:
        """(snapshot,) mean of the best ask and the best bid."""
        if self.folder is None:
            return _middle(self.ask_price[:, 0], self.bid_price[:, 0])
        return self._stored_mid

    @cached_property
    def _stored_mid(self) -> FloatArray:
        best = self.ask_price[:, 0], self.bid_price[:, 0]
        return by_blocks(_middle, *best, dtype=np.float64, folder=self.folder)

    @property
    def spread(self) -> FloatArray:
        """(snapshot,) best ask less best bid, in the currency of the data."""
        return self.spread_of(slice(None))

    def spread_of(self, rows: slice) -> FloatArray:
        """The spread of some rows."""
        return np.asarray(self.ask_price[rows, 0] - self.bid_price[rows, 0])

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """First row and row after the last of each unbroken run of one session of one symbol."""
        cuts = np.union1d(cuts_of(self.session), cuts_of(self.symbol))
        return runs_between(len(self), cuts.tolist())

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """(snapshot,) number of the run that a row belongs to."""
        starts = np.array([start for start, _ in self.runs], np.int64)
        numbers = (
            np.searchsorted(starts, np.arange(rows.start, rows.stop), side="right") - 1
            for rows in spans(len(self))
        )
        return collect(numbers, np.int64, self.folder)

    def __reduce__(self) -> Any:
        # Another process maps the same files; it gets no copy of what is larger than memory.
        if self.folder is None:
            return super().__reduce__()
        from zoo.data.orderbook.store import open_stored

        return open_stored, (self.folder,)

    def take(self, rows: NDArray[Any] | slice) -> Book:
        """The book of those rows only, in memory unless they are a slice."""
        source = self.source_rows
        if source is not None:
            source = source[rows]
        elif not isinstance(rows, slice):
            places = np.asarray(rows)
            source = np.flatnonzero(places) if places.dtype == bool else places.astype(np.int64)
        per_row = ("time", *FIELDS, "session", "symbol")
        parts: dict[str, Any] = {name: getattr(self, name)[rows] for name in per_row}
        hidden = None if self.hidden is None else self.hidden[rows]
        flow = None if self.flow is None else self.flow[rows]
        return Book(
            **parts,
            name=self.name,
            simulated=self.simulated,
            counts=self.counts,
            hidden=hidden,
            timed=self.timed,
            sessions=self.sessions,
            symbols=self.symbols,
            flow=flow,
            columns={name: values[rows] for name, values in self.columns.items()},
            source_rows=source,
        )

    def fingerprint(self) -> str:
        """SHA-256 of snapshots, sessions and symbols (not of names): equal books have equal fingerprints."""
        digest = hashlib.sha256(f"{len(self)} {self.levels}".encode())
        for name in ("time", *FIELDS, "session", "symbol"):
            values = getattr(self, name)
            for rows in spans(len(self)):
                digest.update(np.ascontiguousarray(values[rows]).data)
        return digest.hexdigest()

    def to_frame(self) -> pd.DataFrame:
        """A wide pandas frame with the reader's columns; ``Book.from_frame`` reads it back."""
        from zoo.data.orderbook.frames import to_frame

        return to_frame(self)

    @staticmethod
    def from_frame(
        frame: pd.DataFrame,
        *,
        clean: str | Mapping[str, Any] | Cleaning = "error",
        name: str = "data frame",
        columns: Sequence[str] = (),
    ) -> Book:
        """The book of a wide pandas frame.

        Args:
            frame: columns ``ask_price_1, ask_size_1, bid_price_1, bid_size_1, …`` and, if there, ``time_ns``,
                ``session``, ``symbol``.
            clean: ``error``, or ``drop`` to leave out rows that cannot be true and count them; or a map, see
                ``zoo.data.orderbook.read``.
            name: what messages and reports call the data.
            columns: further columns of numbers to keep.

        Raises:
            DataError: ``data.columns``, ``data.rows`` and the like; rows are counted from 1.
        """
        from zoo.data.orderbook.frames import from_frame

        return from_frame(frame, clean=clean, name=name, columns=columns)


def _middle(ask: FloatArray, bid: FloatArray) -> FloatArray:
    return np.asarray((ask + bid) / 2.0)
