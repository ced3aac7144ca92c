"""# G106: a graph beyond all bounds

What it does: stops loops that would make more than 20,000 calls, and models whose weights would not fit any
machine.

Why it is bad: a `repeat` with a wrong number would fill the memory before anything could be said.

Example:

    - repeat: {times: 1e9, do: [Dense: 8]}

Instead: a smaller number. The largest model of `keras.applications` has about 1,300 layers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("G106", "error")
MAX_WEIGHTS = 4_000_000_000  # 16 GB as float32; with gradients and Adam's moments four times that


def calls(limit: int, span: Span | None) -> Diagnostic:
    """More calls than a graph may have."""
    return RULE(f"the graph has more than {limit:,} calls", span, "is the number of repeats right?")


def tensors(limit: int, span: Span | None) -> Diagnostic:
    """More tensors in one pipe than a graph may have."""
    return RULE(f"more than {limit:,} tensors flow here", span, "is the number of repeats right?")


def depth(span: Span | None) -> Diagnostic:
    """Blocks within blocks, models within models, without end in sight."""
    return RULE(
        "blocks, models and steps are nested too deep", span, "name parts of it as pipes of their own"
    )


def findings(limit: int) -> Diagnostic:
    """More findings than a report holds."""
    return RULE(f"the check stopped after {limit} findings", None, "mend these first", level="note")


def rounds(times: object, limit: int, span: Span | None) -> Diagnostic:
    """A loop with too many rounds."""
    return RULE(f"a loop of {times} rounds is too long; {limit:,} are allowed", span, "is the number right?")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The number of weights, counted before anything is allocated."""
    counts = {name: count for name, count in spec.trace.weights.items() if count is not None}
    total = sum(counts.values())
    if total > MAX_WEIGHTS:
        largest = max(counts, key=lambda name: counts[name])
        size = total * 4 / 1e9
        yield RULE(
            f"the model has {total:,} weights, {size:,.0f} GB as float32; "
            f"`{largest}` alone has {counts[largest]:,}",
            spec.graph.layers[largest].span,
            "make it smaller",
        )
