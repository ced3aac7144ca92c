"""# D313: windows across sessions or symbols

What it does: finds recipes whose windows may begin in one session or symbol and end in the next.

Why it is bad: such a window holds a jump that no market made (the night, another stock).

Example:

    data: {kind: orderbook, window: {length: 100, within: []}}

Instead: `within: [session]`, or `within: [session, symbol]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D313", "warning")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The windows of the recipe."""
    window, group = spec.data.get("window"), spec.data.get("group")
    if not isinstance(window, dict):
        return
    within = window.get("within")
    listed = within if isinstance(within, list) else [within] if within is not None else None
    groups = group if isinstance(group, list) else [group] if group else []
    if listed == [] or (listed is not None and any(name not in listed for name in groups)):
        missing = ", ".join(str(name) for name in groups) or "session"
        yield RULE(
            "windows may cross from one session or symbol into the next",
            spec.pipeline["window"].span,
            f"write within: [{missing}]",
        )
