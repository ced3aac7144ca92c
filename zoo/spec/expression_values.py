"""The values of expressions: how large they may be, and the functions over them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from zoo.spec.nodes import POISON

MAX_DEPTH = 40
MAX_ITEMS = 10_000
MAX_NUMBER = 10**18
MAX_STRING = 10_000


class ExpressionError(Exception):
    """An expression cannot be read or has no value; `name` is set when a name is undefined."""

    def __init__(self, message: str, name: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.candidates = candidates


class Unknown(ExpressionError):
    """A value it needs is not known, and that has been reported."""


def bounded(value: Any) -> Any:
    """The value itself, when it is not too large.

    Raises:
        ExpressionError: it is.
    """
    if isinstance(value, complex):
        raise ExpressionError("the result is not a real number")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) > MAX_NUMBER:
        if not (isinstance(value, float) and not math.isfinite(value)):
            raise ExpressionError(f"a number above {MAX_NUMBER:.0e} is not allowed")
    if isinstance(value, str) and len(value) > MAX_STRING:
        raise ExpressionError(f"a text of more than {MAX_STRING:,} characters is not allowed")
    if (problem := outgrown(value)) is not None:
        raise ExpressionError(problem)
    return value


def outgrown(value: Any) -> str | None:
    """Why a list or a map is too large to be a value, all its parts counted; None when it is not."""
    waiting = [(value, 0)]
    count = 0
    while waiting:
        item, depth = waiting.pop()
        if not isinstance(item, (list, dict)):
            continue
        count += len(item)
        if count > MAX_ITEMS:
            return f"a list of more than {MAX_ITEMS:,} items is not allowed"
        if depth > MAX_DEPTH:
            return f"lists nested more than {MAX_DEPTH} deep are not allowed"
        parts = item.values() if isinstance(item, dict) else item
        waiting.extend((part, depth + 1) for part in parts if isinstance(part, (list, dict)))
    return None


def known(value: Any) -> Any:
    """The value itself, when it is known.

    Raises:
        Unknown: its mistake has been reported.
    """
    if value is POISON:
        raise Unknown("a value it needs is not known")
    return value


def kind(value: Any) -> str:
    """What a value is, in the words of a message."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a map"


def _range(*ends: int) -> list[int]:
    found = range(*ends)
    if len(found) > MAX_ITEMS:
        raise ValueError(f"more than {MAX_ITEMS:,} items")
    return list(found)


def _int(value: Any) -> int:
    if isinstance(value, str) and len(value) > 20:
        raise ValueError("that is no number")
    return int(value)


def _round(value: float, digits: int = 0) -> float:
    if abs(digits) > 20:
        raise ValueError("digits go to 20")
    return round(value, digits) if digits else round(value)


def _sum(values: list[Any]) -> Any:
    if not all(isinstance(value, (int, float)) for value in values):
        raise ValueError("it adds numbers only")
    return sum(values)


def _str(value: Any) -> str:
    if isinstance(value, (list, dict)):
        raise ValueError("it takes a number or a text")
    return str(value)


def _snake(value: str) -> str:
    """A text, such as a column's name, as a name of the language: ``Close Price`` is ``close_price``."""
    if not isinstance(value, str):
        raise ValueError("it takes a text")
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    found = re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")
    if not found:
        raise ValueError(f"{value!r} has no letters or digits to make a name of")
    return f"n{found}" if found[0].isdigit() else found


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "round": _round,
    "ceil": math.ceil,
    "floor": math.floor,
    "len": len,
    "sum": _sum,
    "range": _range,
    "str": _str,
    "int": _int,
    "snake": _snake,
}
