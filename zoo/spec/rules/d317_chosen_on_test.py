"""# D317: chosen on the test part

What it does: finds early stopping, checkpoints and tuning that watch the test part, and a validation part
that is missing where something is chosen by it.

Why it is bad: what is chosen by a part is no longer measured by it.

Example:

    training: {tune: {trials: 20, objective: test_macro_f1}}

Instead: `val_macro_f1`, and a validation part: `split: {train: 0.7, val: 0.15, test: 0.15}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.graph import objects
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D317", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Callbacks and tuning."""
    split = spec.data.get("split")
    no_validation = isinstance(split, dict) and split.get("val") == 0
    callbacks = spec.recipe.get("callbacks")
    for item in objects(callbacks.value if callbacks else None):
        monitor = item.args.get("monitor")
        if monitor is None or not isinstance(monitor.value, str):
            continue
        if monitor.value.startswith("val_") and no_validation:
            yield RULE(
                f"{item.head} watches `{monitor.value}`, and there is no validation part",
                monitor.span,
                "give `split` a `val` above 0",
            )
    tune = spec.recipe.get("tune")
    objective = tune.value.get("objective") if tune and isinstance(tune.value, dict) else None
    if tune and isinstance(objective, str) and objective.startswith("test"):
        yield RULE(f"tuning looks at `{objective}`", tune.span, f"write objective: val{objective[4:]}")
