"""# D314: the label is among the features

What it does: compares the columns and rows of `data.targets` with those that the inputs read.

Why it is bad: the model is given the answer. A past value of the target is fair, its value at the target's
own time is not.

Example:

    data:
      kind: table
      inputs: {past: {columns: [price, volume], lookback: 15}}
      targets: {next: {column: price, type: numeric, horizon: 0}}

Instead: a horizon of at least 1, or other columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.tables import per_step, table_inputs, table_targets

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D314", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every target of a table against the last row that each input reads."""
    if per_step(spec):
        # The window itself is the target of an autoencoder; a later step is what D302 looks at.
        return
    for name, target in table_targets(spec).items():
        for source, item in table_inputs(spec).items():
            shared = [column for column in target.columns or () if column in (item.columns or ())]
            if not shared or target.horizon is None or item.shift < target.horizon:
                continue
            yield RULE(
                f"the target `{name}` is the column `{shared[0]}` at a row that the input `{source}` reads",
                spec.pipeline["targets"].span,
                f"give it a horizon of at least {item.shift + 1}, or leave the column out of the input",
            )
            break
