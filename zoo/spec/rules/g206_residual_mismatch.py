"""# G206: a residual whose two ways do not have the same shape

What it does: compares what flows past a `residual` with what its steps make of it.

Why it is bad: they cannot be added. (Sizes of 1 would be stretched silently, which is seldom meant.)

Example:

    code: [book, residual: [Conv1D: {filters: 32, kernel_size: 3, padding: same}]]

Instead: as many filters as flow in, `padding: same` or `causal`, stride 1; or a shortcut that changes the
shape too: `residual: {do: [...], shortcut: [Conv1D: {filters: 32, kernel_size: 1}]}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("G206", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every residual's merge."""
    from zoo.spec.spec import traces

    for problem in (item for found in traces(spec) for item in found.problems):
        if problem.kind == "merge" and problem.layer.origin == "residual":
            mend = "make the steps keep the shape, or give the residual a `shortcut` that changes it too"
            yield RULE(f"the residual does not fit: {problem.message}", problem.call.span, mend)
