"""# E101: deleting what the parent does not have

What it does: finds `null` in a spec that `extends` another, at a place where the parent has nothing.

Why it is bad: the deletion has no effect; usually the name is wrong.

Example:

    extends: hrnn_lob
    training: {callback: null}

Instead: `callbacks: null`.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

RULE = Rule("E101", "error")


def diagnose(path: str, known: Sequence[str], span: Span, key: Span) -> Diagnostic:
    """The parent has no `path`."""
    name = path.rpartition(".")[2]
    mend = did_you_mean(name, known) or (f"the parent has {listed(known)}" if known else "delete this line")
    return RULE(f"`{path}: null` deletes what the parent does not have", key, mend)
