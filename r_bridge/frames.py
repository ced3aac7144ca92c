"""Data frames and times, both directions: R's data.frame and pandas' DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from r_bridge import r_memory
from r_bridge.to_python import factor, plain

if TYPE_CHECKING:
    import pandas as pd

_NANOSECONDS = 1_000_000_000


def frame_to_pandas(sexp: Any, where: str) -> pd.DataFrame:
    """A data.frame or tibble as a pandas frame: same columns, same order, doubles kept as float64."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for name, column in zip(r_memory.names(sexp) or [], r_memory.elements(sexp), strict=True):
        columns[name] = _column(column, f"{where}${name}")
    return pd.DataFrame(columns)


def _column(sexp: Any, where: str) -> Any:
    import pandas as pd

    classes = r_memory.classes(sexp)
    if "factor" in classes:
        coded = factor(sexp, where)
        return pd.Categorical.from_codes(coded.codes, categories=pd.Index(coded.levels))
    if "Date" in classes or "POSIXct" in classes:
        return times_to_pandas(sexp)
    kind = r_memory.type_name(sexp)
    if kind == "REALSXP":
        values = np.array(r_memory.view(sexp))
        values[np.isnan(values)] = np.nan  # R's NA is a signalling NaN, which warns at its first use
        return values
    if kind == "STRSXP":
        return r_memory.strings(sexp)
    values = plain(sexp, where)
    return values if isinstance(values, list) else [values]


def times_to_pandas(sexp: Any) -> Any:
    """Date or POSIXct as a pandas index of times; POSIXct keeps its time zone (R's own default is UTC here).

    R counts days or seconds as doubles; whole nanoseconds are made from seconds and fraction apart, so
    that microseconds survive.
    """
    import pandas as pd

    counts = np.array(r_memory.view(sexp), dtype=np.float64)
    missing = np.isnan(counts)
    counts[missing] = 0
    seconds = counts * 86400.0 if "Date" in r_memory.classes(sexp) else counts
    whole = np.floor(seconds)
    fraction = np.round((seconds - whole) * 1e6) * 1000
    stamps = (whole.astype(np.int64) * _NANOSECONDS + fraction.astype(np.int64)).view("datetime64[ns]")
    stamps[missing] = np.datetime64("NaT", "ns")
    index = pd.DatetimeIndex(stamps)
    if "Date" in r_memory.classes(sexp):
        return index
    zone = r_memory.attribute(sexp, "tzone")
    text = r_memory.strings(zone)[0] if zone is not None else ""
    return index.tz_localize("UTC").tz_convert(text or "UTC")


def frame_to_r(frame: pd.DataFrame) -> Any:
    """A pandas frame as an R data.frame with rows numbered from 1; the index does not cross."""
    columns = [column_to_r(frame.iloc[:, i]) for i in range(frame.shape[1])]
    made = r_memory.new_list(columns)
    r_memory.set_attribute(made, "names", r_memory.new_strings([str(name) for name in frame.columns]))
    # R's compact form of 1..n: c(NA, -n).
    rows = np.array([r_memory.NA_INTEGER, -len(frame)], np.int32)
    r_memory.set_attribute(made, "row.names", r_memory.new_array("INTSXP", rows))
    r_memory.set_attribute(made, "class", r_memory.new_strings(["data.frame"]))
    return made


def column_to_r(column: pd.Series) -> Any:
    """One pandas column as an R vector: categories as a factor, times as POSIXct, texts as character."""
    import pandas as pd

    from r_bridge.to_r import to_r

    if isinstance(column.dtype, pd.CategoricalDtype):
        return factor_to_r(np.asarray(column.cat.codes), [str(level) for level in column.cat.categories])
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return times_to_r(np.asarray(column.dt.tz_convert("UTC").dt.tz_localize(None)), str(column.dt.tz))
    values = column.to_numpy()
    if values.dtype.kind in "biufM":
        return to_r(values)
    return _object_column(list(values))


def _object_column(values: list[Any]) -> Any:
    import pandas as pd

    from r_bridge.to_r import to_r

    if all(isinstance(value, bool) for value in values) and values:
        return to_r(np.array(values))
    if any(isinstance(value, (list, tuple, dict)) for value in values):
        return r_memory.new_list([to_r(value) for value in values])
    return r_memory.new_strings([None if pd.isna(value) else str(value) for value in values])


def factor_to_r(codes: np.ndarray, levels: list[str]) -> Any:
    """Codes from 0 (negative: NA) as an R factor."""
    shifted = np.where(codes < 0, r_memory.NA_INTEGER, codes.astype(np.int64) + 1).astype(np.int32)
    made = r_memory.new_array("INTSXP", shifted)
    r_memory.set_attribute(made, "levels", r_memory.new_strings(list(levels)))
    r_memory.set_attribute(made, "class", r_memory.new_strings(["factor"]))
    return made


def times_to_r(stamps: np.ndarray, zone: str = "UTC") -> Any:
    """datetime64 as POSIXct in the given time zone; NaT becomes NA."""
    nanoseconds = stamps.astype("datetime64[ns]").view(np.int64)
    seconds = np.where(np.isnat(stamps), np.nan, nanoseconds / _NANOSECONDS)
    made = r_memory.new_array("REALSXP", np.asarray(seconds, np.float64))
    r_memory.set_attribute(made, "class", r_memory.new_strings(["POSIXct", "POSIXt"]))
    r_memory.set_attribute(made, "tzone", r_memory.new_strings([zone]))
    return made
