"""What the recipe of a table says of its inputs and targets, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo.spec.spec import Spec


_CYCLES = (
    "second",
    "minute",
    "hour",
    "minute_of_day",
    "weekday",
    "day",
    "day_of_year",
    "week",
    "month",
    "quarter",
)
# What a calendar may name: places in a cycle, a sine and a cosine each, and plain numbers.
CALENDAR = (*_CYCLES, *(f"{name}_number" for name in (*_CYCLES, "year")))


@dataclass(frozen=True, slots=True)
class TableInput:
    """What one input reads: rows t + shift - lookback + 1 … t + shift of its columns; None is not known.

    The features of its calendar are columns too, the last ones.
    """

    columns: tuple[str, ...] | None
    lookback: int | None
    shift: int


@dataclass(frozen=True, slots=True)
class TableTarget:
    """What one output is to predict; None is not known.

    Args:
        several: the columns are a list.
        levels: how many names of classes the recipe gives.
    """

    columns: tuple[str, ...] | None
    several: bool
    type: str | None
    levels: int | None
    horizon: int | None


def is_table(spec: Spec) -> bool:
    """Whether the recipe reads a table."""
    return spec.data.get("kind") == "table"


def table_inputs(spec: Spec) -> dict[str, TableInput]:
    """What ``data.inputs`` says, by name."""
    window = spec.data.get("window")
    length = window.get("length") if isinstance(window, dict) else None
    return {
        name: TableInput(
            _with_calendar(item),
            _whole(item.get("lookback", length if length is not None else _first_axis(spec, name)), 1),
            _whole(item.get("shift", 0)) or 0,
        )
        for name, item in _named(spec.data.get("inputs")).items()
    }


def table_targets(spec: Spec) -> dict[str, TableTarget]:
    """What ``data.targets`` says, by name."""
    return {
        name: TableTarget(
            _columns(item.get("column")),
            isinstance(item.get("column"), list),
            item.get("type") if isinstance(item.get("type"), str) else None,
            len(item["levels"]) if isinstance(item.get("levels"), list) else None,
            _whole(item.get("horizon", 1), 0),
        )
        for name, item in _named(spec.data.get("targets")).items()
    }


def per_step(spec: Spec) -> bool:
    """Whether there is a label for each step of a window."""
    label = spec.data.get("label")
    return isinstance(label, dict) and label.get("per_step") is True


def window_and_stride(spec: Spec) -> tuple[int, int] | None:
    """Rows in a window, and from one to the next; None where they are not known."""
    window = spec.data.get("window")
    said: Mapping[str, Any] = window if isinstance(window, dict) else {}
    stride = _whole(said.get("stride", 1))
    if is_table(spec):
        length = max((item.lookback or 0 for item in table_inputs(spec).values()), default=0)
    else:
        length = _whole(said.get("length")) or 0
    return (length, stride) if length and stride else None


def _named(value: Any) -> dict[str, dict[str, Any]]:
    items = value.items() if isinstance(value, dict) else ()
    return {str(name): item for name, item in items if isinstance(item, dict)}


def _columns(value: Any) -> tuple[str, ...] | None:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        return None
    return tuple(listed)


def _with_calendar(item: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The columns of an input and the features of its calendar."""
    given = item.get("calendar")
    columns = _columns(item.get("columns") if given is None else item.get("columns", []))
    words = () if given is None else _columns(given)
    if columns is None or words is None:
        return None
    made = ([name] if name.endswith("_number") else [f"{name}_sin", f"{name}_cos"] for name in words)
    return (*columns, *(feature for features in made for feature in features))


def needs_times(spec: Spec) -> str:
    """The key of a recipe that is made of the rows' times; empty where there is none."""
    window = spec.data.get("window")
    if isinstance(window, dict) and window.get("gap") is not None:
        return "data.window.gap"
    inputs = _named(spec.data.get("inputs"))
    return next((f"data.inputs.{name}.calendar" for name, item in inputs.items() if item.get("calendar")), "")


def _whole(value: Any, low: int | None = None) -> int | None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and float(value).is_integer()
    return int(value) if good and (low is None or value >= low) else None


def _first_axis(spec: Spec, name: str) -> int | None:
    shape = spec.inputs[name].shape if name in spec.inputs else ()
    return shape[0] if len(shape) > 1 else 1
