"""# D315: a target that is not in the future

What it does: looks at the horizon of labels and targets.

Why it is bad: with a horizon of 0 or less the label is made from rows that the window already holds: the
score is wonderful, and nothing is predicted.

Example:

    data: {label: {kind: forward, horizon: 0}}

Instead: `horizon: 1` is the next row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D315", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The labels of order books, and targets before the window's end."""
    label = spec.data.get("label")
    if isinstance(label, dict) and label.get("kind") != "column" and "horizon" in label:
        horizons = label["horizon"] if isinstance(label["horizon"], list) else [label["horizon"]]
        if any(isinstance(item, (int, float)) and item < 1 for item in horizons):
            yield RULE(
                "a label with a horizon below 1 does not lie in the future",
                spec.pipeline["label"].span,
                "write horizon: 1 or more",
            )
    targets = spec.data.get("targets")
    for name, target in targets.items() if isinstance(targets, dict) else ():
        if (
            isinstance(target, dict)
            and isinstance(target.get("horizon"), (int, float))
            and target["horizon"] < 0
        ):
            yield RULE(
                f"the target `{name}` lies before the end of its window",
                spec.pipeline["targets"].span,
                "write horizon: 1",
            )
