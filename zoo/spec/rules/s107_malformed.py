"""# S107: not the form the grammar wants

What it does: finds a list where a map belongs, a step with two keys, a pipe without a source, and the like.

Why it is bad: it cannot be read as a part of the model.

Example:

    code: [book, {LSTM: 32, Dropout: 0.2}]

Instead: one key a step: `[book, LSTM: 32, Dropout: 0.2]`.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.nodes import Node, Scalar, describe
from zoo.spec.rules import Rule

RULE = Rule("S107", "error")


def wrong_shape(what: str, wanted: str, node: Node, help: str = "") -> Diagnostic:
    """`what` should be `wanted`; the node is something else."""
    return RULE(f"`{what}` must be {wanted}, received {describe(node)}", node.span, help)


def no_blank(key: Scalar) -> Diagnostic:
    """``{units:64}``, which YAML reads as one key without a value."""
    return RULE(
        f"`{key.text}` is one word to YAML, for want of a blank",
        key.span,
        f"write `{key.text.replace(':', ': ', 1)}`",
    )


def plainly(message: str, span: Span | None, help: str = "") -> Diagnostic:
    """Anything else that is not in the grammar."""
    return RULE(message, span, help)
