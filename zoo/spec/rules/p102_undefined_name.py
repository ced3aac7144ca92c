"""# P102: an expression uses a name that is not defined

What it does: finds names in `=expressions` that are no parameter, loop variable or function at that place.

Why it is bad: the value is unknown. Blocks see only their own parameters; parameters see only those above
them.

Example:

    params: {units: 32}
    graph:
      code: [book, LSTM: =unit]

Instead: `=units`. A text that begins with `=` is written `"='=text'"`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from zoo.errors import Diagnostic, Span
from zoo.spec.expression_values import ExpressionError
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean

RULE = Rule("P102", "error")


def diagnose(error: ExpressionError, span: Span) -> Diagnostic:
    """`error.name` is unknown."""
    known = ", ".join(f"`{name}`" for name in error.candidates[:8])
    fallback = (
        f"defined here: {known}"
        if known
        else "nothing is defined here; declare it under `params` (a block sees only its own)"
    )
    return RULE(str(error), span, did_you_mean(error.name, error.candidates) or fallback)


def of_tensor(found: Diagnostic, tensors: Collection[str]) -> Diagnostic:
    """The same finding, where the name turns out to be a tensor's."""
    name = _NAME.match(found.message)
    if name is None or name[1] not in tensors:
        return found
    return replace(
        found,
        message=f"`{name[1]}` is a tensor; expressions compute with parameters, before there is a model",
        help="compute with tensors in steps: `ops.add: {x2: 1.0}`, Multiply, Rescaling, …",
    )


_NAME = re.compile(r"`(\w+)` is not defined here\Z")
