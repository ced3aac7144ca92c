"""Data frames, both directions: R's data.frame and pandas' DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RValueError
from r_bridge.to_python import columns_by_name, is_frame, plain
from r_bridge.without_na import checked, factor

# A simulated book says so wherever its frame goes; the same name in pandas' attributes and in R's.
SIMULATED = "simulated"

if TYPE_CHECKING:
    import pandas as pd


def frame_to_pandas(sexp: Any, where: str) -> pd.DataFrame:
    """A data.frame or tibble as a pandas frame: same columns, same order, doubles kept as float64."""
    import pandas as pd

    found = columns_by_name(sexp, where)
    # R's columns have no more names of their own: where there is none, the number of rows stands apart.
    rows = None if found else pd.RangeIndex(_num_rows(sexp))
    made = pd.DataFrame({name: _column(item, f"{where}${name}") for name, item in found.items()}, index=rows)
    if (told := r_memory.attribute(sexp, SIMULATED)) is not None:
        made.attrs[SIMULATED] = plain(told)
    return made


def _num_rows(sexp: Any) -> int:
    rows = r_memory.view(r_memory.attribute(sexp, "row.names"))
    compact = rows.size == 2 and rows[0] == r_memory.NA_INTEGER
    return abs(int(rows[1])) if compact else rows.size


def _column(sexp: Any, where: str) -> Any:
    import pandas as pd

    classes = r_memory.classes(sexp)
    if "factor" in classes:
        coded = factor(sexp, where)
        return pd.Categorical.from_codes(coded.codes, categories=pd.Index(coded.levels))
    _refuse_columns_within(sexp, where)
    if "Date" in classes or "POSIXct" in classes:
        from r_bridge.times import times_to_pandas

        return times_to_pandas(sexp, where)
    if "difftime" in classes:
        from r_bridge.times import spans_to_pandas

        return spans_to_pandas(sexp)
    kind = r_memory.type_name(sexp)
    if kind in ("REALSXP", "INTSXP", "LGLSXP"):
        values = np.array(checked(sexp, where))
        if values.dtype == np.float64:
            values[np.isnan(values)] = np.nan  # R's NA is a signalling NaN, which warns at its first use
        return values
    if kind == "STRSXP":
        return r_memory.strings(sexp, where)
    values = plain(sexp, where)
    return values if isinstance(values, list) else [values]


def _refuse_columns_within(sexp: Any, where: str) -> None:
    shape = r_memory.dimensions(sexp) or ()
    if is_frame(sexp) or len(shape) > 1:
        what = "a data frame" if is_frame(sexp) else "a matrix"
        raise RValueError(
            f"`{where}` is {what} in a column of a data frame",
            help="give each of its columns a place and a name of its own",
            code="value.unsupported",
        )


def frame_to_r(frame: pd.DataFrame) -> Any:
    """A pandas frame as an R data.frame with rows numbered from 1; the index does not cross."""
    columns = [column_to_r(frame.iloc[:, i]) for i in range(frame.shape[1])]
    made = r_memory.new_list(columns)
    r_memory.set_attribute(made, "names", r_memory.new_strings([str(name) for name in frame.columns]))
    # R's compact form of 1..n: c(NA, -n).
    rows = np.array([r_memory.NA_INTEGER, -len(frame)], np.int32)
    r_memory.set_attribute(made, "row.names", r_memory.new_array("INTSXP", rows))
    r_memory.set_attribute(made, "class", r_memory.new_strings(["data.frame"]))
    if SIMULATED in frame.attrs:
        r_memory.set_attribute(made, SIMULATED, r_memory.new_strings([str(frame.attrs[SIMULATED])]))
    return made


def column_to_r(column: pd.Series) -> Any:
    """One pandas column as an R vector: categories as a factor, times as POSIXct, texts as character."""
    import pandas as pd

    from r_bridge.times import times_to_r
    from r_bridge.to_r import to_r

    if isinstance(column.dtype, pd.CategoricalDtype):
        return factor_to_r(np.asarray(column.cat.codes), [str(level) for level in column.cat.categories])
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return times_to_r(np.asarray(column.dt.tz_convert("UTC").dt.tz_localize(None)), str(column.dt.tz))
    if isinstance(column.dtype, pd.api.extensions.ExtensionDtype) and pd.api.types.is_numeric_dtype(column):
        # pandas' own integers and booleans have a missing value; so has R.
        if column.isna().all():
            return r_memory.new_array("REALSXP", np.full(len(column), r_memory.NA_REAL))
        return to_r(
            [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
        )
    values = column.to_numpy()
    if values.dtype.kind in "biufMm":
        return to_r(values)
    return _object_column(list(values))


def _object_column(values: list[Any]) -> Any:
    import pandas as pd

    from r_bridge.to_r import to_r

    if any(isinstance(value, (list, tuple, dict, np.ndarray)) for value in values):
        return r_memory.new_list([to_r(value) for value in values])
    known = [None if pd.isna(value) else value for value in values]
    try:
        made = to_r(known) if any(value is not None for value in known) else None
    except TypeError:
        made = None
    if made is not None and r_memory.type_name(made) != "VECSXP":
        return made
    return r_memory.new_strings([None if value is None else str(value) for value in known])


def factor_to_r(codes: np.ndarray, levels: list[str]) -> Any:
    """Codes from 0 (negative: NA) as an R factor."""
    shifted = np.where(codes < 0, r_memory.NA_INTEGER, codes.astype(np.int64) + 1).astype(np.int32)
    made = r_memory.new_array("INTSXP", shifted)
    r_memory.set_attribute(made, "levels", r_memory.new_strings(list(levels)))
    r_memory.set_attribute(made, "class", r_memory.new_strings(["factor"]))
    return made
