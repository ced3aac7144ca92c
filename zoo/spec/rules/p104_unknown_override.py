"""# P104: a value for a parameter that does not exist, or none for one that needs it

What it does: checks the names that a caller overrides (`zoo.load(…, units=64)`, `--set units=64`, a block's
or a submodel's arguments) against the parameters declared.

Why it is bad: the value would have no effect, and nobody would notice.

Example:

    zoo train hrnn_lob --set row_unit=64

Instead: `--set row_units=64`; `zoo show hrnn_lob` lists the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

RULE = Rule("P104", "error")


def diagnose(name: str, declared: Sequence[str], owner: str, span: Span | None) -> Diagnostic:
    """`name` is no parameter of `owner`."""
    known = f"its parameters are {listed(declared)}" if declared else f"the {owner} has no parameters"
    return RULE(f"the {owner} has no parameter `{name}`", span, did_you_mean(name, declared) or known)


def no_value(name: str, span: Span) -> Diagnostic:
    """`name` has no default and nobody gave a value."""
    return RULE(
        f"the parameter `{name}` has no value", span, "give it a `default`, or a value where it is used"
    )
