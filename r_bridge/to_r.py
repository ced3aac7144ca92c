"""Python values as R values: NumPy arrays column-major in one vectorised pass, scalars of length one."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

import numpy as np
from rpy2.rinterface import NULL

from r_bridge import r_memory
from r_bridge.handles import Handle
from r_bridge.without_na import Factor


def to_r(value: Any) -> Any:
    """A Python value as a new R object.

    ====================================  =========================================
    None                                  NULL
    bool, int, float, str, bytes          vector of length one; raw
    int beyond 32 bits, int64, uint       double
    bool, int8-32, float, str arrays      logical, integer, double, character array
    list or tuple of one kind of scalar   vector (None is NA); else a list
    mapping                               named list
    pandas DataFrame, Factor              data.frame, factor
    datetime64, datetime, Timestamp       POSIXct, in its time zone; UTC where it has none
    date, timedelta                       Date, difftime in seconds
    Handle                                list of class ``speczoo_number``, made a handle by the R package
    ====================================  =========================================

    Raises:
        TypeError: a type that is not in the table.
    """
    if value is None:
        return NULL
    if isinstance(value, (timedelta, np.timedelta64)):
        return _array(np.array([value], "timedelta64[us]"))
    if isinstance(value, (date, np.datetime64)):
        from r_bridge.times import moments_to_r

        return moments_to_r([value])
    if isinstance(value, (bool, int, float, str, PurePath, np.generic)):
        return _sequence([value.item() if isinstance(value, np.generic) else value])
    if isinstance(value, (bytes, bytearray, memoryview)):
        return r_memory.new_array("RAWSXP", np.frombuffer(bytes(value), np.uint8))
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, Mapping):
        return _named_list(list(value.values()), [str(key) for key in value])
    if isinstance(value, Factor):
        from r_bridge.frames import factor_to_r

        return factor_to_r(value.codes, list(value.levels))
    if isinstance(value, Handle):
        return _handle(value)
    if isinstance(value, Sequence):
        return _sequence(list(value))
    return _pandas(value)


def _pandas(value: Any) -> Any:
    # Only a process that has pandas loaded can hold one of its objects.
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        from r_bridge.frames import column_to_r, frame_to_r

        if isinstance(value, pandas.DataFrame):
            return frame_to_r(value)
        if isinstance(value, (pandas.Series, pandas.Index)):
            return column_to_r(pandas.Series(value))
        if value is pandas.NA or value is pandas.NaT:
            return _logicals([None])
    raise TypeError(f"a Python {type(value).__module__}.{type(value).__qualname__} has no counterpart in R")


def _named_list(values: list[Any], names: list[str]) -> Any:
    made = r_memory.new_list([to_r(value) for value in values])
    r_memory.set_attribute(made, "names", r_memory.new_strings(list(names)))
    return made


def _handle(handle: Handle) -> Any:
    made = _named_list([handle.number, handle.process, handle.kind], ["number", "process", "kind"])
    r_memory.set_attribute(made, "class", r_memory.new_strings(["speczoo_number"]))
    return made


def _array(values: np.ndarray) -> Any:
    if values.ndim == 0:
        return to_r(values[()])
    kind = values.dtype.kind
    if kind == "b":
        return r_memory.new_array("LGLSXP", values)
    if kind == "i" and values.dtype.itemsize <= 4 and not _has_r_na(values):
        return r_memory.new_array("INTSXP", values)
    if kind in "iuf":
        return r_memory.new_array("REALSXP", values)
    if kind == "M":
        from r_bridge.times import times_to_r

        return times_to_r(values)
    if kind == "m":
        from r_bridge.times import spans_to_r

        return spans_to_r(values)
    if kind in "UOT":
        return _object_array(values)
    if values.dtype.name == "bfloat16":
        return r_memory.new_array("REALSXP", values.astype(np.float32))
    raise TypeError(f"a NumPy array of {values.dtype} has no counterpart in R")


def _has_r_na(values: np.ndarray) -> bool:
    return values.dtype == np.int32 and values.size > 0 and values.min() == r_memory.NA_INTEGER


def _object_array(values: np.ndarray) -> Any:
    flat = values.ravel(order="F").tolist()
    if not all(item is None or isinstance(item, str) for item in flat):
        return r_memory.new_list([to_r(item) for item in flat])
    made = r_memory.new_strings(flat)
    if values.ndim > 1:
        r_memory.set_attribute(made, "dim", r_memory.new_array("INTSXP", np.asarray(values.shape, np.int32)))
    return made


def _sequence(values: list[Any]) -> Any:
    if not values:
        return r_memory.new_list([])
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, (str, PurePath)) for value in known):
        return r_memory.new_strings([None if value is None else str(value) for value in values])
    if known and all(isinstance(value, (bool, np.bool_)) for value in known):
        return _logicals(values)
    if known and all(_is_number(value) for value in known):
        return _numbers(values)
    if known and all(isinstance(value, (date, np.datetime64)) for value in known):
        from r_bridge.times import moments_to_r

        return moments_to_r(values)
    return r_memory.new_list([to_r(value) for value in values])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _logicals(values: list[Any]) -> Any:
    codes = [r_memory.NA_INTEGER if value is None else int(value) for value in values]
    return r_memory.new_array("LGLSXP", np.array(codes, np.int32))


def _numbers(values: list[Any]) -> Any:
    whole = all(value is None or isinstance(value, (int, np.integer)) for value in values)
    if whole and all(value is None or abs(int(value)) < 2**31 for value in values):
        codes = [r_memory.NA_INTEGER if value is None else int(value) for value in values]
        return r_memory.new_array("INTSXP", np.array(codes, np.int32))
    doubles = np.array([np.nan if value is None else float(value) for value in values], np.float64)
    doubles[[value is None for value in values]] = r_memory.NA_REAL
    return r_memory.new_array("REALSXP", doubles)
