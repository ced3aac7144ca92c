"""The ``data`` section of a spec for a table, checked against the model's inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zoo.data.recipe import Split, read_split
from zoo.data.scale_recipe import ROLLING, Scale, read_scale
from zoo.data.shapes import InputShapes, Shape
from zoo.data.tables.calendar import read_calendar
from zoo.data.tables.gaps import Gap, read_gap
from zoo.data.tables.missing import CHOICES
from zoo.data.tables.targets import Target, read_target
from zoo.data.values import refuse, section, whole, word

Outputs = Mapping[str, int | None]

KEYS: dict[str, tuple[str, ...]] = {
    "": (
        "kind",
        "source",
        "clean",
        "missing",
        "time",
        "group",
        "inputs",
        "targets",
        "window",
        "label",
        "split",
        "scale",
    ),
    "inputs": ("columns", "calendar", "lookback", "shift"),
    "targets": ("column", "type", "levels", "horizon"),
    "window": ("length", "stride", "within", "gap"),
    "label": ("per_step",),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Rows that a window ending at row t reads: t + shift - length + 1 … t + shift."""

    length: int
    shift: int


@dataclass(frozen=True, slots=True)
class Input:
    """One model input: its columns, the calendar's last, and the rows of a window."""

    columns: tuple[str, ...]
    reach: Reach
    calendar: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The columns of the table itself."""
        return self.columns[: len(self.columns) - len(self.calendar)]


@dataclass(frozen=True, slots=True)
class TableRecipe:
    """A checked recipe for a table.

    Args:
        time: the column of times, or None: the rows are in order.
        group: columns that change where one session or symbol ends and another begins.
        inputs: by the model's inputs, in their order.
        targets: by the model's outputs, in their order.
        clean: ``error`` or ``drop``.
        missing: ``error``, ``drop``, ``fill``, or None: as ``clean`` says.
        gap: the longest step of time inside a window, or None.
        stride: rows from one window's end to the next one's.
    """

    time: str | None
    group: tuple[str, ...]
    inputs: Mapping[str, Input]
    targets: Mapping[str, Target]
    clean: str
    missing: str | None
    gap: Gap | None
    stride: int
    split: Split
    scale: Scale

    @property
    def by_row(self) -> bool:
        """Are inputs scaled by what their group, or the sessions before them, say?"""
        return bool(self.scale.by) or self.scale.method == ROLLING

    @property
    def features(self) -> tuple[str, ...]:
        """Every column that an input reads, in order of appearance."""
        return tuple(dict.fromkeys(name for item in self.inputs.values() for name in item.columns))

    @property
    def calendar(self) -> tuple[str, ...]:
        """Those of the features that the times make."""
        return tuple(dict.fromkeys(name for item in self.inputs.values() for name in item.calendar))

    @property
    def past(self) -> int:
        """Rows before and with t that a window reads."""
        return max(1, *(item.reach.length - item.reach.shift for item in self.inputs.values()))

    @property
    def known_ahead(self) -> int:
        """Rows after t that an input reads."""
        return max(0, *(item.reach.shift for item in self.inputs.values()))

    @property
    def ahead(self) -> int:
        """Rows after t that a window or its targets read: what a purge has to cover."""
        return max([self.known_ahead, *(target.horizon for target in self.targets.values())])


def read_recipe(
    recipe: Mapping[str, Any], input_shapes: InputShapes, outputs: Outputs, output_shapes: InputShapes
) -> TableRecipe:
    """Check the ``data`` section of a table's spec.

    Args:
        recipe: the section.
        input_shapes: input name → shape without the batch axis.
        outputs: output name → number of classes, or None for numbers.
        output_shapes: output name → shape without the batch axis.

    Raises:
        DataError: ``data.recipe``, ``data.shape``; the message names the key by its dotted path.
    """
    top = section(recipe, "", KEYS[""], "tables")
    window = section(top.get("window"), "window", KEYS["window"], "tables")
    label = section(top.get("label"), "label", KEYS["label"], "tables")
    per_step = label.get("per_step", False)
    if not isinstance(per_step, bool):
        raise refuse(f"`data.label.per_step` is true or false; received {per_step!r}", "write true or false")
    length = None if window.get("length") is None else whole(window["length"], "window.length")
    inputs = {
        name: _input(name, said, tuple(input_shapes[name]), length)
        for name, said in _each(top.get("inputs"), "inputs", tuple(input_shapes)).items()
    }
    steps = next(iter(inputs.values())).reach.length
    targets = {
        name: read_target(
            name,
            section(said, f"targets.{name}", KEYS["targets"], "tables"),
            tuple(output_shapes[name]),
            outputs[name],
            steps if per_step else None,
        )
        for name, said in _each(top.get("targets"), "targets", tuple(outputs)).items()
    }
    time = top.get("time")
    if time is not None and not isinstance(time, str):
        raise refuse(f"`data.time` is the name of a column; received {time!r}", "write `time: date`")
    group = names(top.get("group") or [], "group")
    gap, missing = read_gap(window.get("gap")), top.get("missing")
    made = TableRecipe(
        time=time,
        group=group,
        inputs=inputs,
        targets=targets,
        clean=word(top.get("clean", "error"), ("error", "drop"), "clean"),
        missing=None if missing is None else word(missing, CHOICES, "missing"),
        gap=gap,
        stride=whole(window.get("stride", 1), "window.stride"),
        split=read_split(top.get("split")),
        scale=read_scale(top.get("scale"), group, "tables", sessions=True),
    )
    _check_times(made)
    return made


def _check_times(recipe: TableRecipe) -> None:
    """What is made of times needs a column of them, and names of its own."""
    for what, there in (("data.window.gap", recipe.gap is not None), ("calendar", bool(recipe.calendar))):
        if there and recipe.time is None:
            raise refuse(f"`{what}` needs the times of the rows", "name their column: `time: date`")
    read = {name for item in recipe.inputs.values() for name in item.read}
    read |= {name for target in recipe.targets.values() for name in target.columns}
    if shared := sorted(read & set(recipe.calendar)):
        raise refuse(
            f"`{shared[0]}` is a column that the recipe reads, and a feature of `calendar`",
            "leave one of the two out, or rename the column",
        )


def names(value: Any, where: str) -> tuple[str, ...]:
    """One column or a list of columns, each named once."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(name, str) for name in listed):
        raise refuse(f"`data.{where}` is a column or a list of columns; received {value!r}", "write [x, y]")
    if len(set(listed)) < len(listed):
        raise refuse(f"`data.{where}` names a column twice: {', '.join(listed)}", "name each once")
    return tuple(listed)


