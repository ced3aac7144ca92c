"""# D311: overlapping windows split at random

What it does: finds `split: {by: random}` where windows share rows.

Why it is bad: nearly every window of the test part has a neighbour in the training part that shares all rows
but one. The score measures memory.

Example:

    data: {window: {length: 100, stride: 1}, split: {by: random}}

Instead: `by: time`, which leaves a gap (`purge`) at the cuts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.tables import window_and_stride

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D311", "error")


def overlap(spec: Spec) -> bool:
    """Whether the windows of the recipe share rows."""
    found = window_and_stride(spec)
    return found is not None and found[1] < found[0]


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The split of the recipe."""
    split = spec.data.get("split")
    if isinstance(split, dict) and split.get("by") == "random" and overlap(spec):
        yield RULE("overlapping windows are split at random", spec.pipeline["split"].span, "write by: time")
