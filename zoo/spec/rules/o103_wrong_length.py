"""# O103: a list that does not match the outputs

What it does: compares the length of a list under `loss`, `loss_weights` or `metrics` with the number of
outputs.

Why it is bad: a list goes by the order of the outputs, one value each.

Example:

    outputs: [main, aux]
    loss_weights: [1.0, 0.2, 0.1]

Instead: one value for each output, or a map by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import listed

RULE = Rule("O103", "error")


def diagnose(section: str, length: int, outputs: Sequence[str], span: Span) -> Diagnostic:
    """`section` has `length` values for these outputs."""
    values = "1 value" if length == 1 else f"{length} values"
    count = "1 output" if len(outputs) == 1 else f"{len(outputs)} outputs"
    return RULE(
        f"`{section}` has {values} for {count}", span, f"one value each, in this order: {listed(outputs)}"
    )
