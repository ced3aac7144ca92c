"""# P106: an expression has no value

What it does: finds `=expressions` that cannot be read, mix types, divide by zero, or grow beyond the bounds.

Why it is bad: expressions are arithmetic over parameters, not a programming language; what cannot be computed
at once is refused.

Example:

    params: {width: =9**9**9}

Instead: write the number, or name the parts as parameters. In a flow map `{...}` an expression with a comma
or a bracket must be quoted: `{units: "=max(1, n)"}`.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.expression_values import ExpressionError
from zoo.spec.rules import Rule

RULE = Rule("P106", "error")


def diagnose(error: ExpressionError, span: Span) -> Diagnostic:
    """The expression at `span` cannot be computed."""
    unclosed = "never closed" in str(error)
    return RULE(
        str(error), span, "quote the whole expression if it contains a comma or a bracket" if unclosed else ""
    )
