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
from zoo.spec.tables import window_and_stride

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D305", "warning")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The windows of a stateful model."""
    found = window_and_stride(spec)
    if found is None or next(stateful(spec), None) is None:
        return
    length, stride = found
    if stride < length:
        place = spec.pipeline.get("window") or spec.pipeline.get("inputs") or spec.pipeline["kind"]
        yield RULE(
            f"the windows overlap (length {length}, stride {stride}), and the state carries over",
            place.span,
            f"write stride: {length}",
        )