def _each(value: Any, where: str, known: tuple[str, ...]) -> dict[str, Any]:
    """What is said of each input or output, in the model's order; nothing missing, nothing more."""
    what = where.removesuffix("s") if where == "inputs" else "output"
    given = section(value, where, known, f"this spec's {what}s")
    missing = [name for name in known if name not in given]
    if missing:
        near = get_close_matches(missing[0], list(given), 1)
        raise refuse(
            f"`data.{where}` says nothing of the {what} `{missing[0]}`",
            f"rename `{near[0]}`" if near else f"add `{missing[0]}: {{column{'s' * (what == 'input')}: …}}`",
        )
    return {name: given[name] for name in known}


def _input(name: str, said: Any, shape: Shape, length: int | None) -> Input:
    where = f"inputs.{name}"
    given = section(said, where, KEYS["inputs"], "tables")
    calendar = read_calendar(given.get("calendar") or [], f"{where}.calendar")
    if "columns" not in given and not calendar:
        raise refuse(f"`data.{where}` has no `columns`", f"write `{name}: {{columns: [x, y], lookback: 15}}`")
    columns = names(given.get("columns") or [], f"{where}.columns")
    if not columns and not calendar:
        raise refuse(f"`data.{where}.columns` is an empty list", "name at least one column")
    lookback = given.get("lookback", length)
    if lookback is None:
        lookback = shape[0] if len(shape) > 1 else 1
    shift = given.get("shift", 0)
    if isinstance(shift, bool) or not isinstance(shift, int | float) or shift != int(shift):
        raise refuse(
            f"`data.{where}.shift` is a whole number of rows; received {shift!r}", "write `shift: 1`"
        )
    if lookback is None:
        raise refuse(f"`data.{where}` has no `lookback`", "give the number of rows in a window")
    reach = Reach(whole(lookback, f"{where}.lookback"), int(shift))
    return Input((*columns, *calendar), reach, calendar)
