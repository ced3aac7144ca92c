"""Predictions as a table: where each window ends, its numbers in their units, its classes by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.train.units import in_units

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data import Part
    from zoo.train.tasks import Task
    from zoo.train.trained import Trained


def prediction_frame(run: Trained, raw: Mapping[str, np.ndarray], part: Part | None) -> pd.DataFrame:
    """One line a sample; see ``Trained.predict_frame``.

    Args:
        run: whose outputs they are.
        raw: what its model gives, by output name.
        part: of the data that was predicted, which says where each window ends; None for arrays.
    """
    import pandas as pd

    made = in_units(raw, run.tasks, run.pipeline)
    columns = places(part, len(next(iter(raw.values()))))
    for name, values in made.items():
        prefix = f"{name}_" if len(made) > 1 else ""
        columns |= {prefix + head: column for head, column in _columns(run, name, values)}
    return pd.DataFrame(columns)


def places(part: Part | None, samples: int) -> dict[str, Any]:
    """Where each sample stands in its data: columns such as its row, counted from 1, its time, its symbol."""
    if part is None:
        return {"row": np.arange(1, samples + 1)}
    named = {name: values[part.rows] for name, values in part.index_rows.items()}
    return named or {"row": part.rows + 1}


def _columns(run: Trained, output: str, values: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    task = run.tasks[output]
    if not task.classes or values.ndim != 2:
        flat = values.reshape(len(values), -1)
        yield from (
            (name, flat[:, i]) for i, name in enumerate(number_names(run, output, task, flat.shape[1]))
        )
        return
    chances = task.probabilities(values)
    levels = run.class_names(output)
    names = levels if len(levels) == task.classes else [str(i) for i in range(task.classes)]
    yield from ((f"p_{name}", chances[:, i]) for i, name in enumerate(names))
    yield "class", np.array(names)[chances.argmax(axis=1)]


def number_names(run: Trained, output: str, task: Task, numbers: int) -> list[str]:
    """A name for each of an output's numbers; of a distribution with the quantile or parameter after it."""
    parts = _PARTS.get(task.spread, tuple(f"q{quantile:g}" for quantile in task.quantiles)) or ("",)
    count = numbers // len(parts)
    if run.pipeline is not None:
        names = run.pipeline.number_names(output, count)
    else:
        names = ["value"] if count == 1 else [f"value_{number}" for number in range(1, count + 1)]
    return [f"{name}_{part}" if part else name for name in names for part in parts]


_PARTS = {"student_t": ("location", "scale", "freedom")}
