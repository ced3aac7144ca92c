"""One way for the many trainings of a walk or a search: settled before the first of them, and kept.

Which way is the fastest depends on a clock, and each way has its own order of sums: trainings that are
compared with each other, or that go on after a kill or in another process, have to go the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from zoo.train.execution.plan import ExecutionPlan

if TYPE_CHECKING:
    from zoo.train.runs.claim import Claim

# In the options of an item of work, and of ``run.json``.
NAME = "plan"


def way_options(plan: ExecutionPlan) -> dict[str, Any]:
    """The way, for the options of items and of a run; Keras's own is not named."""
    return {} if plan.way == "keras" else {NAME: plan.way}


def begun_with(claim: Claim | None, asked: str) -> ExecutionPlan | None:
    """The way of a run that goes on; None where there is none, or where Keras's own is asked for."""
    if claim is None or claim.earlier is None or asked == "off":
        return None
    return ExecutionPlan(claim.option(NAME, None) or "keras")


def plan_by(way: str | None, model: keras.Model, size: int) -> ExecutionPlan:
    """The plan of one of the trainings.

    Args:
        way: that was settled; Keras's own when None.
        model: of this training, which may have other sizes than the one that was measured.
        size: samples in a step.
    """
    if way != "loops":
        return ExecutionPlan(way or "keras", batch_size=size)
    from zoo.tensorflow_loops.layers import loops_of

    return ExecutionPlan(way, loops_of(model, size), batch_size=size)
