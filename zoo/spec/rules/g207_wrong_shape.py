"""# G207: a shape that a layer cannot take

What it does: follows shapes through the layers and ops whose rules are known without Keras, and stops where
the number of axes or a size cannot work: a Conv2D on three axes, a kernel longer than its input, a Reshape to
another number of elements.

Why it is bad: Keras would stop there too, after it has loaded and built everything before.

Example:

    inputs: {book: {shape: [100, 40]}}
    graph:
      code: [book, Conv2D: {filters: 16, kernel_size: 3}]

Instead: `shape: [100, 40, 1]`, or a Conv1D.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("G207", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every call whose shapes cannot work for another reason than G202 to G206."""
    from zoo.spec.spec import traces

    for problem in (item for found in traces(spec) for item in found.problems):
        if problem.kind in ("rank", "size"):
            yield RULE(
                problem.message, problem.call.span, "check the shapes on the way there: `zoo plot` shows them"
            )
