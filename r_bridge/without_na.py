"""R's whole numbers, logicals and factors with their NA refused: it would pass for a number in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RValueError
from r_bridge.r_memory import NA_INTEGER, type_name
from r_bridge.transposition import c_ordered


@dataclass(frozen=True, slots=True)
class Factor:
    """An R factor: int32 codes from 0, and the levels they stand for."""

    codes: np.ndarray
    levels: tuple[str, ...]


def checked(sexp: Any, where: str) -> np.ndarray:
    """The read-only view of a numeric vector without NA; a logical is a copy of bools."""
    seen = r_memory.view(sexp)
    kind = type_name(sexp)
    if kind == "REALSXP":
        return _integer64(seen, where) if "integer64" in r_memory.classes(sexp) else seen
    if seen.size and seen.min() == NA_INTEGER:
        raise missing_values(seen == NA_INTEGER, where, "integer" if kind == "INTSXP" else "logical")
    return seen.astype(bool) if kind == "LGLSXP" else seen


def _integer64(seen: np.ndarray, where: str) -> np.ndarray:
    # The package bit64 keeps whole numbers in the bits of doubles.
    whole = seen.view(np.int64)
    missing = whole == np.iinfo(np.int64).min
    if missing.any():
        raise missing_values(missing, where, "integer64")
    return whole


def missing_values(missing: np.ndarray, where: str, kind: str) -> RValueError:
    """The error for NA: how many there are, and where the first is, in R's way of counting."""
    places = first_place(missing)
    position = ", ".join(map(str, places))
    count = int(missing.sum())
    values = "a missing value" if count == 1 else f"{count} missing values"
    return RValueError(
        f"`{where}` ({kind}) has {values} (NA or NaN), the first at [{position}]",
        help="remove those rows or fill the values in before giving them to the model",
        code="value.missing",
        data={"count": count, "position": places},
    )


def first_place(flags: np.ndarray) -> list[int]:
    """Where the first of some flags is set, as R counts: from 1."""
    return [int(place) + 1 for place in np.unravel_index(int(flags.argmax()), flags.shape)]


def factor(sexp: Any, where: str) -> Factor:
    """A factor's codes from 0 with its levels.

    Raises:
        RValueError: an element is NA, or a level is.
    """
    seen = r_memory.view(sexp)
    if seen.size and seen.min() == NA_INTEGER:
        raise missing_values(seen == NA_INTEGER, where, "factor")
    levels = r_memory.strings(r_memory.attribute(sexp, "levels"), f"levels({where})")
    if None in levels:
        raise RValueError(
            f"`{where}` (factor) has the level NA",
            help="give the level a name, or drop it and its rows",
            code="value.missing",
        )
    return Factor(c_ordered(seen) - np.int32(1), tuple(str(level) for level in levels))
