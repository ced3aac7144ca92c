"""The rows after a table's last one: which outputs say what stands there, and what is known of it already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.scaling import apply_scaler
from zoo.data.tables.calendar import calendar_values
from zoo.data.tables.known import Known
from zoo.data.tables.pipeline import TablePipeline
from zoo.data.tables.recipe import TableRecipe
from zoo.data.tables.targets import Target
from zoo.errors import DataError

# Steps that are no fixed span of time: business days; months, quarters and years by their first or last
# (business) day. They are told by these many of the last times.
_STEPS = ("B", "MS", "ME", "BMS", "BME", "QS", "QE", "YS", "YE")
_TIMES = 400


@dataclass(frozen=True, slots=True)
class Feedback:
    """How predictions become the next rows.

    Args:
        steps: rows that one prediction gives.
        targets: output → its target, of the outputs that say what stands in the next rows.
        places: output → (place among its target's columns, place among the inputs' columns) of each column
            that it predicts and an input reads; where outputs share a column, the first one's counts.
    """

    steps: int
    targets: Mapping[str, Target]
    places: Mapping[str, tuple[tuple[int, int], ...]]


def feedback_of(recipe: TableRecipe, known: Iterable[str]) -> Feedback:
    """Which outputs a forecast feeds back.

    Args:
        recipe: of the table.
        known: columns whose coming values the caller gives.

    Raises:
        DataError: ``forecast.horizon``, no output says what the next row is; ``forecast.columns``, inputs
            read columns that nothing predicts; ``forecast.scale``.
    """
    if recipe.by_row:
        raise DataError(
            "the inputs are scaled by their sessions or groups, and rows that are yet to come belong to none",
            help="forecast with a model whose `scale.method` is zscore, minmax, robust or none",
            code="forecast.scale",
        )
    targets = {name: target for name, target in recipe.targets.items() if _says_next(target)}
    if not targets:
        raise DataError(
            "no output gives the number of the next row: "
            + "; ".join(_said(name, target) for name, target in recipe.targets.items()),
            help="predictions are fed back: train with `horizon: 1`, or for all steps up to a horizon",
            code="forecast.horizon",
        )
    known = set(known)
    predicted = {column for target in targets.values() for column in target.columns}
    _check_read(recipe, predicted, {*recipe.calendar, *known})
    left = {column: place for place, column in enumerate(recipe.features) if column not in known}
    places = {
        name: tuple((i, left.pop(column)) for i, column in enumerate(target.columns) if column in left)
        for name, target in targets.items()
    }
    return Feedback(
        min(1 if target.per_step else target.length for target in targets.values()), targets, places
    )


def _says_next(target: Target) -> bool:
    return not target.categorical and target.horizon == (1 if target.per_step else target.length)


def _said(name: str, target: Target) -> str:
    if target.categorical:
        return f"`{name}` is of classes"
    return f"`{name}` says what stands {target.horizon} rows ahead"


def _check_read(recipe: TableRecipe, predicted: set[str], known: set[str]) -> None:
    missing, early = [], []
    for name, item in recipe.inputs.items():
        missing += [column for column in item.columns if column not in predicted | known]
        if item.reach.shift > 0:
            early += [f"`{column}` ({name})" for column in item.columns if column not in known]
    if missing:
        columns = ", ".join(f"`{column}`" for column in dict.fromkeys(missing))
        raise DataError(
            f"nothing predicts the column{'s' * (len(set(missing)) > 1)} {columns}, which the inputs read",
            help="give their coming values with `known`, or train a model that predicts them too",
            code="forecast.columns",
        )
    if early:
        raise DataError(
            f"inputs read {', '.join(early)} before they are predicted",
            help="give the coming values with `known`",
            code="forecast.columns",
        )


def coming_times(time: NDArray[Any] | None, count: int) -> NDArray[Any] | None:
    """The next ``count`` times where the step is regular, also by business day or month; else None."""
    if time is None or len(time) < 2:
        return None
    steps = np.diff(time)
    plain = steps.astype(np.float64)
    if np.allclose(plain, plain[0], rtol=1e-9, atol=0):
        return np.asarray(time[-1] + steps[-1] * np.arange(1, count + 1))
    if time.dtype.kind != "M" or len(time) < 3:
        return None
    import pandas as pd

    last = time[-_TIMES:]
    for step in _STEPS:
        if np.array_equal(pd.date_range(last[0], periods=len(last), freq=step).to_numpy(), last):
            return np.asarray(pd.date_range(last[-1], periods=count + 1, freq=step)[1:].to_numpy())
    return None


def coming_rows(
    pipeline: TablePipeline,
    recipe: TableRecipe,
    time: NDArray[Any] | None,
    known: Known,
    count: int,
    needed: int,
) -> NDArray[np.float32]:
    """(row, feature) scaled, of the rows to come: what the calendar and the caller know, else NaN.

    Args:
        time: of the rows to come, or None.
        known: of the group, what the caller knows.
        count: rows to come.
        needed: how many of them an input reads.

    Raises:
        DataError: ``forecast.known``, ``forecast.time``.
    """
    known.check_times(time, needed)
    rows = np.full((count, len(recipe.features)), np.nan, np.float32)
    for place, name in enumerate(recipe.features):
        if name in recipe.calendar:
            if time is None and needed:
                raise DataError(
                    f"the inputs read the calendar (`{name}`), and the times have no regular step",
                    help="give the coming values with `known`, or rows at regular times",
                    code="forecast.time",
                )
            values = calendar_values(time, name) if time is not None else np.empty(0)
        elif name in known.columns:
            values = known.values(name, needed)
        else:
            continue
        told = apply_scaler(values[:count], *pipeline.scaler[name])
        rows[: len(told), place] = told
    return rows
