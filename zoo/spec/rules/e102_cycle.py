"""# E102: specs that build on each other in a circle

What it does: follows `extends` and `use` from file to file and stops when one comes back.

Why it is bad: there is no first spec to begin with.

Example:

    # a.yaml
    extends: b
    # b.yaml
    extends: a

Instead: move what both need into a third spec.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("E102", "error")


def diagnose(chain: Sequence[str], again: str, span: Span) -> Diagnostic:
    """`again` stands in the chain of files already."""
    way = " → ".join([*chain, again])
    return RULE(
        f"the specs build on each other in a circle: {way}", span, "move what both need into a third spec"
    )
