"""# S104: a value cut in two by a comma or a comment

What it does: finds unquoted expressions and texts that YAML ends early: at a comma inside `{...}` or `[...]`,
or at a blank and `#`.

Why it is bad: in `{units: =max(1, n)}` YAML ends the value at the comma and makes `n)` a key of its own; in
`units: =n * #2` it takes `#2` for a comment.

Example:

    code: [book, LSTM: {units: =max(1, n)}]

Instead: quote it, `{units: "=max(1, n)"}`, or write the map in block style.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Level
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule

RULE = Rule("S104", "error")


def by_comma(whole: Scalar) -> Diagnostic:
    """An expression in several pieces."""
    return RULE(f"the expression `{whole.text}` is cut in two by its comma", whole.span, _quote(whole.text))


def text(whole: Scalar) -> Diagnostic:
    """A text in two pieces."""
    return RULE(f"the text `{whole.text}` is cut in two by its comma", whole.span, _quote(whole.text))


def by_comment(start: Scalar, level: Level) -> Diagnostic:
    """What stands before the ``#``; an error when it cannot be read without the rest."""
    return RULE(
        f"the expression ends at `{start.text}`: a blank and `#` begin a comment",
        start.span,
        "quote the whole expression; if a comment is meant, put a blank after the #"
        if level == "warning"
        else "quote the whole expression",
        level=level,
    )


def _quote(text: str) -> str:
    mark = "'" if '"' in text else '"'
    return f"quote it: {mark}{text}{mark}"
