"""# S102: an argument of the wrong type

What it does: compares the values of arguments and parameters with the types their classes want.

Why it is bad: Keras finds out late, in another place, or not at all.

Example:

    code: [book, LSTM: {units: '64'}]

Instead: `units: 64`. A whole number written as `64.0` (as R writes it) is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from zoo.errors import Diagnostic, Span
from zoo.spec.graph import Argument
from zoo.spec.kinds import FAMILY_OF_KIND
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("S102", "error")

_BOOLEANS = {
    **dict.fromkeys(("yes", "on", "true", "1", "y"), "true"),
    **dict.fromkeys(("no", "off", "false", "0", "n"), "false"),
}
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "text",
    "list": "a list",
}


def parameter(name: str, kind: str, value: Any, span: Span) -> Diagnostic:
    """A parameter whose value is not of its type."""
    return RULE(
        f"the parameter `{name}` wants {_WORDS.get(kind, 'a ' + kind)}, received {shown(value)}", span
    )


def setting(name: str, kind: str, argument: Argument) -> Diagnostic:
    """A key of ``training`` whose value is of another kind."""
    mend = (
        f"write {_BOOLEANS[str(argument.value).lower()]}"
        if kind == "bool" and str(argument.value).lower() in _BOOLEANS
        else ""
    )
    return RULE(
        f"`{name}` of `training` wants {_WORDS[kind]}, received {shown(argument.value)}", argument.span, mend
    )


def weight(output: str, argument: Argument) -> Diagnostic:
    """The weight of an output's loss, which is no number."""
    return RULE(
        f"`weight` of the output `{output}` wants a number, received {shown(argument.value)}", argument.span
    )


def choice(path: str, value: Any, choices: tuple[str, ...], span: Span) -> Diagnostic:
    """A setting of the recipe that is none of its choices."""
    mend = did_you_mean(str(value), choices) or f"choose one of {listed(choices)}"
    return RULE(f"`{path}` has no choice {shown(value)}", span, mend)


def at_least(path: str, value: Any, least: int, span: Span | None) -> Diagnostic:
    """A setting of the recipe that is too small."""
    return RULE(f"`{path}` must be a whole number from {least}, received {shown(value)}", span)


def plainly(path: str, wanted: str, value: Any, span: Span | None, help: str = "") -> Diagnostic:
    """A value of another kind than a section wants."""
    return RULE(f"`{path}` wants {wanted}, received {shown(value)}", span, help)


def shown(value: Any) -> str:
    """A value as a message writes it."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, (int, float)):
        return f"{value}"
    return "a list" if isinstance(value, (list, tuple)) else "a map"


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every argument of every class in the spec."""
    from zoo.spec.types import is_unknown

    for head, signature, arguments, _ in spec.constructions():
        for name, argument in arguments.items():
            wanted = signature.arguments.get(name) if signature else None
            if wanted is None or is_unknown(argument.value):
                continue
            if (
                isinstance(argument.value, str)
                and wanted.kind in FAMILY_OF_KIND
                and wanted.kind != "schedule"
            ):
                continue  # a name that is no class: S103
            problem = wanted.problem(argument.value)
            if problem is None:
                continue
            wants, choices = problem
            mend = did_you_mean(str(argument.value), choices) or (
                f"choose one of {listed(choices)}" if choices else ""
            )
            if isinstance(argument.value, str) and not choices and _is_number(argument.value):
                mend = f"write it without quotes: {argument.value}"
            elif wants.startswith("true or false") and (meant := _BOOLEANS.get(str(argument.value).lower())):
                mend = f"write {meant}"
            elif wants.startswith("a layer"):
                mend = f"write {head}: {{LSTM: 64}}"
            yield RULE(
                f"`{name}` of {head} wants {wants}, received {shown(argument.value)}", argument.span, mend
            )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
