"""# P105: a tuning space that leaves the parameter's range

What it does: compares `tune`, a list of choices or `{from, to, log, step}`, with `min`, `max` and `choices`.

Why it is bad: the search would propose values that the spec itself refuses.

Example:

    params: {units: {default: 32, min: 1, max: 64, tune: [32, 64, 128]}}

Instead: widen the range or narrow the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.nodes import Mapping, Node
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.params import Param

RULE = Rule("P105", "error")
_KEYS = {"from", "to", "log", "step"}
_MEND = "widen the parameter's range, or narrow the search"


def find(param: Param, node: Node) -> Diagnostic | None:
    """What is wrong with the search space of `param`, if anything."""
    space = param.tune
    if space is None or not isinstance(node, Mapping):
        return None
    place = node.get("tune") or node
    if isinstance(space, dict):
        if set(space) - _KEYS or not {"from", "to"} <= set(space):
            return RULE(
                f"`tune` of `{param.name}` needs `from` and `to`", place.span, "write {from: 8, to: 64}"
            )
        values = [space["from"], space["to"]]
    elif isinstance(space, list) and space:
        values = space
    else:
        return RULE(
            f"`tune` of `{param.name}` is no space",
            place.span,
            "write a list of choices, or {from: 8, to: 64}",
        )
    for value in values:
        if param.choices is not None and value not in param.choices:
            return RULE(
                f"`tune` of `{param.name}` has {value!r}, which is none of its choices", place.span, _MEND
            )
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            low = isinstance(param.min, (int, float)) and value < param.min
            high = isinstance(param.max, (int, float)) and value > param.max
            if low or high:
                bound = f"min of {param.min}" if low else f"max of {param.max}"
                side = "below" if low else "above"
                return RULE(f"`tune` of `{param.name}` has {value}, {side} its {bound}", place.span, _MEND)
    return None
