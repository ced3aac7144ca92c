"""# K101: Keras refuses a layer

What it does: `zoo validate --deep` builds the model, and tells what Keras itself says at the step it says it
of, with the shapes that arrive there by axis name.

Why it is bad: the model cannot be built. The rules that need no Keras know the shapes and arguments of the
usual layers, not every condition that a layer puts on its arguments together.

Example:

    seen: [code, MultiHeadAttention: {num_heads: 2, key_dim: 4, attention_axes: [5], call: {value: _}}]

Instead: arguments that fit what arrives: here, axes that the tensor has.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("K101", "error")


def diagnose(
    head: str, name: str, shapes: str, reason: str, span: Span | None, related: tuple[tuple[Span, str], ...]
) -> Diagnostic:
    """Keras does not apply `head` to what arrives."""
    received = f" to {shapes}" if shapes else ""
    return RULE(
        f"Keras does not apply {head} `{name}`{received}: {reason}",
        span,
        "change its arguments or what comes before it",
        related,
    )


def elsewhere(reason: str) -> Diagnostic:
    """Keras does not compile the model."""
    return RULE(
        f"Keras does not compile the model: {reason}", None, "look at `outputs` and at `training.optimizer`"
    )
