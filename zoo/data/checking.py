"""What cannot be true of a source, found row by row and told all at once, or dropped and counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.errors import DataError

Mask = NDArray[np.bool_]
_SHOWN = 5
_DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+")


@dataclass(frozen=True, slots=True)
class Origin:
    """How a person counts the rows of a source: ``line`` from 2 in a file with a header, ``row`` from 1.

    Args:
        name: of the source.
        unit: what a person counts.
        first: number of the first row.
        drop: how to have rows left out that cannot be.
        places: (row,) the number of each, where not every line is a row.
    """

    name: str
    unit: str
    first: int = 1
    drop: str = "read it with clean='drop'"
    places: NDArray[np.int64] | None = None

    def of(self, row: int) -> str:
        """Such as ``line 57``."""
        return f"{self.unit} {self.numbers(np.array([row]))[0]:,}"

    def numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """What a person calls those rows."""
        return rows + self.first if self.places is None else self.places[rows]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that cannot be.

    Args:
        reason: the word in the counts (``dropped_crossed``) and in the error's code.
        find: the rows in which it is so; rows already bad for an earlier reason do not count.
        tell: what stands in such a row.
        help: how to mend it.
    """

    reason: str
    find: Callable[[Any, Mask], Mask]
    tell: Callable[[Any, int], str]
    help: str


def check_rows(
    data: Any,
    count: int,
    checks: Sequence[Check],
    origin: Origin,
    clean: str,
    others: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Mask, dict[str, int]]:
    """(row,) which rows to keep, and how many were dropped for which reason.

    Args:
        data: what the checks look at.
        count: its rows.
        checks: in the order in which a row is judged.
        origin: how messages name the source and count its rows.
        clean: ``error`` or ``drop``.
        others: reason → the same word, for reasons that are treated otherwise.

    Raises:
        DataError: ``data.<reason>`` unless the word is ``drop``; every kind of problem with its first rows.
            Also ``data.empty`` when dropping leaves nothing.
    """
    good = np.ones(count, bool)
    problems: list[tuple[Check, NDArray[np.int64]]] = []
    for check in checks:
        rows = np.flatnonzero(check.find(data, good) & good)
        if len(rows):
            problems.append((check, rows))
            good[rows] = False
    if refused := [item for item in problems if others.get(item[0].reason, clean) == "error"]:
        raise _report(refused, data, origin)
    if not good.any():
        raise DataError(
            f"{origin.name} has no row left: all {len(good):,} were dropped ({_counts_text(problems)})",
            help="look at the file; a reading that does not drop them names the rows",
            code="data.empty",
        )
    return good, {f"dropped_{check.reason}": len(rows) for check, rows in problems}


def _report(problems: list[tuple[Check, NDArray[np.int64]]], data: Any, origin: Origin) -> DataError:
    lines = []
    for check, rows in problems:
        more = f" ({len(rows):,} such {origin.unit}s" + _others(rows, origin) + ")" if len(rows) > 1 else ""
        lines.append(f"{origin.of(int(rows[0]))}: {check.tell(data, int(rows[0]))}{more}")
    text = f"{origin.name}, {lines[0]}"
    if len(lines) > 1:
        text = f"{origin.name}: {len(lines)} kinds of problem\n  " + "\n  ".join(lines)
    helps = dict.fromkeys(check.help for check, _ in problems)
    return DataError(
        text,
        help="; ".join(helps) + f"; or {origin.drop}, which leaves such rows out and counts them",
        code=f"data.{problems[0][0].reason}",
        data={"rows": {check.reason: origin.numbers(rows[:100]).tolist() for check, rows in problems}},
    )


def _others(rows: NDArray[np.int64], origin: Origin) -> str:
    shown = ", ".join(f"{number:,}" for number in origin.numbers(rows[:_SHOWN]))
    return f": {shown}" + (", …" if len(rows) > _SHOWN else "")


def _counts_text(problems: list[tuple[Check, NDArray[np.int64]]]) -> str:
    return ", ".join(f"{check.reason} {len(rows):,}" for check, rows in problems)


def tell_cell(name: str, value: object, expected: str) -> str:
    """What is wrong with one cell."""
    # pandas' NA is neither equal nor unequal to itself: its text is asked first.
    if value is None or str(value) in ("<NA>", "NaT", "") or value != value:
        return f"`{name}` is empty"
    text = repr(value) if isinstance(value, str) else str(value)
    mark = "; the decimal mark is a point" if has_decimal_comma(value) else ""
    return f"`{name}` is {text if len(text) < 40 else text[:37] + '…'}, not {expected}{mark}"


def not_truths(name: str, where: str = "") -> DataError:
    """The error for truths where a book has a price or a size: 1 and 0 would pass for such."""
    kind = "price" if "price" in name else "size"
    return DataError(
        f"{where}`{name}` holds truth values, and a {kind} is a number",
        help="give the numbers themselves, and not whether a condition holds",
        code="data.columns",
    )


def has_decimal_comma(value: object) -> bool:
    """Whether a cell is a number as much of Europe writes it: ``1.234,56``."""
    return isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value.strip()) is not None
