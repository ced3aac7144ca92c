"""# G106: a graph beyond all bounds

What it does: stops loops that would make more than 20,000 calls, and models whose weights would not fit any machine.

Why it is bad: a `repeat` with a wrong number would fill the memory before anything could be said.

Example:

    - repeat: {times: 1e9, do: [Dense: 8]}

Instead: a smaller number. The largest model of `keras.applications` has about 1,300 layers.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("G106", "error")


def calls(limit: int, span: Span | None) -> Diagnostic:
    """More calls than a graph may have."""
    return RULE(f"the graph has more than {limit:,} calls", span, "is the number of repeats right?")


def rounds(times: object, limit: int, span: Span | None) -> Diagnostic:
    """A loop with too many rounds."""
    return RULE(f"a loop of {times} rounds is too long; {limit:,} are allowed", span, "is the number right?")
