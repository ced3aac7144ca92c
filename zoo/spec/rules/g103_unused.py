"""# G103: an input or a tensor that nobody uses

What it does: finds inputs and keys of `graph` that no pipe reads and that are no output.

Why it is bad: it is not part of the model; usually a name further down is wrong.

Example:

    graph:
      code: [book, LSTM: 32]
      move: [book, Flatten, Dense: 3]      # meant: [code, Dense: 3]
    outputs: {move: {loss: mse}}

Instead: use it, make it an output, or delete it.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("G103", "warning")


def tensor(name: str, span: Span) -> Diagnostic:
    """A pipe whose result nobody reads."""
    return RULE(f"nothing uses the tensor `{name}`, and it is no output", span, "use it, or delete it")


def input(name: str, span: Span | None) -> Diagnostic:
    """An input that nobody reads."""
    return RULE(f"nothing uses the input `{name}`", span, "use it in `graph`, or delete it")
