"""Free-running forecasts for R: a frame, the predicted columns by name."""

from __future__ import annotations

from typing import Any

from r_bridge import table_rows
from r_bridge.given import data_named, raw_data


def forecast(model: Any, steps: int, x: Any = None, known: Any = None) -> dict[str, Any]:
    """The next rows of a table; see ``zoo.Trained.forecast``.

    Args:
        model: of a table.
        steps: rows to come.
        x: NULL (the run's own data), a path or a data frame.
        known: a data frame of columns whose coming values are known, a file's path, or None.
    """
    wanted = "give `new_data` as a path, a data frame or a ts"
    data = raw_data(model, x, "a forecast goes on from rows of a table", wanted)
    with data_named("give `new_data`: zoo_forecast(model, n, new_data)", model):
        frame = model.forecast(int(steps), data, known=known)
    time = model.pipeline.read.time
    given = hasattr(data, "iloc")
    clock = table_rows.clock_of(data, time) if given else model.data_card.get("clock")
    frame = table_rows.by_clock(frame, time, clock)
    columns = [str(name) for name in frame.columns]
    return {
        "frame": frame,
        "columns": columns[columns.index("step") + 1 :],
        "time": time if time in columns else None,
        "groups": [name for name in model.pipeline.read.group if name in columns],
        "name": model.spec.name,
    }
