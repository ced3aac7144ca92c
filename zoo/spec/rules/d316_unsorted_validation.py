"""# D316: validation drawn at random from time

What it does: finds recipes for time-ordered data that draw the validation part at random.

Why it is bad: early stopping and tuning then choose the model that remembers best, not the one that will do
best.

Example:

    data: {kind: table, time: date, window: {length: 15, stride: 15}, split: {by: random, val: 0.2}}

Instead: `by: time`. (Overlapping windows split at random are D311.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.rules.d311_random_overlap import overlap

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D316", "warning")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The split of time-ordered data."""
    split = spec.data.get("split")
    if isinstance(split, dict) and split.get("by") == "random" and spec.is_time_series and not overlap(spec):
        yield RULE("time-ordered data are split at random", spec.pipeline["split"].span, "write by: time")
