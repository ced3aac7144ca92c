"""# S106: an unknown key

What it does: checks every key of every section, of a parameter, an input, an output and a verb.

Why it is bad: a key that nothing reads has no effect, and a misspelt one looks as if it had.

Example:

    training: {optimiser: adam}

Instead: `optimizer`. docs/language.md lists every section's keys.
"""

from __future__ import annotations

from collections.abc import Iterable

from zoo.errors import Diagnostic
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

RULE = Rule("S106", "error")


def diagnose(key: Scalar, known: Iterable[str], owner: str) -> Diagnostic:
    """`key` is none of the `known` keys of `owner`."""
    known = tuple(known)
    mend = did_you_mean(key.text, known) or f"the keys are {listed(known, 20)}"
    return RULE(f"{owner} has no key `{key.text}`", key.span, mend)
