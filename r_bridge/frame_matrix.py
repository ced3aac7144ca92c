"""A data frame of numbers as the matrix of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import accumulate
from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RValueError
from r_bridge.numeric import check_kept, natural_dtype, numbers_of
from r_bridge.to_python import columns_by_name, is_frame

_ROWS = 2**13  # copied at a time


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
    found = columns_by_name(sexp, where)
    if missing := [name for name in wanted or () if name not in found]:
        raise _missing_columns(missing, list(found), wanted or (), where)
    parts = {name: _numbers_of_column(found[name], f"{where}${name}") for name in wanted or found}
    if not parts:
        raise RValueError(f"`{where}` is a data frame without columns", code="value.empty")
    natural = np.result_type(*(natural_dtype(part) for part in parts.values()))
    if natural.kind == "f":
        natural = np.dtype(np.float32)
    made = _side_by_side(list(parts.values()), np.dtype(dtype) if dtype else natural)
    column = 0
    for name, part in parts.items():
        width = part.shape[1] if part.ndim > 1 else 1
        check_kept(made[:, column : column + width].reshape(part.shape), part, f"{where}${name}")
        column += width
    return made


def _side_by_side(parts: list[np.ndarray], dtype: np.dtype) -> np.ndarray:
    rows = len(parts[0])
    ends = list(accumulate(part.shape[1] if part.ndim > 1 else 1 for part in parts))
    made = np.empty((rows, ends[-1]), dtype)
    # A few thousand rows at a time: every column writes into the same lines of memory.
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, rows, _ROWS):
            block = made[start : start + _ROWS]
            for end, part in zip(ends, parts, strict=True):
                some = part[start : start + _ROWS].reshape(len(block), -1)
                block[:, end - some.shape[1] : end] = some
    return made


def _numbers_of_column(sexp: Any, where: str) -> np.ndarray:
    if "factor" in r_memory.classes(sexp):
        raise RValueError(
            f"`{where}` is a factor; a data frame given as a matrix must hold numbers",
            help="turn it into numbers with model.matrix(), or drop the column",
            code="value.not_numeric",
        )
    return frame_as_matrix(sexp, where) if is_frame(sexp) else numbers_of(sexp, where)


def _missing_columns(
    missing: Sequence[str], found: Sequence[str], wanted: Sequence[str], where: str
) -> RValueError:
    others = {name.casefold(): name for name in found if name not in wanted}
    near = [others[word] for word in get_close_matches(missing[0].casefold(), others, n=1)]
    columns = "column" if len(missing) == 1 else "columns"
    quoted = ", ".join(f"`{name}`" for name in missing)
    return RValueError(
        f"`{where}` lacks the {columns} {quoted}, which the model was fitted on",
        help=f"is `{near[0]}` what the model calls `{missing[0]}`? rename it"
        if near
        else f"the model's columns are {', '.join(wanted)}",
        code="value.columns",
        data={"missing": list(missing)},
    )
