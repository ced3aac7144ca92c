"""# G202: a shared layer called on shapes that do not go together

What it does: compares the shapes that a layer under `layers:` receives at each of its calls.

Why it is bad: its weights are made for the first; Keras stops at the second.

Example:

    inputs: {a: {shape: [9, 4]}, b: {shape: [9, 5]}}
    layers: {encoder: {LSTM: 8}}
    graph:
      x: [a, encoder]
      y: [b, encoder]

Instead: bring both to one number of features first (a Dense for each), or use a block, which has fresh
weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("G202", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every second call of a shared layer."""
    from zoo.spec.spec import traces

    for problem in (item for found in traces(spec) for item in found.problems if item.kind == "shared"):
        first = problem.first
        related = ((first.span, "its weights are made here"),) if first and first.span else ()
        mend = "give both the same size first, or use a block, which has fresh weights at each use"
        yield RULE(problem.message, problem.call.span, mend, related)
