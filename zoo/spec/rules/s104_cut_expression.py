"""# S104: an expression cut in two by a comma

What it does: finds an unquoted expression inside a flow map whose bracket closes only after a comma.

Why it is bad: in `{units: =max(1, n)}` YAML ends the value at the comma and makes `n)` a key of its own.

Example:

    code: [book, LSTM: {units: =max(1, n)}]

Instead: quote it, `{units: "=max(1, n)"}`, or write the map in block style.
"""

from __future__ import annotations

from collections.abc import Iterator

from zoo.errors import Diagnostic
from zoo.spec.nodes import Mapping, Scalar, expression
from zoo.spec.rules import Rule

RULE = Rule("S104", "error")


def is_stray(node: Mapping, key: Scalar) -> bool:
    """Whether `key` is the second half of an expression."""
    value = node.get(key.text)
    empty = isinstance(value, Scalar) and value.value is None and value.text == ""
    return empty and key.plain and key.text.count(")") + key.text.count("]") > key.text.count("(") + key.text.count("[")


def find(node: Mapping) -> Iterator[Diagnostic]:
    """Every cut expression of one map."""
    open_value: Scalar | None = None
    for key, value in node:
        if is_stray(node, key) and open_value is not None:
            whole = f"{open_value.text}, {key.text}"
            yield RULE(
                f"the expression `{whole}` is cut in two by its comma",
                open_value.span,
                f'quote it: "{whole}"',
                ((key.span, "YAML reads this as a key"),),
            )
        text = expression(value)
        if text is not None and isinstance(value, Scalar) and value.plain and text.count("(") > text.count(")"):
            open_value = value
