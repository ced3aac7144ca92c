"""# P102: an expression uses a name that is not defined

What it does: finds names in `=expressions` that are no parameter, loop variable or function at that place.

Why it is bad: the value is unknown. Blocks see only their own parameters; parameters see only those above them.

Example:

    params: {units: 32}
    graph:
      code: [book, LSTM: =unit]

Instead: `=units`. A text that begins with `=` is written `"='=text'"`.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.expressions import ExpressionError
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean

RULE = Rule("P102", "error")


def diagnose(error: ExpressionError, span: Span) -> Diagnostic:
    """`error.name` is unknown."""
    known = ", ".join(f"`{name}`" for name in error.candidates[:8])
    fallback = f"defined here: {known}" if known else "no parameter is defined here; add it under `params:`"
    return RULE(str(error), span, did_you_mean(error.name, error.candidates) or fallback)
