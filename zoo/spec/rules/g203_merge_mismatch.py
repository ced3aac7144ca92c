"""# G203: tensors that a step cannot take together

What it does: finds steps that receive several tensors and take one, steps that take several and receive one,
and merges of shapes that do not fit.

Why it is bad: Keras would stop, later and in other words.

Example:

    both: [[a, b], Dense: 8]

Instead: merge first: `[[a, b], Concatenate, Dense: 8]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("G203", "error")


def too_many(head: str, takes: int, received: int, span: Span | None) -> Diagnostic:
    """More tensors flow in than the step takes."""
    one = "one tensor" if takes == 1 else f"{takes} tensors"
    if received > takes:
        mend = "merge them first, with Concatenate or Add for instance"
    else:
        mend = f"give it {takes}: [[{', '.join('abcdef'[:takes])}], …]" if 1 < takes < 6 else f"give it {one}"
    return RULE(f"{head} takes {one} and receives {received or 'none'}", span, mend)


def shapes(message: str, span: Span | None, help: str = "") -> Diagnostic:
    """Shapes that do not fit."""
    return RULE(message, span, help)


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every merge of shapes that do not fit, residuals apart (G206)."""
    from zoo.spec.spec import traces

    for problem in (item for found in traces(spec) for item in found.problems):
        if problem.kind == "merge" and problem.layer.origin != "residual":
            mend = "bring the tensors to one shape first, or merge over another axis"
            yield RULE(problem.message, problem.call.span, mend)
