"""Toy tables: series with a rule that a small model can learn, as data frames. One toy a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.data.toys import heartbeat, market, pairs, seasonal, sine
from zoo.data.toys.toy import Option
from zoo.data.values import number, refuse, whole
from zoo.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

SEED = 7


@dataclass(frozen=True, slots=True)
class TableToy:
    """One toy table.

    Args:
        about: what it is, in a few words, for reports.
        make: (rng, samples, columns, **options) → frame of that many rows, with the columns that are named.
        samples: how many rows when nobody says.
        options: what may be chosen beside ``samples`` and ``seed``.
    """

    about: str
    make: Callable[..., pd.DataFrame]
    samples: int
    options: Mapping[str, Option]


# The checker of specs has the same names in zoo/spec/toys.py: it may not import this room.
TABLES: Mapping[str, TableToy] = MappingProxyType(
    {
        "pairs": TableToy("two prices that pull each other back", pairs.make, pairs.SAMPLES, pairs.OPTIONS),
        "sine": TableToy("a sine", sine.make, sine.SAMPLES, sine.OPTIONS),
        "seasonal": TableToy(
            "hourly series with days, weeks and a trend", seasonal.make, seasonal.SAMPLES, seasonal.OPTIONS
        ),
        "heartbeat": TableToy(
            "a beating heart with rare odd beats", heartbeat.make, heartbeat.SAMPLES, heartbeat.OPTIONS
        ),
        "market": TableToy(
            "features, a price, a volume, a side and a risk", market.make, market.SAMPLES, market.OPTIONS
        ),
    }
)


def make_table(source: Mapping[str, Any], columns: Sequence[str] = ()) -> tuple[str, pd.DataFrame]:
    """What reports call the toy, and its frame; the same seed gives the same rows.

    Args:
        source: ``{toy: NAME, samples, seed, …}``.
        columns: that the recipe reads; those with numbers (c1, c2, …) are made as far as they go.

    Raises:
        DataError: ``data.source``: no such toy; ``data.recipe``: an option it does not have.
    """
    given = dict(source)
    name = given.pop("toy", None)
    if name is None:
        keys = ", ".join(f"`{key}`" for key in list(given)[:6]) + (", …" if len(given) > 6 else "")
        raise DataError(
            f"a map with {keys or 'nothing in it'} is no table",
            help="give columns as a pandas frame, or a toy as `source: {toy: …}` with one of: "
            + ", ".join(TABLES),
            code="data.source",
        )
    if not isinstance(name, str) or name not in TABLES:
        near = get_close_matches(str(name), list(TABLES), 1)
        raise DataError(
            f"there is no toy table `{name}`",
            help=f"did you mean `{near[0]}`?"
            if near
            else f"write `source: {{toy: …}}` with one of: {', '.join(TABLES)}",
            code="data.source",
        )
    toy = TABLES[name]
    known = ("samples", "seed", *toy.options)
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"its options are: {', '.join(known)}"
            raise refuse(f"the toy `{name}` has no option `{key}`", hint)
    seed = whole(given.get("seed", SEED), "source.seed", low=0)
    options = {key: _option(given.get(key), option, f"source.{key}") for key, option in toy.options.items()}
    samples = whole(given.get("samples", toy.samples), "source.samples")
    frame = toy.make(np.random.default_rng(seed), samples, columns, **options)
    return f"toy data: {toy.about} (seed {seed})", frame


def _option(value: Any, option: Option, where: str) -> float:
    if value is None:
        value = option.default
    read = whole(value, where, int(option.low)) if option.whole else number(value, where, option.low)
    if read > option.high:
        raise refuse(f"`data.{where}` is at most {option.high:g}; received {value!r}", "give a smaller one")
    return read
