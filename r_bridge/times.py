"""Dates and times, both directions: R counts days or seconds from 1970 as doubles, Python microseconds."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RValueError
from r_bridge.without_na import first_place

_SECONDS = {"secs": 1, "mins": 60, "hours": 3600, "days": 86400, "weeks": 604800}  # R's units of a difftime
_FARTHEST = 9e12  # seconds from 1970: what 64 bits of microseconds can count, 285,000 years


def times_to_pandas(sexp: Any, where: str) -> Any:
    """Date or POSIXct as a pandas index of times to the microsecond; POSIXct keeps its time zone.

    R counts days or seconds as doubles; microseconds are made from seconds and fraction apart, so that they
    survive. A POSIXct that names no zone is shown by R in the session's, and so it is here.

    Raises:
        RValueError: a time is infinite or too far away, or the zone is not known.
    """
    import pandas as pd

    seen = r_memory.view(sexp)
    missing = np.isnan(seen) if seen.dtype == np.float64 else seen == r_memory.NA_INTEGER
    counts = np.where(missing, 0.0, seen)
    is_date = "Date" in r_memory.classes(sexp)
    seconds = counts * 86400.0 if is_date else counts
    if not (np.abs(seconds) < _FARTHEST).all():
        place = first_place(~(np.abs(seconds) < _FARTHEST))
        raise RValueError(
            f"`{where}` has no time at {place}: it is infinite or too far away", code="value.time"
        )
    whole = np.floor(seconds)
    fraction = np.round((seconds - whole) * 1e6)
    stamps = (whole.astype(np.int64) * 1_000_000 + fraction.astype(np.int64)).view("datetime64[us]")
    stamps[missing] = np.datetime64("NaT", "us")
    index = pd.DatetimeIndex(stamps)
    if is_date:
        return index
    zone = r_memory.attribute(sexp, "tzone")
    text = (r_memory.strings(zone)[0] if zone is not None else "") or _zone_of_the_session()
    try:
        return index.tz_localize("UTC").tz_convert(text)
    except (KeyError, ValueError, OSError):
        raise RValueError(
            f"`{where}` has the time zone `{text}`, which Python does not know",
            help=f'give it a name from OlsonNames(): attr({where}, "tzone") <- "UTC"',
            code="value.time_zone",
        ) from None


def _zone_of_the_session() -> str:
    # R's Sys.timezone() starts programs where neither is there, and shows their complaints.
    import rpy2.rinterface as rinterface

    asked = r_memory.strings(rinterface.baseenv["Sys.getenv"]("TZ"))[0]
    linked = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    return (asked or "").removeprefix(":") or linked or "UTC"


def spans_to_pandas(sexp: Any) -> Any:
    """A difftime as a pandas index of spans; NA becomes NaT."""
    import pandas as pd

    unit = r_memory.strings(r_memory.attribute(sexp, "units"))[0]
    counts = np.array(r_memory.view(sexp), np.float64)
    missing = np.isnan(counts)
    counts[missing] = 0
    spans = np.round(counts * _SECONDS[str(unit)] * 1e6).astype("timedelta64[us]")
    spans[missing] = np.timedelta64("NaT", "us")
    return pd.TimedeltaIndex(spans)


def spans_to_r(spans: np.ndarray) -> Any:
    """timedelta64 as a difftime in seconds; NaT becomes NA."""
    made = _real(spans.astype("timedelta64[us]").view(np.int64) / 1e6, spans)
    r_memory.set_attribute(made, "class", r_memory.new_strings(["difftime"]))
    r_memory.set_attribute(made, "units", r_memory.new_strings(["secs"]))
    return made


def _real(numbers: np.ndarray, source: np.ndarray) -> Any:
    return r_memory.new_array("REALSXP", np.where(np.isnat(source), r_memory.NA_REAL, numbers))


def times_to_r(stamps: np.ndarray, zone: str = "UTC") -> Any:
    """datetime64 as POSIXct in the given time zone; NaT becomes NA."""
    microseconds = stamps.astype("datetime64[us]").view(np.int64)
    made = _real(microseconds / 1e6, stamps)
    r_memory.set_attribute(made, "class", r_memory.new_strings(["POSIXct", "POSIXt"]))
    r_memory.set_attribute(made, "tzone", r_memory.new_strings([zone]))
    return made


def moments_to_r(values: list[Any]) -> Any:
    """Python's dates as Date; datetimes and timestamps as POSIXct, in the first one's zone; None is NA."""
    import pandas as pd

    values = [None if pd.isna(value) else value for value in values]
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, date) and not isinstance(value, datetime) for value in known):
        days = np.array(values, "datetime64[D]")
        made = _real(days.view(np.int64).astype(np.float64), days)
        r_memory.set_attribute(made, "class", r_memory.new_strings(["Date"]))
        return made
    stamps = [pd.Timestamp(value) for value in known]
    zone = str(stamps[0].tz) if stamps and stamps[0].tz is not None else "UTC"
    utc = [stamp.tz_convert("UTC").tz_localize(None) if stamp.tz is not None else stamp for stamp in stamps]
    rest = iter(utc)
    found = [np.datetime64("NaT") if value is None else next(rest).to_datetime64() for value in values]
    return times_to_r(np.array(found, "datetime64[us]"), zone)
