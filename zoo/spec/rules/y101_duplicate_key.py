"""# Y101: a key is written twice

What it does: finds a key that stands more than once in the same map.

Why it is bad: YAML readers keep the last one and say nothing, so half of the model silently disappears.

Example:

    graph:
      code: [book, LSTM: 32]
      code: [book, GRU: 32]

Instead: give each its own name, or delete one.
"""

from __future__ import annotations

from zoo.errors import Diagnostic
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule

RULE = Rule("Y101", "error")


def diagnose(key: Scalar, first: Scalar) -> Diagnostic:
    """`key` repeats `first` in one map."""
    return RULE(
        f"the key `{key.text}` is written twice in the same map",
        key.span,
        "give it another name, or delete one of the two",
        ((first.span, "first written here"),),
    )
