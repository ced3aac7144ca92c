"""# D314: the label is among the features

What it does: compares the columns of `data.targets` and of a label column with those that the inputs read.

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

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D314", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every target of a table."""
    targets, inputs = spec.data.get("targets"), spec.data.get("inputs")
    if not isinstance(targets, dict) or not isinstance(inputs, dict):
        return
    read = {
        str(column)
        for item in inputs.values()
        if isinstance(item, dict)
        for column in item.get("columns") or ()
    }
    for name, target in targets.items():
        if isinstance(target, dict) and str(target.get("column")) in read and target.get("horizon", 1) == 0:
            yield RULE(
                f"the target `{name}` is the column `{target['column']}`, which the inputs read as well",
                spec.pipeline["targets"].span,
                "give it a horizon of at least 1, or leave the column out of the inputs",
            )
