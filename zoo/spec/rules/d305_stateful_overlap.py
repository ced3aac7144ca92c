"""# D305: stateful over overlapping windows

What it does: compares the stride of the windows with their length in a stateful model.

Why it is bad: the state carried from one window to the next has already seen most of it; the same steps are
counted twice.

Example:

    data: {window: {length: 15, stride: 1}}

Instead: `stride: 15`, or a model that is not stateful.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.rules.d303_stateful_batch import stateful

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D305", "warning")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The windows of a stateful model."""
    window = spec.data.get("window")
    if not isinstance(window, dict) or next(stateful(spec), None) is None:
        return
    length, stride = window.get("length"), window.get("stride", 1)
    if isinstance(length, int) and isinstance(stride, int) and stride < length:
        yield RULE(
            f"the windows overlap (length {length}, stride {stride}), and the state carries over",
            spec.pipeline["window"].span,
            f"write stride: {length}",
        )
