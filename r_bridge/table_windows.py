"""Windows of a data frame, split and scaled by `zoo.data.windows`, as R keeps them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from r_bridge.errors import RArgumentError
from r_bridge.given import not_null
from r_bridge.without_na import Factor
from zoo import data as room
from zoo.data import Part, Pipeline
from zoo.data.splitting import PARTS
from zoo.data.tables.pipeline import TablePipeline


def make(data: Any, lookback: int, **words: Any) -> dict[str, Any]:
    """The parts, what they are, and what was fitted, as text.

    Args:
        data: a data frame.
        lookback: rows in a window.
        words: the other arguments of `zoo.data.windows`; None keeps its own.
    """
    ready = room.windows(data, lookback, **not_null(words))
    parts = {name: _part(getattr(ready, name), ready.pipeline) for name in PARTS}
    return {**parts, "about": ready.about, "pipeline": json.dumps(ready.pipeline.to_dict())}


def transform(pipeline: str, data: Any) -> dict[str, Any]:
    """New rows as windows, treated as those were that the pipeline was fitted on; without targets."""
    fitted = Pipeline.from_dict(json.loads(pipeline))
    return _part(fitted.transform(data), fitted)


def in_units(pipeline: str, values: Any, target: str | None = None) -> Any:
    """Numbers of a target, by default the first of numbers, in the unit of its column.

    Raises:
        RArgumentError: there is no such target, or it holds classes.
    """
    fitted = Pipeline.from_dict(json.loads(pipeline))
    numbers = [name for name in fitted.outputs if not fitted.class_names(name)]
    wanted = target or next(iter(numbers), next(iter(fitted.outputs), None))
    if wanted not in numbers:
        problem = (
            f"`{wanted}` holds classes" if wanted in fitted.outputs else f"there is no target `{wanted}`"
        )
        raise RArgumentError(
            "these windows have no targets"
            if wanted is None
            else f"{problem}, so there is no unit to lead back to",
            help=f"the targets of numbers are: {', '.join(numbers) or 'none'}",
            code="argument.target",
        )
    return fitted.in_units(wanted, np.asarray(values, np.float64))


def _part(part: Part, pipeline: Pipeline) -> dict[str, Any]:
    assert isinstance(pipeline, TablePipeline)
    (name,) = pipeline.input_shapes
    y = {key: _target(np.asarray(values), pipeline.class_names(key)) for key, values in part.y.items()}
    return {
        "x": np.asarray(part.x[name], np.float64),
        "y": next(iter(y.values())) if len(y) == 1 else y or None,
        "rows": part.index_rows["row"][part.rows].astype(np.int32),
        "time": _times(part),
        "columns": list(pipeline.read.inputs[name].columns),
    }


def _target(values: np.ndarray, levels: list[str]) -> Any:
    return Factor(values.astype(np.int32), tuple(levels)) if levels else values.astype(np.float64)


def _times(part: Part) -> Any:
    import pandas as pd

    return None if part.time is None else pd.Series(part.time)
