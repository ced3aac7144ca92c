"""The ``label`` section of an order book's recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zoo.data.values import number, refuse, section, whole, word

KEYS = ("kind", "horizon", "smooth", "threshold", "drop_stationary", "per_step", "column")
KINDS = ("forward", "two_sided", "return", "column", "reconstruct")
RULES = ("half_mean_abs", "balanced", "spread")


@dataclass(frozen=True, slots=True)
class Label:
    """What is to be predicted.

    Args:
        kind: ``forward``, ``two_sided``, ``return``, ``column`` for labels that came with the data, or
            ``reconstruct`` for the window itself.
        horizons: snapshots looked ahead, one for all outputs or one for each; 0 for the window itself.
        smooth: snapshots in both means; the horizon when None.
        threshold: α, or the rule that fits it.
        drop_stationary: leave windows out that do not move.
        per_step: one label for each step of a window, not one a window.
        columns: names of the columns of labels, one for each horizon; empty for other kinds.
    """

    kind: str
    horizons: tuple[int, ...]
    smooth: int | None
    threshold: float | str
    drop_stationary: bool
    per_step: bool = False
    columns: tuple[str, ...] = ()


def read_label(value: Any) -> Label:
    """The section, checked.

    Raises:
        DataError: ``data.recipe``.
    """
    said = section(value, "label", KEYS, "order books")
    kind = word(said.get("kind", "forward"), KINDS, "label.kind")
    if kind == "reconstruct":
        return _reconstruct(said)
    columns = _columns(said, kind)
    horizons = _horizons(10 if said.get("horizon") is None else said["horizon"])
    drop, per_step = _flag(said, "drop_stationary"), _flag(said, "per_step")
    if drop and per_step:
        raise refuse(
            "`data.label.drop_stationary` leaves whole windows out, and with `per_step` every step of a "
            "window has a label",
            "leave one of the two out",
        )
    threshold = "half_mean_abs" if said.get("threshold") is None else said["threshold"]
    if isinstance(threshold, str):
        threshold = word(threshold, RULES, "label.threshold", "a number")
    else:
        threshold = number(threshold, "label.threshold", low=0.0)
    if kind == "column":
        columns = columns or tuple(f"label_{horizon}" for horizon in horizons)
        if len(columns) != len(horizons):
            raise refuse(
                f"`data.label.column` names {len(columns)} columns, and there are {len(horizons)} horizons",
                "give each column the horizon that its labels look ahead",
            )
    return Label(kind, horizons, _smooth(said, kind, horizons), threshold, drop, per_step, columns)


def _horizons(raw: Any) -> tuple[int, ...]:
    given = list(raw) if isinstance(raw, list | tuple) else [raw]
    if not given:
        raise refuse("`data.label.horizon` is an empty list", "give at least one horizon, such as 50")
    return tuple(whole(value, "label.horizon") for value in given)


def _columns(said: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    """The columns that hold labels; with them goes how far each looks ahead, and nothing else is fitted."""
    raw = said.get("column")
    if kind != "column":
        if raw is not None:
            raise refuse(
                f"`data.label.column` has no meaning for `kind: {kind}`",
                "write `kind: column`, or leave it out",
            )
        return ()
    for key in ("smooth", "threshold"):
        if said.get(key) is not None:
            raise refuse(
                f"`data.label.{key}` has no meaning for `kind: column`: the labels came with the data",
                "leave it out",
            )
    if said.get("horizon") is None:
        raise refuse(
            "`kind: column` needs `data.label.horizon`: a purge covers the rows that the labels look ahead",
            "give the horizon with which they were made, such as 10",
        )
    given = [] if raw is None else [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        raise refuse(
            f"`data.label.column` is a column or a list of columns; received {raw!r}", "name a column"
        )
    return tuple(given)


def _smooth(said: Mapping[str, Any], kind: str, horizons: tuple[int, ...]) -> int | None:
    if said.get("smooth") is None:
        return None
    smooth = whole(said["smooth"], "label.smooth")
    if kind == "return":
        raise refuse("`data.label.smooth` has no meaning for `kind: return`", "use `kind: forward` to smooth")
    if smooth > min(horizons):
        raise refuse(
            f"`data.label.smooth` is {smooth}, longer than the horizon {min(horizons)}: "
            "the smoothed future would begin in the past",
            "make `smooth` at most the horizon",
        )
    return smooth


def _flag(said: Mapping[str, Any], name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise refuse(f"`data.label.{name}` is true or false; received {value!r}", "write true or false")
    return value


def _reconstruct(said: Mapping[str, Any]) -> Label:
    for key, value in said.items():
        if key != "kind" and value not in (None, False):
            raise refuse(
                f"`data.label.{key}` has no meaning for `kind: reconstruct`: the label is the window itself",
                "leave it out",
            )
    return Label("reconstruct", (0,), None, 0.0, False)
