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

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D311", "error")


def overlap(spec: Spec) -> bool:
    """Whether the windows of the recipe share rows."""
    window = spec.data.get("window")
    if not isinstance(window, dict):
        return False
    length, stride = window.get("length"), window.get("stride", 1)
    return isinstance(length, int) and isinstance(stride, int) and stride < length


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The split of the recipe."""
    split = spec.data.get("split")
    if isinstance(split, dict) and split.get("by") == "random" and overlap(spec):
        yield RULE("overlapping windows are split at random", spec.pipeline["split"].span, "write by: time")
