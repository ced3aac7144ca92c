"""# E103: `extends` or `use` names a spec that is not there

What it does: looks the name up beside the file that names it, then in the catalogue.

Why it is bad: there is nothing to build on. Paths are refused, so that a spec from a stranger opens no other
file.

Example:

    extends: ../secrets

Instead: the name of a spec in the same folder, or of one that `zoo list` shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean

RULE = Rule("E103", "error")


def diagnose(name: str, known: Sequence[str], span: Span) -> Diagnostic:
    """No spec is called `name`."""
    mend = did_you_mean(name, known) or "name a spec of the same folder, or one that `zoo list` shows"
    return RULE(f"there is no spec named `{name}`", span, mend)


def not_a_name(name: str, span: Span) -> Diagnostic:
    """A path, or something else that is no name."""
    return RULE(
        f"`{name}` is not the name of a spec", span, "write a name without folders: extends: hrnn_lob"
    )
