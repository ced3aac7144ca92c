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
        return frame_as_matrix(sexp, where, dtype)
    kind = type_name(sexp)
    _refuse_dates(sexp, where)
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


def _refuse_dates(sexp: Any, where: str) -> None:
    found = [word for word in ("Date", "POSIXct", "difftime") if word in r_memory.classes(sexp)]
    if found:
        raise RValueError(
            f"`{where}` is a {found[0]}; a model reads numbers",
            help="make numbers of it that mean something to the model, such as the days since the first, "
            "or drop the column",
            code="value.not_numeric",
        )


def frame_as_matrix(
    sexp: Any, where: str, dtype: str | None = None, wanted: Sequence[str] | None = None
) -> np.ndarray:
    """A data frame of numbers as a matrix of its columns.

    Args:
        sexp: the data frame.
        where: what to call it in an error.
        dtype: the type the model's input wants.
        wanted: the columns to take, in this order; None means all, as they stand.

    Raises:
        RValueError: a column is missing, or holds no numbers.
    """
    found = dict(zip(r_memory.names(sexp) or [], r_memory.elements(sexp), strict=True))
    parts: list[Any] = []
    for name in found if wanted is None else wanted:
        if name not in found:
            raise _missing_columns(list(found), wanted or (), where)
        column = found[name]
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


def _missing_columns(found: Sequence[str], wanted: Sequence[str], where: str) -> RValueError:
    missing = [name for name in wanted if name not in found]
    others = {name.casefold(): name for name in found if name not in wanted}
    near = [others[word] for word in get_close_matches(missing[0].casefold(), others, n=1)]
    columns = "column" if len(missing) == 1 else "columns"
    return RValueError(
        f"`{where}` lacks the {columns} {_quoted(missing)}, which the model was fitted on",
        help=f"is `{near[0]}` what the model calls `{missing[0]}`? rename it"
        if near
        else f"the model's columns are {', '.join(wanted)}",
        code="value.columns",
        data={"missing": missing},
    )


def named_tensors(
    sexp: Any,
    names: Sequence[str],
    where: str,
    dtypes: Mapping[str, str] | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, np.ndarray | Factor]:
    """The arrays for a model's inputs or outputs, by name, in the model's order.

    Args:
        sexp: one value when there is one name; else a list, named or in the model's order.
        names: the model's input or output names.
        where: the argument's name in R.
        dtypes: the wanted type by name; a name that is missing takes the natural one.
        columns: by name, the columns that a data frame is to be read by.

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
        items, places = {names[0]: sexp}, {names[0]: where}
    else:
        items = dict(zip(given_names(sexp, names, where), r_memory.elements(sexp), strict=True))
        places = {name: f"{where}${name}" for name in names}
    made: dict[str, np.ndarray | Factor] = {}
    for name in names:
        value, place, dtype = items[name], places[name], dtypes.get(name)
        wanted = (columns or {}).get(name)
        by_column = wanted is not None and is_frame(value)
        made[name] = (
            frame_as_matrix(value, place, dtype, wanted) if by_column else tensor(value, place, dtype)
        )
    return made


def frame_columns(sexp: Any, names: Sequence[str], where: str) -> dict[str, list[str]]:
    """The column names of the data frames among a model's inputs, by input name."""
    if is_list(sexp):
        items = dict(zip(given_names(sexp, names, where), r_memory.elements(sexp), strict=True))
    else:
        items = {names[0]: sexp}
    return {name: r_memory.names(item) or [] for name, item in items.items() if is_frame(item)}


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
