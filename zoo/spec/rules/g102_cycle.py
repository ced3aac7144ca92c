"""# G102: the graph goes round in a circle

What it does: finds pipes that need their own result, directly or through others, and blocks or submodels that
contain themselves.

Why it is bad: such a graph cannot be computed.

Example:

    a: [b, Dense: 4]
    b: [a, Dense: 4]

Instead: recurrence along time is what LSTM, GRU and RNN do inside; a fixed number of rounds is `repeat` with
`carry`.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule

RULE = Rule("G102", "error")


def tensors(path: Sequence[Scalar]) -> Diagnostic:
    """Each pipe of `path` needs the next, the last one the first."""
    names = [f"`{key.text}`" for key in path]
    way = f"{names[0]} needs " + ", which needs ".join([*names[1:], names[0]])
    return RULE(
        f"the graph goes round in a circle: {way}",
        path[0].span,
        "cut the circle; rounds that are meant are written with `repeat` and `carry`",
        tuple((key.span, "and this is part of it") for key in path[1:]),
    )


def contains_itself(kind: str, name: str, span: Span) -> Diagnostic:
    """A block or submodel that uses itself."""
    return RULE(f"the {kind} `{name}` contains itself", span, "use `repeat` for a fixed number of rounds")
