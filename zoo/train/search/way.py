"""The way in which all trainings of a search or a sweep run their steps: settled once, before the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from zoo.errors import ZooError
from zoo.train.execution.ask import batches_of
from zoo.train.execution.choose import plan_for
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.trained import Trained

if TYPE_CHECKING:
    from zoo.spec import Spec

# Models of a search differ. A loop that cannot be compiled in one of them stays Keras's own; a whole step
# that XLA cannot compile would be a trial that failed.
_WAYS = ("keras", "loops")


def plan_of_search(
    spec: Spec,
    data: Any,
    trainings: int,
    epochs: int,
    batch_size: int,
    *,
    asked: str,
    say: Callable[[str], None],
    kept: dict[str, Any],
) -> ExecutionPlan:
    """The plan of the spec as it is given, for the steps of all trainings together.

    Args:
        spec, data: that are searched.
        trainings: how many.
        epochs, batch_size: of each.
        asked, say: as in ``choose``.
        kept: gets the data, made ready, where they were needed.
    """
    from zoo.tensorflow_loops.layers import recurrent_layers

    if asked == "off":
        return ExecutionPlan()
    run = Trained.untrained(spec, seed=0, pretrained=False)
    if not recurrent_layers(run.model):
        return ExecutionPlan()
    try:
        batches = batches_of(run, data, batch_size, kept)
    except ZooError:
        # what is wrong with the data, each training tells
        return ExecutionPlan()
    steps = trainings * epochs * len(batches)
    return plan_for(
        run.model,
        spec,
        lambda: batches[0],
        batch_size,
        steps,
        trainings=trainings,
        ways=_WAYS,
        asked=asked,
        say=say,
    )
