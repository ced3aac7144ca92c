"""# G105: a name taken twice

What it does: finds tensors, inputs, layers, models or blocks that share a name, and two layers with the same
`name:`.

Why it is bad: names say which weights, losses and metrics are meant, so they must be unique.

Example:

    inputs: {code: {shape: [5]}}
    graph: {code: [code, Dense: 3]}

Instead: another name. A `name:` inside a block, `repeat` or `each` repeats with it: leave it out there.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("G105", "error")


def diagnose(name: str, what: str, span: Span | None, first: Span | None, also: str) -> Diagnostic:
    """`name` is a `what` here and an `also` there."""
    if first == span:
        mend = "this place is used more than once: compute the name (='head_' + str(i)), or leave it out"
        return RULE(f"the name `{name}` of {what} comes up more than once", span, mend)
    related = ((first, f"{also} of that name is here"),) if first else ()
    return RULE(
        f"the name `{name}` of {what} is already taken by {also}", span, "give it another name", related
    )
