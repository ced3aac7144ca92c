"""A model's raw output as what an R user asks for: chances by level, classes as a factor, numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from r_bridge import levels, table_rows
from r_bridge.errors import RArgumentError
from zoo.train.units import in_units


def as_type(model: Any, output: str, raw: np.ndarray, type: str) -> Any:
    """One output's predictions as ``raw`` array, or as a frame: ``prob``, ``class`` or ``numeric``.

    Args:
        model: gives the levels it was fitted on; without any, classes are called 0, 1, 2, ...
        output: the output's name.
        raw: ``(samples, classes)``, or ``(samples, 1)`` and ``(samples,)`` for one number.
        type: the kind wanted.

    Raises:
        RArgumentError: ``raw`` has a further axis, which only numbers of steps and columns may have: they are
            one row for each number, with ``.row`` (the sample, from 1), ``.step`` and ``.column``.
    """
    if type == "raw":
        return raw
    import pandas as pd

    if raw.ndim == 3 and type == "numeric" and model.tasks[output].classes is None:
        return _long(model, output, in_units({output: raw}, model.tasks, model.pipeline)[output])
    if raw.ndim > 2:
        raise RArgumentError(
            f"`{output}` has an array of {' x '.join(map(str, raw.shape[1:]))} for each row, not one answer",
            help='use predict(type = "raw")',
            code="argument.type",
        )
    values = raw.reshape(len(raw), int(np.prod(raw.shape[1:])))
    task = model.tasks[output]
    # Beside outputs that are classes, one that is a number answers with its number.
    if type == "numeric" or (task.classes is None and len(model.tasks) > 1):
        if task.classes is None:
            told = in_units({output: values}, model.tasks, model.pipeline)[output]
            values = task.numbers(told) if values.shape[1] > 1 or task.point is None else told
        names = _number_names(model, output, values.shape[1])
        return pd.DataFrame(dict(zip(names, values.T, strict=True)))
    if task.classes is None:
        raise RArgumentError(
            f"`{output}` predicts numbers, not classes",
            help='use predict(type = "numeric") or type = "raw"',
            code="argument.type",
        )
    chances = task.probabilities(values)
    known = _class_names(model, output, chances.shape[1])
    order = table_rows.level_order(model, output, known)
    if type == "prob":
        places = [known.index(level) for level in order if level in known]
        return pd.DataFrame({f".pred_{known[i]}": chances[:, i] for i in places})
    picked = pd.Categorical.from_codes(chances.argmax(axis=1), categories=pd.Index(known))
    return pd.DataFrame({".pred_class": picked.set_categories(order)})


def _long(model: Any, output: str, told: np.ndarray) -> Any:
    import pandas as pd

    samples, steps, columns = told.shape
    named = table_rows.number_names(model, output, columns)
    names = [name.removeprefix(".pred_") for name in named] if named else list(range(1, columns + 1))
    return pd.DataFrame(
        {
            ".row": np.repeat(np.arange(1, samples + 1, dtype=np.int32), steps * columns),
            ".step": np.tile(np.repeat(np.arange(1, steps + 1, dtype=np.int32), columns), samples),
            ".column": names * (samples * steps),
            ".pred": told.reshape(-1),
        }
    )


def _number_names(model: Any, output: str, size: int) -> list[str]:
    if size == 1:
        return [".pred"]
    if model.tasks[output].classes is None:
        named = table_rows.number_names(model, output, size)
        return named or [f".pred_{i}" for i in range(1, size + 1)]
    return [f".pred_{level}" for level in _class_names(model, output, size)]


def _class_names(model: Any, output: str, size: int) -> list[str]:
    known = levels.of_output(model, output)
    return list(known) if known is not None and len(known) == size else [str(i) for i in range(size)]
