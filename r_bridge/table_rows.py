"""Predictions for the rows of a data frame, one a row in its order, with the levels of its factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class TableRows:
    """The windows of a data frame.

    Args:
        part: samples to predict.
        rows: (window,) the row of the frame that each window ends at, counted from 0.
        count: rows of the frame.
    """

    part: Any
    rows: np.ndarray
    count: int

    def placed(self, predicted: Any) -> Any:
        """One prediction for each row of the frame; missing where no window ends. Long ones have its rows."""
        if ".step" in predicted:
            return predicted.assign(**{".row": (self.rows[predicted[".row"] - 1] + 1).astype(np.int32)})
        return predicted.set_axis(self.rows, axis=0).reindex(range(self.count)).reset_index(drop=True)


def rows_of(model: Any, data: Any) -> TableRows | None:
    """The windows of ``data`` where it is a data frame and the model reads tables; else None."""
    if model.pipeline is None or model.pipeline.kind != "table" or not hasattr(data, "iloc"):
        return None
    part = model.pipeline.transform(data)
    return TableRows(part, np.asarray(part.index_rows["row"])[part.rows] - 1, len(data))


def remember(model: Any, data: Any) -> None:
    """Keep what a table's numbers do not say: its factors' levels in R's order, and its times' zone."""
    import pandas as pd

    if model.pipeline is None or model.pipeline.kind != "table" or not hasattr(data, "iloc"):
        return
    order = {}
    for output, target in model.pipeline.read.targets.items():
        column = data[target.columns[0]]
        if target.categorical and isinstance(column.dtype, pd.CategoricalDtype):
            order[output] = [str(level) for level in column.cat.categories]
    if order:
        model.data_card["level_order"] = order
    if clock := clock_of(data, model.pipeline.read.time):
        model.data_card["clock"] = clock


def clock_of(data: Any, time: str | None) -> str | None:
    """What R shows a frame's times by: ``date`` for Date, a time zone for POSIXct, which always has one."""
    if time is None or not hasattr(data, "iloc") or time not in data or data[time].dtype.kind != "M":
        return None
    zone = getattr(data[time].dtype, "tz", None)
    return "date" if zone is None else str(zone)


def by_clock(frame: Any, time: str | None, clock: str | None) -> Any:
    """A frame for R whose times are shown as those of its data were; without a clock as it is.

    Args:
        frame: with times in UTC.
        time: the name of their column.
        clock: as ``clock_of`` tells it.
    """
    if clock is None or time is None or time not in frame or frame[time].dtype.kind != "M":
        return frame
    times = frame[time]
    if clock == "date":
        return frame.assign(**{time: times.dt.date.astype(object)})
    utc = times if getattr(times.dtype, "tz", None) else times.dt.tz_localize("UTC")
    return frame.assign(**{time: utc.dt.tz_convert(clock)})


def level_order(model: Any, output: str, known: list[str]) -> list[str]:
    """The levels of an output as R gave them, or as they are known."""
    orders: Mapping[str, list[str]] = model.data_card.get("level_order", {})
    order = orders.get(output, known)
    return order if set(known) <= set(order) else known


def number_names(model: Any, output: str, size: int) -> list[str] | None:
    """The columns that an output's numbers stand for, where there are as many."""
    if model.pipeline is None or model.pipeline.kind != "table":
        return None
    columns = model.pipeline.read.targets[output].columns
    return [f".pred_{name}" for name in columns] if len(columns) == size > 1 else None
