"""# P103: a parameter uses itself or one below it

What it does: finds defaults that need the parameter itself, or one that is written further down.

Why it is bad: parameters are read from top to bottom; anything else could go round in a circle.

Example:

    params: {lookback: =5*horizon, horizon: 6}

Instead: write `horizon` first.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("P103", "error")


def diagnose(name: str, used: str, span: Span) -> Diagnostic:
    """The default of `name` uses `used`."""
    if name == used:
        return RULE(f"the default of `{name}` uses `{name}` itself", span, "write a value")
    return RULE(
        f"the default of `{name}` uses `{used}`, which is declared below it",
        span,
        f"move `{used}` above `{name}`",
    )
