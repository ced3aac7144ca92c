"""# O102: losses are given in two forms

What it does: finds specs that write losses both in `outputs` (`{loss, weight, metrics}`) and beside it
(`loss`, `loss_weights`, `metrics`).

Why it is bad: nobody can say which of the two holds.

Example:

    outputs: {move: {loss: mse}}
    loss: mae

Instead: one form. The one in `outputs` keeps everything about a head in one place.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule

RULE = Rule("O102", "error")


def diagnose(section: Scalar, own: Span) -> Diagnostic:
    """`section` stands beside outputs that have their own."""
    return RULE(
        f"`{section.text}` is given here and in `outputs` as well",
        section.span,
        "keep one of the two forms",
        ((own, "the other form begins here"),),
    )
