"""# P105: a tuning space that leaves the parameter's range

What it does: compares `tune`, a list of choices, `{choices, when}` or `{from, to, log, step, when}`, with
`min`, `max`, `choices` and the type of the default. `when`, true or false, is usually an expression over the
parameters above: where it is false, the parameter keeps its default.

Why it is bad: the search would propose values that the spec itself refuses, or none at all.

Example:

    params: {units: {default: 32, min: 1, max: 64, tune: [32, 64, 128]}}

Instead: widen the range or narrow the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zoo.errors import Diagnostic
from zoo.spec.nodes import POISON, Mapping, Node
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.params import Param

RULE = Rule("P105", "error")
_KEYS = {"from", "to", "log", "step", "when"}
_MEND = "widen the parameter's range, or narrow the search"


def find(param: Param, node: Node) -> Diagnostic | None:
    """What is wrong with the search space of `param`, if anything."""
    space = param.tune
    if space is None or not isinstance(node, Mapping):
        return None
    place = node.get("tune") or node
    if isinstance(space, dict):
        if problem := _no_map(space):
            return RULE(f"`tune` of `{param.name}` {problem}", place.span, "write {from: 8, to: 64}")
        values = space.get("choices") or [space["from"], space["to"]]
    elif isinstance(space, list) and space:
        values = space
    else:
        return RULE(
            f"`tune` of `{param.name}` is no space",
            place.span,
            "write a list of choices, or {from: 8, to: 64}",
        )
    for value in values:
        if not _is_like(param.value, value):
            mend = f"write values like {param.value!r}"
            return RULE(f"`tune` of `{param.name}` has {value!r}, of another type", place.span, mend)
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


def _no_map(space: dict[str, Any]) -> str:
    """Why a map is no space; empty when it is one."""
    if not isinstance(space.get("when", True), bool) and space["when"] is not POISON:
        return f"has `when: {space['when']}`, which is neither true nor false"
    if "choices" in space:
        known = not set(space) - {"choices", "when"}
        whole = isinstance(space["choices"], list) and space["choices"]
        return "" if known and whole else "needs a list of `choices`, and beside it `when` alone"
    if set(space) - _KEYS or not {"from", "to"} <= set(space):
        return "needs `from` and `to`"
    return _no_range(space)


def _no_range(space: dict[str, Any]) -> str:
    """Why ``{from, to, log, step}`` is no range of numbers; empty when it is one."""
    low, high, step = space["from"], space["to"], space.get("step", 1)
    if not all(_is_number(value) for value in (low, high, step)):
        return "goes from number to number, in steps that are a number"
    if low >= high:
        return f"goes from {low} to {high}, which is no way up"
    if step <= 0:
        return f"has a step of {step}"
    return f"is logarithmic and begins at {low}" if space.get("log") is True and low <= 0 else ""


def _is_like(default: Any, value: Any) -> bool:
    """Whether a value of the search could stand where the default stands."""
    if default is None or default is POISON:
        return True
    if _is_number(default):
        return _is_number(value)
    return isinstance(value, type(default))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
