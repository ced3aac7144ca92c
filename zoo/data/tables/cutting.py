"""``zoo.data.windows``: windows of a frame or of arrays, without a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from zoo.data.prepared import Prepared
from zoo.data.tables.calendar import read_calendar
from zoo.data.tables.encoding import fit_levels
from zoo.data.tables.given_frames import categorical, frame_of, number_columns, time_column
from zoo.data.tables.preparation import prepare_loaded
from zoo.data.tables.recipe import names, read_recipe
from zoo.data.tables.sources import load_table
from zoo.data.tables.splitting import assign_rows
from zoo.data.tables.table import Table
from zoo.data.values import refuse, whole

if TYPE_CHECKING:
    import pandas as pd

INPUT = "x"


def windows(
    data: pd.DataFrame | ArrayLike,
    lookback: int,
    target: str | Sequence[str] | Mapping[str, str] | ArrayLike | None = None,
    horizon: int | Mapping[str, int] = 1,
    *,
    stride: int = 1,
    columns: str | Sequence[str] | None = None,
    time: str | None = None,
    group: str | Sequence[str] | None = None,
    gap: str | float | None = None,
    calendar: str | Sequence[str] | None = None,
    clean: str = "error",
    missing: str | None = None,
    levels: Mapping[str, Sequence[Any]] | None = None,
    scale: str | Mapping[str, Any] = "none",
    split: Mapping[str, Any] | None = None,
) -> Prepared:
    """Windows of rows in time order and what is to be predicted from them, split with nothing of the future.

    All that the ``data`` section of a spec can say of a table, in one call: windows and their targets never
    cross two groups or a gap; rows are split by time and purged; scalers and levels are fitted on rows of the
    training part.

    Args:
        data: a frame, or an array (row, column) whose columns are called "0", "1", …
        lookback: rows in a window.
        target: a column or several, or column → ``numeric`` or ``categorical``; or an array with a value a
            row, then called "target". Text and booleans are categorical, if nothing is said.
        horizon: rows after a window's last one that the target stands at; one number, or target → number.
        stride: rows from one window's end to the next one's.
        columns: in a window; all columns of numbers but ``time`` and ``group`` when None, so the past of a
            target too, unless its horizon is 0.
        time: the column of times. When None the index, if it holds dates, the one column of dates, or a
            column of numbers called ``time``; else the rows are in order.
        group: columns that tell sessions or symbols apart.
        gap: the longest step of time inside a window: ``90min``, or a number where times are numbers.
        calendar: features that the times make, after the columns: ``hour`` (a sine and a cosine),
            ``hour_number``, ``weekday``, ``month``, …
        clean: ``error``, or ``drop`` for rows that cannot be.
        missing: ``error``, ``drop`` or ``fill`` (the last known value) for empty cells; None is as ``clean``.
        levels: categorical target → its classes in the order of their numbers; those of the training part,
            sorted, when None.
        scale: ``none``, ``zscore``, ``minmax``, ``robust``, or ``{method, range}``.
        split: ``{by, train, val, test, purge, embargo}``; by time, 70, 15 and 15 %, when None.

    Returns:
        Prepared: of each part ``.x["x"]`` (window, time, feature), gathered when indexed, ``.y[TARGET]``
        (window,), ``.rows``, ``.time``; ``.pipeline.transform(new)`` treats new rows alike,
        ``.pipeline.in_units(TARGET, predictions)`` and ``.pipeline.class_names(TARGET)`` lead back.

    Raises:
        DataError: ``data.columns``, ``data.recipe``, ``data.short`` and those of the rows; the message says
            which and why.

    Example:
        >>> import pandas as pd
        >>> from zoo.data import windows
        >>> frame = pd.DataFrame({"price": range(40), "side": ["up", "down"] * 20})
        >>> made = windows(frame, lookback=3, target=["price", "side"], scale="zscore")
        >>> made.train.x["x"][:2].shape, made.train.y["side"][:3].tolist()
        ((2, 3, 1), [0, 1, 0])
        >>> made.pipeline.in_units("price", made.train.y["price"][:2]).round(3).tolist()
        [3.0, 4.0]
    """
    frame, target = frame_of(data, target)
    time, frame = time_column(frame, time)
    group = names([] if group is None else group, "group")
    types = _types(frame, target)
    targets = _targets(types, horizon, levels or {})
    now = tuple(name for name, item in targets.items() if item["horizon"] == 0)
    read = names(columns, "columns") if columns is not None else number_columns(frame, (time, *group, *now))
    _check_unseen(read, now)
    raw: dict[str, Any] = {
        "kind": "table",
        "time": time,
        "group": list(group),
        "clean": clean,
        "missing": missing,
        "inputs": {INPUT: {"columns": list(read), "calendar": calendar, "lookback": lookback}},
        "targets": targets,
        "window": {"stride": stride, "gap": gap},
        "split": None if split is None else dict(split),
        "scale": {"method": scale} if isinstance(scale, str) else dict(scale),
    }
    width = len(read) + len(read_calendar(calendar or [], "calendar"))
    input_shapes = {INPUT: (whole(lookback, "lookback"), width)}
    # Of an output of classes nothing but their number is asked, which the training part has to say.
    open_outputs = {name: _known(name, kind, levels or {}) for name, kind in types.items()}
    recipe = read_recipe(raw, input_shapes, open_outputs, _shapes(open_outputs))
    table = load_table(frame, raw, recipe, labels=True)
    training = assign_rows(table, recipe.split) == 0
    outputs = {
        name: None if classes is None else _count(table, name, classes, training)
        for name, classes in open_outputs.items()
    }
    made: Prepared = prepare_loaded(raw, recipe, table, input_shapes, outputs, _shapes(outputs))
    return made


def _types(frame: pd.DataFrame, target: Any) -> dict[str, str]:
    """Target → ``numeric`` or ``categorical``."""
    if isinstance(target, Mapping):
        return {str(name): str(kind) for name, kind in target.items()}
    listed = names([] if target is None else target, "target")
    return {
        name: "categorical" if name in frame and categorical(frame[name]) else "numeric" for name in listed
    }


def _targets(
    types: Mapping[str, str], horizon: Any, levels: Mapping[str, Sequence[Any]]
) -> dict[str, dict[str, Any]]:
    for what, given in (("levels", levels), ("horizon", horizon if isinstance(horizon, Mapping) else {})):
        for name in given:
            if name not in types:
                raise refuse(f"`{what}` names `{name}`, which is no target", f"targets: {', '.join(types)}")
    return {
        name: {
            "column": name,
            "type": kind,
            "levels": list(levels[name]) if name in levels else None,
            "horizon": horizon.get(name, 1) if isinstance(horizon, Mapping) else horizon,
        }
        for name, kind in types.items()
    }


def _check_unseen(read: Sequence[str], now: Sequence[str]) -> None:
    """No target stands at a row that the window itself reads."""
    if seen := [name for name in now if name in read]:
        raise refuse(
            f"the target `{seen[0]}` has the horizon 0, and the window reads that very value",
            "give it a horizon of at least 1, or leave it out of `columns`",
        )


_UNKNOWN = 0  # classes of a target whose levels are not known yet


def _known(name: str, kind: str, levels: Mapping[str, Sequence[Any]]) -> int | None:
    return None if kind != "categorical" else len(levels[name]) if name in levels else _UNKNOWN


def _shapes(outputs: Mapping[str, int | None]) -> dict[str, tuple[int | None, ...]]:
    return {name: () if classes is None else (classes,) for name, classes in outputs.items()}


def _count(table: Table, name: str, classes: int, training: np.ndarray[Any, Any]) -> int:
    return classes or len(fit_levels(table.names[name][training], name, name, None))
