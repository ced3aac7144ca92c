"""The scale of rows that come in one by one: one for all, or each session's by those before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zoo.data.row_scaling import pooled
from zoo.data.scaling import apply_scaler

FloatArray = NDArray[np.float64]


class LiveScale(Protocol):
    """How rows are scaled."""

    def next_session(self) -> None:
        """A session begins."""

    def apply(self, features: FloatArray) -> FloatArray:
        """(feature,) scaled, of a row that is kept."""


class OneScale:
    """One shift and factor of each feature for all rows.

    Args:
        pairs: (shift, factor) of each feature.
    """

    def __init__(self, pairs: Sequence[Sequence[float]]) -> None:
        self._shift, self._factor = np.array(pairs, np.float64).T

    def next_session(self) -> None:
        """Nothing changes."""

    def apply(self, features: FloatArray) -> FloatArray:
        """The scaled row."""
        return apply_scaler(features, self._shift, self._factor)


class SessionScale:
    """The mean and deviation of the sessions before: those remembered, then those that came in.

    Args:
        states: of each feature, [rows, mean, variance] of each remembered session, the nearest last.
        sessions: how many sessions before its own scale a row.
    """

    def __init__(self, states: Sequence[Sequence[Sequence[float]]], sessions: int) -> None:
        # (session, feature, 3)
        self._past: list[NDArray[Any]] = list(np.array(states, np.float64).transpose(1, 0, 2))
        self._sessions = sessions
        self._begin(len(states))

    def _begin(self, features: int) -> None:
        self._past = self._past[-self._sessions :]
        pairs = [pooled([session[place] for session in self._past]) for place in range(features)]
        self._shift, self._factor = np.array(pairs, np.float64).T
        self._rows, self._mean, self._squares = 0, np.zeros(features), np.zeros(features)

    def next_session(self) -> None:
        """What came in since the last one began is a session that is past."""
        if self._rows:
            count = np.full(len(self._mean), float(self._rows))
            self._past.append(np.stack([count, self._mean, self._squares / self._rows], axis=1))
        self._begin(len(self._mean))

    def apply(self, features: FloatArray) -> FloatArray:
        """The scaled row; it counts for the sessions after its own."""
        self._rows += 1
        off = features - self._mean
        self._mean = self._mean + off / self._rows
        self._squares = self._squares + off * (features - self._mean)
        return np.asarray((features - self._shift) * self._factor)
