"""# D312: a purge shorter than the horizon

What it does: compares a number given as `split.purge` with the horizon of the labels or targets, and with the
rows ahead that an input of a table reads (`shift`).

Why it is bad: the labels of the last training windows are made from rows of the next part.

Example:

    data: {label: {kind: forward, horizon: 50}, split: {by: time, purge: 10}}

Instead: `purge: auto`, or at least the horizon.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.tables import is_table, table_inputs, table_targets

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D312", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The cuts of the recipe."""
    split, label = spec.data.get("split"), spec.data.get("label")
    if not isinstance(split, dict):
        return
    purge, horizon = split.get("purge"), label.get("horizon") if isinstance(label, dict) else None
    ahead = [item for item in (horizon if isinstance(horizon, list) else [horizon]) if isinstance(item, int)]
    if is_table(spec):
        ahead += [target.horizon or 0 for target in table_targets(spec).values()]
        ahead += [item.shift for item in table_inputs(spec).values()]
    longest = max(ahead, default=0)
    if isinstance(purge, int) and not isinstance(purge, bool) and purge < longest:
        yield RULE(
            f"`purge` leaves out {purge} rows at each cut, and labels look {longest} rows ahead",
            spec.pipeline["split"].span,
            "write purge: auto",
        )
