"""# Y102: a scalar that YAML 1.1 and YAML 1.2 read differently

What it does: finds unquoted text such as `no`, `on`, `12:30`, `014` or `1_000`.

Why it is bad: specs follow YAML 1.2, but many readers and editors (R's, PyYAML's) follow 1.1 and see another
value.

Example:

    params: {market_open: 09:30}

Instead: quote it (`"09:30"`) when it is text; write `true`, `false` or a plain decimal number when it is not.
"""

from __future__ import annotations

from typing import Any

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("Y102", "warning")


def diagnose(text: str, why: str, value: Any, span: Span) -> Diagnostic:
    """`text` means something else to a YAML 1.1 reader."""
    instead = f'quote it if it is text: "{text}"' if isinstance(value, str) else f"write {value}"
    return RULE(f"`{text}` is {why}", span, instead)
