"""# P101: a parameter's value is out of range

What it does: compares a parameter's value, its default or the caller's, with `min`, `max` and `choices`.

Why it is bad: the author of the spec said what the model is meant for; outside it the graph may not even
build.

Example:

    params: {units: {default: 0, min: 1}}

Instead: a value inside the range, or another range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import listed

if TYPE_CHECKING:
    from zoo.spec.params import Param

RULE = Rule("P101", "error")


def find(param: Param, span: Span, given: bool) -> Diagnostic | None:
    """What is wrong with the value of `param`, if anything."""
    value = param.value
    whose = "the value given for" if given else "the default of"
    if given and param.span is not None:
        span = param.span
    if param.choices is not None and value not in param.choices:
        names = listed(str(choice) for choice in param.choices)
        return RULE(
            f"{whose} `{param.name}` is {value!r}, which is none of its choices",
            span,
            f"choose one of {names}",
        )
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    for bound, wrong, word in ((param.min, "below", "min"), (param.max, "above", "max")):
        if not isinstance(bound, (int, float)):
            continue
        if (value < bound) if word == "min" else (value > bound) or value != value:
            return RULE(
                f"{whose} `{param.name}` is {value}, {wrong} its {word} of {bound}",
                span,
                f"give a value {'from' if word == 'min' else 'up to'} {bound}",
            )
    return None
