"""Dates, times and spans, both directions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from r_bridge import r_memory
from r_bridge.errors import RValueError
from r_bridge.to_python import plain
from r_bridge.to_r import to_r


@pytest.fixture
def same(rinterface, r):
    """Whether a Python value becomes exactly the R value of some code."""

    def compare(value, code):
        return bool(r_memory.view(r("identical")(to_r(value), r(code)))[0])

    return compare


@pytest.mark.parametrize("code", [".Date(c(19782L, NA))", "as.Date(c('2024-02-29', NA))"])
def test_dates_stored_as_integers_or_doubles_keep_their_na(r, code):
    made = plain(r(code))
    assert made[0] == pd.Timestamp("2024-02-29") and made[1] is pd.NaT


def test_a_time_without_a_zone_is_in_the_sessions(r):
    r("Sys.setenv(TZ = 'Asia/Tokyo')")
    try:
        made = plain(r("as.POSIXct('2024-01-01 09:00')"))
    finally:
        r("Sys.unsetenv('TZ')")
    assert made[0] == pd.Timestamp("2024-01-01", tz="UTC") and str(made.tz) == "Asia/Tokyo"


def test_a_far_year_and_a_microsecond_survive(r):
    made = plain(r("as.POSIXct(c(32503680000, 1e9 + 0.000125), origin = '1970-01-01', tz = 'UTC')"))
    assert made[0] == pd.Timestamp("3000-01-01", tz="UTC")
    assert made[1] == pd.Timestamp("2001-09-09 01:46:40.000125", tz="UTC")


@pytest.mark.parametrize(
    "code, message",
    [
        ("as.POSIXct(c(0, Inf), origin = '1970-01-01')", r"`at` has no time at \[2\]"),
        ("as.POSIXct('2024-01-01', tz = 'Nowhere/City')", "the time zone `Nowhere/City`"),
        ("as.POSIXlt('2024-01-01', tz = 'UTC')", "`at` is a POSIXlt"),
    ],
)
def test_what_is_no_time_is_named(r, code, message):
    with pytest.raises(RValueError, match=message):
        plain(r(code), "at")


@pytest.mark.parametrize(
    "value, code",
    [
        (date(2024, 2, 29), "as.Date('2024-02-29')"),
        ([date(2024, 2, 29), None], "as.Date(c('2024-02-29', NA))"),
        (datetime(2024, 2, 29, 12), "as.POSIXct('2024-02-29 12:00', tz = 'UTC')"),
        (np.datetime64("2024-02-29T12", "ns"), "as.POSIXct('2024-02-29 12:00', tz = 'UTC')"),
        (
            pd.Timestamp("2024-03-31 12:00", tz="Europe/Zurich"),
            "as.POSIXct('2024-03-31 12:00', tz = 'Europe/Zurich')",
        ),
        (pd.NaT, "as.POSIXct(NA, tz = 'UTC')"),
        (pd.NA, "NA"),
        (timedelta(minutes=1.5), "as.difftime(90, units = 'secs')"),
        (np.array([1, 2], "timedelta64[h]"), "as.difftime(c(3600, 7200), units = 'secs')"),
        (pd.Series([date(2024, 2, 29)]), "as.Date('2024-02-29')"),
    ],
)
def test_pythons_times_are_rs(same, value, code):
    # R itself stores some of these as integers.
    assert same(value, f"{{ x <- {code}; if (is.numeric(unclass(x))) storage.mode(x) <- 'double'; x }}")


def test_spans_know_their_unit(r):
    assert plain(r("as.difftime(c(1.5, NA), units = 'mins')"))[0] == pd.Timedelta("90s")
    frame = plain(r("data.frame(wait = as.difftime(2, units = 'days'))"))
    assert frame["wait"][0] == pd.Timedelta("2D")
