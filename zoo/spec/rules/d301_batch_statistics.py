"""# D301: batch statistics over windows

What it does: finds BatchNormalization in models of time series.

Why it is bad: in training, the output for one window depends on the other windows of its batch, and those may
lie in its future. What the model learns from that is not there in live use. docs/batch-normalization.md has
what it is worth and what it costs, measured.

Example:

    code: [book, Conv1D: {filters: 16, kernel_size: 3, padding: causal}, BatchNormalization]

Instead: LayerNormalization over the features, or CausalNormalization. Where a paper is followed to the
letter: `lint: {allow: {D301: "as published"}}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D301", "warning")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every BatchNormalization of a time-series model."""
    if not spec.is_time_series:
        return
    for head, _, _, span in spec.constructions():
        if head == "BatchNormalization":
            yield RULE(
                "BatchNormalization mixes the windows of a batch in training, future ones included",
                span,
                "use LayerNormalization over the features",
            )
