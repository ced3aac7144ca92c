"""Scalers that are not one for all rows: of each symbol by itself, or of each session by those before it.

All three kinds have the same verbs, for one column at a time: ``fit`` gives the column's state, plain values
that JSON keeps, ``pieces`` the scaled column in blocks of rows, and ``apply`` all of it, NaN in rows that
nothing before them can scale.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.blocks import Made, collect, spans
from zoo.data.scale_recipe import ROLLING, Scale
from zoo.data.scaling import apply_scaler, fit_scaler, inverse_width
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]
Column = FloatArray | Made
# of a column: (shift, factor); group → (shift, factor); or [rows, mean, variance] of each session
State = Any


@dataclass(frozen=True, slots=True)
class Session:
    """An unbroken run of rows of one session of one group.

    Args:
        start, stop: its first row, and the row after its last.
        group: name of its symbol or table group.
        name: of the session.
        since, until: time of its first and last row; None where the data has no clock.
    """

    start: int
    stop: int
    group: str
    name: str
    since: int | None = None
    until: int | None = None


class RowScaling(ABC):
    """How the rows of some data are scaled.

    Args:
        scale: the recipe's.
        sessions: of the data, those of a group in time order.
        folder: where a column's training rows are put; None for memory.
    """

    def __init__(self, scale: Scale, sessions: Sequence[Session], folder: Path | None = None) -> None:
        self.scale = scale
        self.sessions = sessions
        self.folder = folder
        self._in_rows = sorted(range(len(sessions)), key=lambda place: sessions[place].start)

    def known(self, rows: int) -> Mask:
        """(row,) whether there is anything to scale it by."""
        return np.ones(rows, bool)

    @abstractmethod
    def fit(self, column: Column, training: Mask) -> State:
        """The state of a column."""

    @abstractmethod
    def pieces(self, column: Column, state: State) -> Iterator[FloatArray]:
        """The scaled column, in blocks of rows."""

    def apply(self, column: Column, state: State) -> FloatArray:
        """The scaled column."""
        return collect(self.pieces(column, state), np.float64)

    def _chosen(self, column: Column, training: Mask, start: int, stop: int) -> Iterator[FloatArray]:
        return (column[rows][training[rows]] for rows in spans(stop, start=start))


def row_scaling(
    scale: Scale,
    sessions: Sequence[Session],
    past: Sequence[Mapping[str, Any]] = (),
    folder: Path | None = None,
) -> RowScaling:
    """The scaling of the data whose sessions these are.

    Args:
        scale: the recipe's.
        sessions: of the data, those of a group in time order.
        past: what ``remembered`` gave for the data that was fitted on; empty while fitting.
        folder: as in ``RowScaling``.

    Raises:
        DataError: ``data.scale`` when no session has one before it.
    """
    if scale.method == ROLLING:
        return _Rolling(scale, sessions, past, folder)
    return (_ByGroup if scale.by else _Plain)(scale, sessions, folder)


def remembered(scale: Scale, sessions: Sequence[Session]) -> list[dict[str, Any]]:
    """The sessions whose numbers a rolling scaler keeps for new data: the last ones of each group."""
    if scale.method != ROLLING:
        return []
    kept = [sessions[place] for place in _last(scale, sessions)]
    return [{"group": item.group, "name": item.name, "until": item.until} for item in kept]


def _last(scale: Scale, sessions: Sequence[Session]) -> list[int]:
    """Places of the last sessions of each group."""
    return sorted(place for own in _by_name(sessions).values() for place in own[-scale.sessions :])


def _by_name(sessions: Sequence[Session]) -> dict[str, list[int]]:
    """Group → places of its sessions."""
    found: dict[str, list[int]] = {}
    for place, item in enumerate(sessions):
        found.setdefault(item.group, []).append(place)
    return found


class _Plain(RowScaling):
    """One shift and one factor for all rows."""

    def fit(self, column: Column, training: Mask) -> State:
        values = collect(self._chosen(column, training, 0, len(column)), np.float64, self.folder)
        return fit_scaler(values, self.scale)

    def pieces(self, column: Column, state: State) -> Iterator[FloatArray]:
        return (apply_scaler(column[rows], *state) for rows in spans(len(column)))


class _ByGroup(RowScaling):
    """A shift and a factor for each group, fitted on its own training rows."""

    def fit(self, column: Column, training: Mask) -> State:
        state = {}
        for group in dict.fromkeys(item.group for item in self.sessions):
            own = [item for item in self.sessions if item.group == group]
            chosen = (
                piece for item in own for piece in self._chosen(column, training, item.start, item.stop)
            )
            values = collect(chosen, np.float64, self.folder)
            if len(values) == 0:
                raise _unknown(group, "has no row in the training part")
            state[group] = list(fit_scaler(values, self.scale))
        return state

    def pieces(self, column: Column, state: State) -> Iterator[FloatArray]:
        for item in (self.sessions[place] for place in self._in_rows):
            if item.group not in state:
                raise _unknown(item.group, f"is none of those trained on: {', '.join(state)}")
            for rows in spans(item.stop, start=item.start):
                yield apply_scaler(column[rows], *state[item.group])


class _Rolling(RowScaling):
    """The mean and deviation of the sessions before a row's own: nothing of its own session, or after it.

    Source: Zhang, Zohren, Roberts, DeepLOB (2019), section III.B: the previous five days, of each stock.
    """

    def __init__(
        self,
        scale: Scale,
        sessions: Sequence[Session],
        past: Sequence[Mapping[str, Any]],
        folder: Path | None = None,
    ) -> None:
        super().__init__(scale, sessions, folder)
        self.keeps = _last(scale, sessions)
        # Of each session: places in what is remembered, then in the data itself, nearest last.
        self.before: list[tuple[list[int], list[int]]] = [([], [])] * len(sessions)
        for group, places in _by_name(sessions).items():
            said = [i for i, item in enumerate(past) if item["group"] == group]
            here = {sessions[place].name for place in places}
            for count, place in enumerate(places):
                own = places[max(0, count - scale.sessions) : count]
                old = [i for i in said if _is_before(past[i], sessions[place], here)]
                self.before[place] = (old[len(old) - min(len(old), scale.sessions - len(own)) :], own)
        if not any(old or own for old, own in self.before):
            raise _no_past(bool(past))

    def known(self, rows: int) -> Mask:
        found = np.zeros(rows, bool)
        for item, (old, own) in zip(self.sessions, self.before, strict=True):
            found[item.start : item.stop] = bool(old or own)
        return found

    def fit(self, column: Column, training: Mask) -> State:
        moments = self._moments(column)
        return [moments[place] for place in self.keeps]

    def pieces(self, column: Column, state: State) -> Iterator[FloatArray]:
        moments = self._moments(column)
        for item, (old, own) in ((self.sessions[place], self.before[place]) for place in self._in_rows):
            if not (old or own):
                yield np.full(item.stop - item.start, np.nan)
                continue
            pair = pooled([state[place] for place in old] + [moments[place] for place in own])
            for rows in spans(item.stop, start=item.start):
                yield apply_scaler(column[rows], *pair)

    def _moments(self, column: Column) -> list[list[float]]:
        found = []
        for item in self.sessions:
            values = column[item.start : item.stop]
            found.append([float(len(values)), float(values.mean()), float(values.var())])
        return found


def _is_before(said: Mapping[str, Any], item: Session, here: set[str]) -> bool:
    """Whether a remembered session ended before this one; without a clock, whether it is another one."""
    if said["until"] is not None and item.since is not None:
        return bool(said["until"] < item.since and said["name"] not in here)
    return said["name"] not in here


def pooled(moments: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Shift and factor of sessions together, from [rows, mean, variance] of each."""
    rows, means, variances = np.array(moments).T
    mean = float(np.average(means, weights=rows))
    variance = float(np.average(variances + (means - mean) ** 2, weights=rows))
    return mean, inverse_width(variance**0.5, float(np.abs(means).max()))


def _no_past(trained: bool) -> DataError:
    also = ": those trained on ended after it began, or have its name" if trained else ""
    return DataError(
        f"`rolling_sessions` scales a session by those before it, and no session has one before it{also}",
        help="give more sessions, named by a `session` column"
        + ("" if trained else ", or use `method: zscore`"),
        code="data.scale",
    )


def _unknown(group: str, reason: str) -> DataError:
    return DataError(
        f"`data.scale.by` fits a scaler for each group, and `{group}` {reason}",
        help="leave `by` out, or split so that each group has training rows",
        code="data.scale",
    )
