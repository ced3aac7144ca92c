"""# G104: declared, never called

What it does: finds entries of `layers`, `models` and `blocks` that no pipe uses.

Why it is bad: its weights are not in the model; usually a pipe has an inline layer where the shared one was
meant.

Example:

    layers: {encoder: {LSTM: 64}}
    graph:
      a: [tweet_a, LSTM: 64]

Instead: `a: [tweet_a, encoder]`, or delete the declaration.
"""

from __future__ import annotations

from zoo.errors import Diagnostic
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule

RULE = Rule("G104", "warning")


def diagnose(kind: str, key: Scalar) -> Diagnostic:
    """The declared `key` is not used."""
    return RULE(f"the {kind} `{key.text}` is declared and never called", key.span, "call it, or delete it")
