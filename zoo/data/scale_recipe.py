"""The ``scale`` section of a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zoo.data.values import number, refuse, section, whole, word, words

KEYS = ("method", "range", "sessions", "by", "fit")
METHODS = ("zscore", "minmax", "robust", "none")
ROLLING = "rolling_sessions"
SESSIONS = 5  # the five days of Zhang, Zohren and Roberts (2019)


@dataclass(frozen=True, slots=True)
class Scale:
    """How numbers are scaled.

    Args:
        method: ``zscore``, ``minmax``, ``robust``, ``rolling_sessions`` or ``none``.
        range: what the training rows span, for ``minmax``.
        sessions: how many sessions before its own scale a row, for ``rolling_sessions``.
        by: what has a scaler of its own, such as each ``symbol``; empty for one scaler of all rows.
    """

    method: str
    range: tuple[float, float]
    sessions: int = SESSIONS
    by: tuple[str, ...] = ()


def read_scale(
    value: Any, groups: tuple[str, ...] = (), what: str = "this kind of data", *, sessions: bool | None = None
) -> Scale:
    """The section, checked.

    Args:
        value: as the recipe has it.
        groups: what ``by`` may name; where there is nothing, it is not offered.
        what: the data, for messages.
        sessions: whether ``rolling_sessions`` is offered; None: where ``by`` is.

    Raises:
        DataError: ``data.recipe``.
    """
    rolls = bool(groups) if sessions is None else sessions
    left_out = {"by": not groups, "sessions": not rolls}
    keys = tuple(key for key in KEYS if not left_out.get(key, False))
    given = section(value, "scale", keys, what)
    method = word(given.get("method", "zscore"), (*METHODS, ROLLING) if rolls else METHODS, "scale.method")
    if given.get("fit", "train") != "train":
        raise refuse(
            f"`data.scale.fit` is `train`; received {given['fit']!r}",
            "a scaler fitted on more than the training part has seen the future",
        )
    if given.get("sessions") is not None and method != ROLLING:
        raise refuse(
            f"`data.scale.sessions` has no meaning for `method: {method}`", f"write `method: {ROLLING}`"
        )
    by = words(given.get("by") or [], groups, "scale.by")
    if by and method == "none":
        raise refuse("`data.scale.by` has no meaning for `method: none`", "leave one of the two out")
    count = whole(given["sessions"], "scale.sessions") if given.get("sessions") is not None else SESSIONS
    # What other symbols did in those sessions says nothing of this one's prices and sizes.
    return Scale(
        method, _range(given.get("range", (0.0, 1.0))), count, by or groups if method == ROLLING else by
    )


def _range(raw: Any) -> tuple[float, float]:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise refuse(f"`data.scale.range` is two numbers; received {raw!r}", "write for example [-1, 1]")
    low, high = (number(value, "scale.range") for value in raw)
    if not low < high:
        raise refuse(
            f"`data.scale.range` goes from low to high; received [{low:g}, {high:g}]", "write [-1, 1]"
        )
    return low, high
