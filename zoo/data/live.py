"""An order book row by row, as it comes in: each snapshot's scaled features when it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.book_pipeline import BookPipeline
from zoo.data.checking import Origin, not_truths
from zoo.data.features import book_cells, feature_columns, in_bps, sized
from zoo.data.live_scale import LiveScale, OneScale, SessionScale
from zoo.data.orderbook.book import FIELDS, Book
from zoo.data.orderbook.checks import Quotes, check_quotes
from zoo.data.orderbook.columns import SESSION, SYMBOL, TIME
from zoo.data.recipe import BookRecipe, read_recipe
from zoo.data.scale_recipe import ROLLING
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
_TRUTHS = frozenset({bool, np.bool_})
_DROP = "train with `clean: {rows: drop}` under `data`"


class LiveRows:
    """Makes of each snapshot the features that the pipeline makes of a whole book, from it and the last one.

    Args:
        pipeline: fitted on a training part.

    Attributes:
        begins: the last snapshot said that it is of another session or symbol than the one before.
        group: none; a book's sessions and symbols come one after another.

    Raises:
        DataError: ``stream.sample``, the recipe keeps only some of the snapshots; ``stream.scale``, its
            scaler is of each symbol.
    """

    group: tuple[str, ...] = ()

    def __init__(self, pipeline: BookPipeline) -> None:
        recipe = read_recipe(pipeline.recipe)
        _check_sampling(recipe.sample_by, recipe.sample_every)
        self._recipe = recipe.features
        self._drops = recipe.clean.rows == "drop"
        self._scale = _scale_of(pipeline, recipe)
        self.names = list(pipeline.feature_names)
        deepest = (int(name.rpartition("_")[2]) for name in self.names if name.rpartition("_")[2].isdigit())
        self.levels = recipe.features.levels or max(deepest, default=1)
        self._wanted = [f"{field}_{level + 1}" for level in range(self.levels) for field in FIELDS]
        self._take_cells(list(book_cells(self._recipe, self.levels)))
        self._forget()

    def _take_cells(self, cells: Sequence[tuple[str, int]]) -> None:
        """Where each cell stands in a row, prices and sizes apart."""
        at = np.array([level * len(FIELDS) + FIELDS.index(field) for field, level in cells], np.int64)
        price = np.array([field.endswith("price") for field, _ in cells], bool)
        self._prices, self._sizes = at[price], at[~price]
        self._price_places, self._size_places = np.flatnonzero(price), np.flatnonzero(~price)
        self._cells = len(cells)

    def reset(self) -> None:
        """A session begins: the next snapshot has none before it."""
        self._forget()
        self._scale.next_session()

    def _forget(self) -> None:
        self.begins = False
        self._before: FloatArray | None = None
        self._pushed = 0
        self._series: tuple[Any, ...] = ()
        self._time: list[int] = []

    def push(self, snapshot: Any) -> NDArray[np.float32] | None:
        """(feature,) the scaled features of a snapshot; None of one that ``clean`` leaves out.

        Args:
            snapshot: (4·level,) raw numbers, ask price, ask size, bid price and bid size of each level from
                the best; or a map or row of a frame by the names ``ask_price_1``, …. More levels than the
                model reads are left aside.

        Raises:
            DataError: ``stream.row``, too few numbers; ``data.missing``, ``data.crossed`` and the others of a
                file's rows, numbers that cannot be true; ``stream.time``, a time before the last one. Nothing
                is kept of such a snapshot.
        """
        self._pushed += 1
        row = self._row(snapshot)
        if not _plausible(row):
            if self._drops:
                return None
            _tell(row, self._pushed)
        self._follow(_said(snapshot, (SESSION, SYMBOL)), [_time(item) for item in _said(snapshot, (TIME,))])
        features = self._features(row)
        self._before = row
        return np.asarray(self._scale.apply(features), np.float32)

    def _follow(self, series: tuple[Any, ...], time: list[int]) -> None:
        """Begin anew where a snapshot says that it is of another session or symbol than the last one."""
        self.begins = False
        if series and self._series and series != self._series:
            self.reset()
            self.begins, self._pushed = True, 1
        elif time and self._time and time < self._time:
            raise DataError(
                f"the stream, snapshot {self._pushed:,}: `{TIME}` {time[0]} is before {self._time[0]} of the "
                "last one",
                help="push snapshots in the order of time; reset() begins another session",
                code="stream.time",
            )
        self._series, self._time = series or self._series, time or self._time

    def _row(self, snapshot: Any) -> FloatArray:
        if is_named(snapshot):
            missing = [name for name in self._wanted if name not in snapshot]
            if missing:
                raise DataError(
                    f"the snapshot has no `{missing[0]}`"
                    + (f" and lacks {len(missing) - 1} more" if len(missing) > 1 else ""),
                    help=f"the model reads {self.levels} levels: {', '.join(self._wanted[:4])}, …",
                    code="stream.row",
                )
            snapshot = [snapshot[name] for name in self._wanted]
        if isinstance(snapshot, (list, tuple)) and not _TRUTHS.isdisjoint(map(type, snapshot)):
            place = next(place for place, cell in enumerate(snapshot) if type(cell) in _TRUTHS)
            field, level = FIELDS[place % len(FIELDS)], place // len(FIELDS) + 1
            raise not_truths(f"{field}_{level}")
        row, what = _numbers(snapshot, self._wanted)
        if len(row) < len(self._wanted) or len(row) % len(FIELDS):
            raise DataError(
                f"a snapshot is {len(self._wanted)} numbers or more, a multiple of four; received {what}",
                help=f"give {', '.join(self._wanted[:4])}, … in this order, or a map by these names",
                code="stream.row",
            )
        return row[: len(self._wanted)]

    def _features(self, row: FloatArray) -> FloatArray:
        before = self._before
        features = np.empty(len(self.names), np.float64)
        price = row[self._prices]
        if self._recipe.prices == "relative_bps":
            price = in_bps(price, np.asarray((row[0] + row[2]) / 2.0))
        elif self._recipe.prices != "raw":
            price = np.zeros_like(price) if before is None else in_bps(price, before[self._prices])
        features[self._price_places] = price
        features[self._size_places] = sized(row[self._sizes], self._recipe.sizes)
        if len(features) > self._cells:
            book = _book(row if before is None else np.stack([before, row]))
            columns = feature_columns(book, self._recipe)[self._cells :]
            features[self._cells :] = [column[:][-1] for _, column in columns]
        return features


def _time(told: Any) -> int:
    """Nanoseconds, from a number, a text of one, or a date.

    Raises:
        DataError: ``stream.time``.
    """
    try:
        date = told.to_datetime64() if hasattr(told, "to_datetime64") else told
        if not isinstance(date, np.datetime64):
            return int(told)
        if np.isnat(date):
            raise ValueError
        return int(date.astype("M8[ns]").astype(np.int64))
    except (TypeError, ValueError, OverflowError):
        shown = told.item() if isinstance(told, np.generic) else told
        raise DataError(
            f"the snapshot's `{TIME}` is {shown!r}, not a whole number of nanoseconds",
            help="give nanoseconds since 1970, as the training's data have them, or leave the time out",
            code="stream.time",
        ) from None


def is_named(snapshot: Any) -> bool:
    """Is it a map, or a row of a frame?"""
    return isinstance(snapshot, Mapping) or (
        hasattr(snapshot, "index") and not isinstance(snapshot, (list, tuple, str, bytes))
    )


def _said(snapshot: Any, names: Sequence[str]) -> tuple[Any, ...]:
    """What a snapshot says of these, as far as it has names; ``names`` in their order."""
    return tuple(snapshot[name] for name in names if name in snapshot) if is_named(snapshot) else ()


def _numbers(snapshot: Any, names: Sequence[str]) -> tuple[FloatArray, str]:
    """(number,) of a snapshot, none where it is no row of numbers; and what it is instead, in words."""
    if isinstance(snapshot, (str, bytes)):
        return np.empty(0), "a text"
    if snapshot is None:
        return np.empty(0), "nothing"
    try:
        row = np.asarray(snapshot, np.float64)
    except (TypeError, ValueError):
        cells = snapshot if isinstance(snapshot, (list, tuple)) else ()
        for name, cell in zip(names, cells, strict=False):
            try:
                float(cell)
            except (TypeError, ValueError):
                return np.empty(0), f"{cell!r} as `{name}`"
        return np.empty(0), "what are no numbers"
    # (level, field) is one snapshot too
    if row.ndim > 1 and len(row) > 1 and row.shape[-1] != len(FIELDS):
        return np.empty(0), f"{len(row)} rows at once"
    return row.reshape(-1), str(row.size)


def _check_sampling(sample_by: str, every: float) -> None:
    if sample_by != "event" or every != 1:
        raise DataError(
            "the model was trained on a sampled book, and a stream takes every snapshot",
            help="sample the snapshots and predict them as a book: predict(data)",
            code="stream.sample",
        )


def _scale_of(pipeline: BookPipeline, recipe: BookRecipe) -> LiveScale:
    rolling = recipe.scale.method == ROLLING
    several = len({str(item["group"]) for item in pipeline.past_sessions}) > 1
    if several if rolling else recipe.scale.by:
        raise DataError(
            "the model's features are scaled symbol by symbol, and a stream does not know which one comes in",
            help="predict(data) does; or train with `scale: {method: zscore}`, or on one symbol",
            code="stream.scale",
        )
    return SessionScale(pipeline.scaler, recipe.scale.sessions) if rolling else OneScale(pipeline.scaler)


def _plausible(row: FloatArray) -> bool:
    """Whether everything that a book's rows are checked for holds; a few comparisons for all of it."""
    ask, bid = row[0::4], row[2::4]
    asks_rise, bids_fall = np.all(ask[1:] > ask[:-1]), np.all(bid[1:] < bid[:-1])
    return bool(
        np.isfinite(row).all()
        and row[0] > row[2]
        and asks_rise
        and bids_fall
        and bid[-1] > 0
        and (row[1::2] >= 0).all()
    )


def _tell(row: FloatArray, number: int) -> None:
    """Raises what the reader of a file raises for such a row, the snapshot of this number."""
    sides = _sides(row)
    no = np.zeros(1, bool)

    def cell(_: int, name: str) -> object:
        field, _mark, level = name.rpartition("_")
        return sides[FIELDS.index(field)][0, int(level) - 1]

    quotes = Quotes(
        None,
        *sides,
        run=np.zeros(1, np.int64),
        unreadable=np.array([not np.isfinite(row).all()]),
        surplus=no,
        empty=no,
        halted=no,
        cell=cell,
    )
    check_quotes(quotes, Origin("the stream", "snapshot", number, drop=_DROP), "error")


def _sides(rows: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """(snapshot, level) each: ask price, ask size, bid price, bid size."""
    cells = np.atleast_2d(rows)
    return cells[:, 0::4], cells[:, 1::4], cells[:, 2::4], cells[:, 3::4]


def _book(rows: FloatArray) -> Book:
    """One or two snapshots as a book."""
    sides = _sides(rows)
    same = np.zeros(len(sides[0]), np.int32)
    return Book(
        np.arange(len(same)),
        *sides,
        session=same,
        symbol=same,
        name="a stream",
        timed=False,
    )
