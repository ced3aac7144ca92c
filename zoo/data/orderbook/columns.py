"""The columns of a wide order book, and what to say when they are not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from zoo.data.orderbook.book import FIELDS
from zoo.errors import DataError

TIME, SESSION, SYMBOL = "time_ns", "session", "symbol"
_NAME = re.compile(r"(ask_price|ask_size|bid_price|bid_size)_([1-9]\d*)")


def level_columns(levels: int) -> list[str]:
    """ask_price_1, ask_size_1, bid_price_1, bid_size_1, ask_price_2, … for that many levels."""
    return [f"{field}_{level}" for level in range(1, levels + 1) for field in FIELDS]


def find_levels(names: Sequence[str], levels: int | None, source: str, further: Sequence[str] = ()) -> int:
    """How many levels to read from columns of those names.

    Args:
        names: of the source's columns.
        levels: asked for; None for all.
        source: what messages call it.
        further: columns that must be there as well.

    Raises:
        DataError: ``data.columns`` when level 1 or one column of a deeper level is missing, a column stands
            twice, or more levels are asked for than there are.
    """
    check_further(names, further, source)
    _check_twice(names, source)
    found: dict[int, set[str]] = {}
    for name in names:
        match = _NAME.fullmatch(name)
        if match:
            found.setdefault(int(match[2]), set()).add(match[1])
    deepest = max(found, default=0)
    # Levels beyond those asked for may be incomplete: nobody reads them.
    wanted = deepest if levels is None else min(levels, deepest)
    missing = [column for column in level_columns(max(wanted, 1)) if column not in names]
    if missing:
        raise _missing(names, missing, source)
    if levels is not None and levels > deepest:
        raise DataError(
            f"{source} has {deepest} levels; {levels} were asked for",
            help=f"ask for `levels: {deepest}` or fewer",
            code="data.levels",
        )
    return wanted


def check_further(names: Sequence[str], further: Sequence[str], source: str) -> None:
    """The further columns are there.

    Raises:
        DataError: ``data.columns``.
    """
    absent = [name for name in further if name not in names]
    if absent:
        near = get_close_matches(absent[0], names, 1)
        others = [name for name in names if not _known(name)][:8]
        listed = f"its further columns: {', '.join(others)}" if others else "it has no further columns"
        raise DataError(
            f"{source} lacks the column `{absent[0]}`",
            help=f"did you mean `{near[0]}`?" if near else listed,
            code="data.columns",
        )


def _check_twice(names: Sequence[str], source: str) -> None:
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1 and _known(name)]
    if twice:
        raise DataError(
            f"{source} has the column `{twice[0]}` twice",
            help="leave one of them out or rename it",
            code="data.columns",
        )


def _known(name: str) -> bool:
    return name in (TIME, SESSION, SYMBOL) or _NAME.fullmatch(name) is not None


def _missing(names: Sequence[str], missing: list[str], source: str) -> DataError:
    listed = ", ".join(missing[:6]) + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
    near = get_close_matches(missing[0], [name for name in names if not _known(name)], 1, cutoff=0.7)
    if near:
        help = f"rename `{near[0]}` to `{missing[0]}`"
    elif not any(_known(name) for name in names):
        shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        help = f"the first line must name the columns; it reads: {shown}"
    else:
        help = "each level needs its ask_price, ask_size, bid_price and bid_size; or read fewer levels"
    return DataError(
        f"{source} lacks the columns {listed}", help=help, code="data.columns", data={"missing": missing}
    )
