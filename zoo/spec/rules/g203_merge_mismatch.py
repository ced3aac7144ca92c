"""# G203: tensors that a step cannot take together

What it does: finds steps that receive several tensors and take one, steps that take several and receive one, and merges
of shapes that do not fit.

Why it is bad: Keras would stop, later and in other words.

Example:

    both: [[a, b], Dense: 8]

Instead: merge first: `[[a, b], Concatenate, Dense: 8]`.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("G203", "error")


def too_many(head: str, takes: int, received: int, span: Span | None) -> Diagnostic:
    """More tensors flow in than the step takes."""
    one = "one tensor" if takes == 1 else f"{takes} tensors"
    return RULE(
        f"{head} takes {one} and receives {received}", span, "merge them first, with Concatenate or Add for instance"
    )


def shapes(message: str, span: Span | None, help: str = "") -> Diagnostic:
    """Shapes that do not fit."""
    return RULE(message, span, help)
