"""What an output is to predict: which rows of which columns, in which shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zoo.data.shapes import Shape, show
from zoo.data.values import refuse, whole, word
from zoo.errors import DataError


@dataclass(frozen=True, slots=True)
class Target:
    """The target of one output for a window that ends at row t.

    Args:
        columns: one, or several side by side.
        categorical: the column holds names of classes.
        levels: the names in the order of their numbers, where the recipe says so; else empty, and the
            training part says it.
        horizon: rows ahead; the last row that is read is t + horizon.
        length: rows that are read: t + horizon - length + 1 … t + horizon.
        per_step: one for each step of the window, ``horizon`` rows after that step.
        shape: of one target, without the batch axis.
    """

    columns: tuple[str, ...]
    categorical: bool
    levels: tuple[str, ...]
    horizon: int
    length: int
    per_step: bool
    shape: tuple[int, ...]

    @property
    def steps(self) -> bool:
        """Several rows one after the other, all after the window: t + 1 … t + horizon."""
        return self.length > 1 and not self.per_step


def read_target(
    name: str, said: Mapping[str, Any], shape: Shape, classes: int | None, steps: int | None
) -> Target:
    """The target of an output.

    The output's shape says what it is asked for: one value for each column (at t + horizon), or, where its
    first axis is the horizon, the values t + 1 … t + horizon; with ``steps``, a value for each of the
    window's steps.

    Args:
        said: ``{column, type, levels, horizon}``.
        shape: of the output, without the batch axis.
        classes: how many the output has, or None for numbers.
        steps: rows of the window when labels are per step, else None.

    Raises:
        DataError: ``data.recipe``, ``data.shape``, ``data.outputs``.
    """
    columns, several = _columns(name, said)
    kind = word(
        said.get("type", "numeric" if classes is None else "categorical"),
        ("numeric", "categorical"),
        f"targets.{name}.type",
    )
    _check_kind(name, kind, classes, columns)
    levels = _levels(name, kind, said.get("levels"), classes)
    horizon = whole(said.get("horizon", 1), f"targets.{name}.horizon", low=0)
    # Of an output of classes, the last axis counts the classes.
    lead = shape if kind == "numeric" else shape[:-1]
    length = _length(lead, len(columns), several, horizon, steps)
    if length is None:
        raise _misfit(name, shape, columns, horizon, steps)
    sizes = [length, *(size or len(columns) for size in lead[1:])]
    sized = tuple(lead) if lead and None not in lead else tuple(sizes) if lead else ()
    return Target(
        columns=columns,
        categorical=kind == "categorical",
        levels=levels,
        horizon=horizon,
        length=length,
        per_step=steps is not None,
        shape=tuple(size or 1 for size in sized),
    )


def _columns(name: str, said: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    column = said.get("column")
    several = isinstance(column, list | tuple)
    listed = tuple(column) if isinstance(column, list | tuple) else (column,)
    if not listed or not all(isinstance(item, str) for item in listed) or len(set(listed)) < len(listed):
        raise refuse(
            f"`data.targets.{name}.column` is a column or a list of columns; received {column!r}",
            f"write `{name}: {{column: price, horizon: 1}}`",
        )
    return listed, several


def _check_kind(name: str, kind: str, classes: int | None, columns: tuple[str, ...]) -> None:
    if kind == "categorical" and classes is None:
        raise DataError(
            f"the target `{name}` is categorical, and the output's loss asks for numbers",
            help="give the output a crossentropy loss and a unit for each class, or write `type: numeric`",
            code="data.outputs",
        )
    if kind == "numeric" and classes is not None:
        raise DataError(
            f"the target `{name}` is numeric, and the output has {classes} classes",
            help="write `type: categorical`, or give the output a loss for numbers, such as mse",
            code="data.outputs",
        )
    if kind == "categorical" and len(columns) > 1:
        raise refuse(
            f"`data.targets.{name}` is categorical and has {len(columns)} columns",
            "give each column an output of its own",
        )


def _levels(name: str, kind: str, said: Any, classes: int | None) -> tuple[str, ...]:
    if said is None:
        return ()
    if kind == "numeric":
        raise refuse(f"`data.targets.{name}` is numeric and has no levels", "leave `levels` out")
    listed = tuple(level_name(item) for item in said) if isinstance(said, list | tuple) else ()
    if len(set(listed)) < max(len(listed), 1):
        raise refuse(
            f"`data.targets.{name}.levels` is a list of different names; received {said!r}",
            "write for example [low, high]",
        )
    if len(listed) != classes:
        raise DataError(
            f"output `{name}` has {classes} classes, `data.targets.{name}.levels` names {len(listed)}: "
            + ", ".join(listed[:8]),
            help="give the output a unit for each level",
            code="data.outputs",
        )
    return listed


def level_name(value: Any) -> str:
    """A level as text: a file's 1.0 and a frame's 1 are one."""
    text = str(value)
    try:
        return str(int(float(text))) if "." in text and float(text).is_integer() else text
    except (ValueError, OverflowError):
        return text


def _length(lead: Shape, width: int, several: bool, horizon: int, steps: int | None) -> int | None:
    """How many rows the target reads; None when the output has no such shape."""
    inner = lead[1:]
    side_by_side = inner in ((width,), (None,)) or (width == 1 and inner in ((), (1,)))
    if steps is not None:
        return steps if lead and lead[0] in (steps, None) and side_by_side else None
    if (width == 1 and lead in ((), (1,))) or (several and lead == (width,)):
        return 1
    if lead and lead[0] in (horizon, None) and horizon > 0 and side_by_side:
        return horizon
    return None


def _misfit(name: str, shape: Shape, columns: tuple[str, ...], horizon: int, steps: int | None) -> DataError:
    width = len(columns)
    if steps is not None:
        wants = f"a value for each of the window's {steps} steps"
        fits = show((steps, width))
    elif width == 1:
        wants = f"the value {horizon} rows ahead, or the {horizon} values up to there"
        fits = " or ".join(dict.fromkeys((show((1,)), show((horizon,)), show((horizon, 1)))))
    else:
        wants = f"{width} columns {horizon} rows ahead, or the {horizon} rows up to there"
        fits = f"{show((width,))} or {show((horizon, width))}"
    return DataError(
        f"output `{name}` has shape {show(shape)}, its target is {wants} ({', '.join(columns[:6])}"
        f"{', …' if width > 6 else ''})",
        help=f"give the output the shape {fits}, or change `data.targets.{name}`",
        code="data.shape",
    )
