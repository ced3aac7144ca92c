"""Values of a recipe: each read with what is allowed, and the nearest word when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from zoo.errors import DataError


def word(value: Any, choices: tuple[str, ...], where: str, also: str = "") -> str:
    """One of ``choices``, or a DataError that names the nearest."""
    if isinstance(value, str) and value in choices:
        return value
    near = get_close_matches(str(value), choices, 1)
    listed = ", ".join(choices) + (f", or {also}" if also else "")
    raise refuse(
        f"`data.{where}` is one of: {listed}; received {value!r}",
        f"did you mean `{near[0]}`?" if near else f"choose one of: {listed}",
    )


def words(value: Any, choices: tuple[str, ...], where: str) -> tuple[str, ...]:
    """A list of ``choices`` without repeats; one word alone counts as a list of one."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise refuse(
            f"`data.{where}` is a list of names; received {value!r}", f"choose from: {', '.join(choices)}"
        )
    found = tuple(word(item, choices, where) for item in given)
    if len(set(found)) < len(found):
        raise refuse(f"`data.{where}` names something twice: {', '.join(found)}", "name each once")
    return found


def whole(value: Any, where: str, low: int = 1) -> int:
    """A whole number from ``low``; 50.0 counts, as R has no other numbers."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
    if not good or value != int(value) or value < low:
        raise refuse(
            f"`data.{where}` is a whole number from {low}; received {value!r}", f"give {low} or more"
        )
    return int(value)


def number(value: Any, where: str, low: float | None = None, open_low: bool = False) -> float:
    """A finite number, not below ``low``."""
    bad = isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf")
    if bad or (low is not None and (value < low or (open_low and value == low))):
        least = "" if low is None else f" {'above' if open_low else 'from'} {low:g}"
        raise refuse(f"`data.{where}` is a number{least}; received {value!r}", "write a plain number")
    return float(value)


def section(value: Any, name: str, keys: tuple[str, ...], what: str) -> dict[str, Any]:
    """A map of the recipe, empty when left out.

    Args:
        name: its dotted path below ``data``; empty for ``data`` itself.
        keys: that it may have.
        what: the data that has these keys, such as ``order books``.
    """
    where = f"data.{name}" if name else "data"
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise refuse(
            f"`{where}` is a map of keys; received {value!r}",
            f"write `{name.rpartition('.')[2] or 'data'}: {{…}}`",
        )
    for key in value:
        if key not in keys:
            near = get_close_matches(str(key), keys, 1)
            known = ", ".join(keys)
            hint = f"did you mean `{near[0]}`?" if near else f"the keys offered for {what} are: {known}"
            raise refuse(f"`{where}` has no key `{key}`", hint)
    return dict(value)


def refuse(message: str, help: str) -> DataError:
    """The error for a recipe that says something it cannot."""
    return DataError(message, help=help, code="data.recipe")
