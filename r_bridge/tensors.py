"""R numbers as the arrays a model reads: cast to the input's type and transposed in one pass, one copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RArgumentError
from r_bridge.frame_matrix import frame_as_matrix
from r_bridge.numeric import check_kept, natural_dtype, numbers_of
from r_bridge.r_memory import type_name
from r_bridge.to_python import is_frame, is_list, list_names
from r_bridge.transposition import c_ordered, c_ordered_if_finite
from r_bridge.without_na import Factor, factor


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
    if type_name(sexp) == "INTSXP" and "factor" in r_memory.classes(sexp):
        return factor(sexp, where)
    seen = numbers_of(sexp, where)
    wanted = np.dtype(dtype) if dtype else natural_dtype(seen)
    # A double too large for float32 becomes infinite, and R's NA is a signalling NaN: both are reported.
    if wanted.kind == "f":
        made, finite = c_ordered_if_finite(seen, wanted)
        if finite:
            return made
    else:
        with np.errstate(invalid="ignore"):
            made = c_ordered(seen, wanted)
    check_kept(made, seen, where)
    return made


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
