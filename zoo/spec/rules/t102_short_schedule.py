"""# T102: a schedule shorter than one step

What it does: finds learning-rate schedules whose steps are below 1.

Why it is bad: the rate would be at its end before training begins. Usually epochs were written where Keras
counts steps.

Example:

    training: {optimizer: {Adam: {learning_rate: {CosineDecay: {initial_learning_rate: 1e-3, decay_steps:
    0.5}}}}}

Instead: count steps: `decay_steps: =10*steps_per_epoch`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.graph import objects
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("T102", "error")
_STEPS = ("decay_steps", "first_decay_steps", "warmup_steps", "boundaries")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every schedule of the optimizer."""
    optimizer = spec.recipe.get("optimizer")
    for item in objects(optimizer.value if optimizer else None):
        if item.family != "schedules":
            continue
        for name in _STEPS:
            argument = item.args.get(name)
            values = argument.value if argument else []
            listed = values if isinstance(values, list) else [values]
            # no warm-up is a choice, the others are lengths
            least = 0 if name == "warmup_steps" else 1
            if argument and any(isinstance(value, (int, float)) and value < least for value in listed):
                mend = "schedules count steps, not epochs: =10*steps_per_epoch"
                yield RULE(f"`{name}` of {item.head} is shorter than one step", argument.span, mend)
