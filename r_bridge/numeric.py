"""R's numbers before and after they are copied: what is no number, and what a copy would lose, is refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RValueError
from r_bridge.r_memory import type_name
from r_bridge.to_python import describe, refuse_broken_down_time
from r_bridge.without_na import checked, first_place, missing_values


def numbers_of(sexp: Any, where: str) -> np.ndarray:
    """A read-only view of a numeric, integer or logical R value (logicals are copied), in R's order.

    Raises:
        RValueError: it holds no numbers, or an integer or logical NA.
    """
    _refuse_dates(sexp, where)
    if type_name(sexp) not in ("REALSXP", "INTSXP", "LGLSXP"):
        refuse_broken_down_time(sexp, where)
        raise RValueError(
            f"`{where}` is {describe(sexp)}; a model reads numbers",
            help="give a numeric vector, matrix or array, a factor, or a list of them by name",
            code="value.not_numeric",
        )
    return checked(sexp, where)


def check_kept(made: np.ndarray, seen: np.ndarray, where: str) -> None:
    """Refuse a copy that does not hold what R held: NaN, a number out of range, a fraction cut off.

    Raises:
        RValueError: with the first place.
    """
    if made.dtype.kind == "f":
        _check_finite(made, seen, where)
    elif seen.dtype != made.dtype and not np.array_equal(made, seen):
        raise _not_whole(made, seen, where)


def _check_finite(made: np.ndarray, seen: np.ndarray, where: str) -> None:
    # The sum is finite in every ordinary case, and needs no array of flags.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(made.sum(dtype=np.promote_types(made.dtype, np.float32))):
            return
    if np.isnan(made).any():
        raise missing_values(np.isnan(made), where, "numeric")
    infinite = np.isinf(made)
    if infinite.any():
        places, count = first_place(infinite), int(infinite.sum())
        values = "an infinite value" if count == 1 else f"{count} infinite values"
        position = ", ".join(map(str, places))
        first, largest = seen[tuple(place - 1 for place in places)], np.finfo(made.dtype).max
        raise RValueError(
            f"`{where}` has {values}, the first ({first:g}) at [{position}]",
            help=f"the model computes in {made.dtype.name}, whose largest number is {largest:.2g}",
            code="value.infinite",
        )


def natural_dtype(seen: np.ndarray) -> np.dtype:
    """The type of an array whose reader wants none: float32 for R's doubles."""
    return np.dtype(np.float32) if seen.dtype == np.float64 else seen.dtype


def _not_whole(made: np.ndarray, seen: np.ndarray, where: str) -> RValueError:
    if np.isnan(seen).any():
        return missing_values(np.isnan(seen), where, "numeric")
    places = first_place(made != seen)
    position, wrong = ", ".join(map(str, places)), seen[tuple(place - 1 for place in places)]
    return RValueError(
        f"`{where}` must hold whole numbers ({made.dtype.name}); [{position}] is {wrong:g}",
        help="round the values, or change the input's dtype in the spec",
        code="value.not_whole",
    )


def _refuse_dates(sexp: Any, where: str) -> None:
    classes = r_memory.classes(sexp)
    found = [word for word in ("Date", "POSIXct", "difftime") if word in classes]
    if found:
        raise RValueError(
            f"`{where}` is a {found[0]}; a model reads numbers",
            help="make numbers of it that mean something to the model, such as the days since the first, "
            "or drop the column",
            code="value.not_numeric",
        )
