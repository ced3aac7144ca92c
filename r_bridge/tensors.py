"""R numbers as the arrays a model reads: cast to the input's type and transposed in one pass, one copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RArgumentError, RValueError
from r_bridge.r_memory import type_name
from r_bridge.to_python import (
    Factor,
    checked,
    describe,
    factor,
    is_frame,
    is_list,
    list_names,
    missing_values,
)


def tensor(sexp: Any, where: str = "x", dtype: str | None = None) -> np.ndarray | Factor:
    """A numeric, integer, logical or factor R value as a C-order array of the same dimensions.

    Args:
        sexp: a vector, matrix, array, factor, or a data frame of numbers (a matrix by columns).
        where: what to call it in an error.
        dtype: the type the model's input wants; None means float32 for doubles, int32 for integers and
            bool for logicals.

    Raises:
        RValueError: NA or NaN (with count and position), texts, or a fraction where whole numbers are wanted.
    """
    if is_frame(sexp):
        return _frame_as_matrix(sexp, where, dtype)
    kind = type_name(sexp)
    if kind not in ("REALSXP", "INTSXP", "LGLSXP"):
        raise RValueError(
            f"`{where}` is {describe(sexp)}; a model reads numbers",
            help="give a numeric vector, matrix or array, a factor, or a list of them by name",
            code="value.not_numeric",
        )
    if kind == "INTSXP" and "factor" in r_memory.classes(sexp):
        return factor(sexp, where)
    seen = checked(sexp, where)
    wanted = np.dtype(dtype) if dtype else _natural_dtype(seen)
    if seen.dtype == np.float64 and wanted.kind in "iub":
        _check_whole(seen, where, wanted)
    # A double too large for float32 becomes infinite, and R's NA is a signalling NaN: both are reported.
    with np.errstate(over="ignore", invalid="ignore"):
        made = np.array(seen, dtype=wanted, order="C")
    if made.dtype.kind == "f":
        _check_finite(made, seen, where)
    return made


def _check_finite(made: np.ndarray, seen: np.ndarray, where: str) -> None:
    # The sum is finite in every ordinary case, and needs no array of flags.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(made.sum(dtype=np.float64)):
            return
    if np.isnan(made).any():
        raise missing_values(np.isnan(made), where, "numeric")
    infinite = np.isinf(made)
    if infinite.any():
        places = np.argwhere(infinite)[0]
        position = ", ".join(str(int(place) + 1) for place in places)
        first, largest = seen[tuple(places)], np.finfo(made.dtype).max
        raise RValueError(
            f"`{where}` has {int(infinite.sum())} infinite values, the first ({first:g}) at [{position}]",
            help=f"the model computes in {made.dtype.name}, whose largest number is {largest:.2g}",
            code="value.infinite",
        )


def _natural_dtype(seen: np.ndarray) -> np.dtype:
    return np.dtype(np.float32) if seen.dtype == np.float64 else seen.dtype


def _check_whole(seen: np.ndarray, where: str, wanted: np.dtype) -> None:
    if np.isnan(seen).any():
        raise missing_values(np.isnan(seen), where, "numeric")
    wrong = (seen != np.floor(seen)) | (np.abs(seen) >= 2.0**31)
    if wanted.kind == "b":
        wrong = (seen != 0) & (seen != 1)
    if wrong.any():
        places = np.argwhere(wrong)[0]
        position = ", ".join(str(int(place) + 1) for place in places)
        raise RValueError(
            f"`{where}` must hold whole numbers ({wanted.name}); [{position}] is {seen[tuple(places)]:g}",
            help="round the values, or change the input's dtype in the spec",
            code="value.not_whole",
        )


def _frame_as_matrix(sexp: Any, where: str, dtype: str | None) -> np.ndarray:
    columns = r_memory.names(sexp) or []
    parts: list[Any] = []
    for name, column in zip(columns, r_memory.elements(sexp), strict=True):
        if "factor" in r_memory.classes(column):
            raise RValueError(
                f"`{where}${name}` is a factor; a data frame given as a matrix must hold numbers",
                help="turn it into numbers with model.matrix(), or drop the column",
                code="value.not_numeric",
            )
        parts.append(tensor(column, f"{where}${name}", dtype))
    if not parts:
        raise RValueError(f"`{where}` is a data frame without columns", code="value.empty")
    return np.column_stack(parts)


def named_tensors(
    sexp: Any, names: Sequence[str], where: str, dtypes: Mapping[str, str] | None = None
) -> dict[str, np.ndarray | Factor]:
    """The arrays for a model's inputs or outputs, by name, in the model's order.

    Args:
        sexp: one value when there is one name; else a list, named or in the model's order.
        names: the model's input or output names.
        where: the argument's name in R.
        dtypes: the wanted type by name; a name that is missing takes the natural one.

    Raises:
        RArgumentError: wrong count, a partly named list, or a name that is none of ``names``.
    """
    dtypes = dtypes or {}
    if not is_list(sexp):
        if len(names) != 1:
            raise RArgumentError(
                f"`{where}` is one value, but the model has {len(names)}: {_quoted(names)}",
                help=f"give list({', '.join(f'{name} = ...' for name in names)})",
                code="list.count",
            )
        return {names[0]: tensor(sexp, where, dtypes.get(names[0]))}
    items = dict(zip(given_names(sexp, names, where), r_memory.elements(sexp), strict=True))
    return {name: tensor(items[name], f"{where}${name}", dtypes.get(name)) for name in names}


def given_names(sexp: Any, names: Sequence[str], where: str) -> list[str]:
    """The names a list's elements stand for: its own, or the model's in order when it has none."""
    found = list_names(sexp, where)
    size = len(r_memory.elements(sexp))
    if found is None:
        if size != len(names):
            raise RArgumentError(
                f"`{where}` has {size} elements, but the model has {len(names)}: {_quoted(names)}",
                help=f"give list({', '.join(f'{name} = ...' for name in names)})",
                code="list.count",
            )
        return list(names)
    for name in found:
        check_name(name, names, where)
    left_out = [name for name in names if name not in found]
    if left_out:
        raise RArgumentError(f"`{where}` lacks {_quoted(left_out)}", code="list.left_out")
    return found


def check_name(name: str, names: Sequence[str], where: str) -> None:
    """Refuse a name that is none of ``names``, and tell the nearest."""
    if name in names:
        return
    near = get_close_matches(name, names, n=1)
    raise RArgumentError(
        f"`{where}` has an element named `{name}`; the model has {_quoted(names)}",
        help=f"did you mean `{near[0]}`?" if near else "use the model's own names",
        code="list.unknown_name",
    )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
