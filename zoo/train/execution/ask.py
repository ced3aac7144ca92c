"""``zoo.plan``: which way of training a model is the fastest on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError
from zoo.train.execution.choose import plan_of
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.options import check_batch_size

if TYPE_CHECKING:
    from zoo.spec import Spec


def plan(
    spec: Spec | str | os.PathLike[str],
    data: Any = None,
    *,
    batch_size: int | None = None,
    measure: bool = False,
    params: Mapping[str, Any] | None = None,
) -> ExecutionPlan:
    """The ways of running a model's training steps here, each with its time, and the one that is the fastest.

    What this machine has measured before is given at once. A training of a minute or more goes by it, unless
    it is told ``plan="off"``; the model, its graph and its file are the same whichever way it was trained.

    Args:
        spec: a spec, a catalogue name, or a path.
        data: that the steps are measured on, as in ``zoo.train``.
        batch_size: of the steps; the spec's when None.
        measure: measure again.
        params: of the spec, where it is given by name or path.

    Raises:
        SpecError, DataError: the spec or the data is not what it should be.
        TrainError: no data to measure on.

    Example:
        >>> import zoo
        >>> print(zoo.plan("gru_lob"))  # doctest: +SKIP
        → loops  recurrent loops compiled by XLA, in blocks of rows: first step 2.2 s, then 9.9 ms a step …
    """
    from zoo.train.run import load_spec

    loaded = load_spec(spec, params)
    size = check_batch_size(batch_size, loaded)
    return plan_of(loaded, lambda: _first_batch(loaded, data, size), size, anew=measure)


def _first_batch(spec: Spec, data: Any, size: int) -> tuple[Any, ...]:
    from zoo.train import sources
    from zoo.train.batches import Batches
    from zoo.train.run import take_data
    from zoo.train.trained import Trained

    run = Trained.untrained(spec, seed=0, pretrained=False)
    take_data(run, data)
    part = sources.sample_of(run.prepared.train, run.tasks, run.prepared.ordered)
    batches = Batches(part.x, part.y, size)
    if batches.samples < size:
        raise TrainError(
            f"the training part holds {batches.samples} samples, too few for one batch of {size}",
            help="give more data, or a smaller batch",
            code="train.too_few",
        )
    return batches[0]
