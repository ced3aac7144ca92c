"""Scalers that are not one for all rows: of each symbol by itself, or of each session by those before it.

All three kinds have the same two verbs, for one column at a time: ``fit`` gives the column's state, plain
values that JSON keeps, and ``apply`` the scaled column, NaN in rows that nothing before them can scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zoo.data.scale_recipe import ROLLING, Scale
from zoo.data.scaling import apply_scaler, fit_scaler, inverse_width
from zoo.errors import DataError

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]
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


class RowScaling(Protocol):
    """How the rows of some data are scaled."""

    def known(self, rows: int) -> Mask:
        """(row,) whether there is anything to scale it by."""

    def fit(self, column: FloatArray, training: Mask) -> State:
        """The state of a column."""

    def apply(self, column: FloatArray, state: State) -> FloatArray:
        """The scaled column."""


def row_scaling(
    scale: Scale, sessions: Sequence[Session], past: Sequence[Mapping[str, Any]] = ()
) -> RowScaling:
    """The scaling of the data whose sessions these are.

    Args:
        scale: the recipe's.
        sessions: of the data, those of a group in time order.
        past: what ``remembered`` gave for the data that was fitted on; empty while fitting.

    Raises:
        DataError: ``data.scale`` when no session has one before it.
    """
    if scale.method == ROLLING:
        return _Rolling(scale, sessions, past)
    return _ByGroup(scale, sessions) if scale.by else _Plain(scale)


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


class _Plain:
    """One shift and one factor for all rows."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale

    def known(self, rows: int) -> Mask:
        return np.ones(rows, bool)

    def fit(self, column: FloatArray, training: Mask) -> State:
        return fit_scaler(column[training], self.scale)

    def apply(self, column: FloatArray, state: State) -> FloatArray:
        return apply_scaler(column, *state)


class _ByGroup:
    """A shift and a factor for each group, fitted on its own training rows."""

    def __init__(self, scale: Scale, sessions: Sequence[Session]) -> None:
        self.scale = scale
        self.sessions = sessions

    def known(self, rows: int) -> Mask:
        return np.ones(rows, bool)

    def fit(self, column: FloatArray, training: Mask) -> State:
        state = {}
        for group in dict.fromkeys(item.group for item in self.sessions):
            own = [slice(item.start, item.stop) for item in self.sessions if item.group == group]
            values = np.concatenate([column[rows][training[rows]] for rows in own])
            if len(values) == 0:
                raise _unknown(group, "has no row in the training part")
            state[group] = list(fit_scaler(values, self.scale))
        return state

    def apply(self, column: FloatArray, state: State) -> FloatArray:
        scaled = np.empty(len(column))
        for item in self.sessions:
            if item.group not in state:
                raise _unknown(item.group, f"is none of those trained on: {', '.join(state)}")
            rows = slice(item.start, item.stop)
            scaled[rows] = apply_scaler(column[rows], *state[item.group])
        return scaled


class _Rolling:
    """The mean and deviation of the sessions before a row's own: nothing of its own session, or after it.

    Source: Zhang, Zohren, Roberts, DeepLOB (2019), section III.B: the previous five days, of each stock.
    """

    def __init__(self, scale: Scale, sessions: Sequence[Session], past: Sequence[Mapping[str, Any]]) -> None:
        self.scale = scale
        self.sessions = sessions
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

    def fit(self, column: FloatArray, training: Mask) -> State:
        moments = self._moments(column)
        return [moments[place] for place in self.keeps]

    def apply(self, column: FloatArray, state: State) -> FloatArray:
        scaled, moments = np.full(len(column), np.nan), self._moments(column)
        for item, (old, own) in zip(self.sessions, self.before, strict=True):
            if old or own:
                rows = slice(item.start, item.stop)
                pair = _pooled([state[place] for place in old] + [moments[place] for place in own])
                scaled[rows] = apply_scaler(column[rows], *pair)
        return scaled

    def _moments(self, column: FloatArray) -> list[list[float]]:
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


def _pooled(moments: Sequence[Sequence[float]]) -> tuple[float, float]:
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
