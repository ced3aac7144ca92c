"""``zoo.plan``: which way of training a model is the fastest on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.data.files import find_file
from zoo.errors import TrainError
from zoo.train.execution.choose import plan_of
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.options import check_batch_size

if TYPE_CHECKING:
    from zoo.spec import Spec
    from zoo.train.batches import Batches
    from zoo.train.trained import Trained


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
    from zoo.train.trained import Trained

    if isinstance(data, (str, os.PathLike)) and not Path(data).expanduser().exists():
        # told also where the plan is kept, which reads no data
        find_file(data)
    loaded = load_spec(spec, params)
    size = check_batch_size(batch_size, loaded)

    def first_batch() -> Any:
        run = Trained.untrained(loaded, seed=0, pretrained=False)
        return batches_of(run, data, size)[0]

    return plan_of(loaded, first_batch, size, anew=measure)


def batches_of(run: Trained, data: Any, size: int, kept: dict[str, Any] | None = None) -> Batches:
    """The training part in batches, at least one of them whole.

    Args:
        run: untrained.
        data, kept: as ``run.take_data`` has them.
        size: samples in a batch.

    Raises:
        DataError: the data is not what it should be. TrainError: ``train.too_few``.
    """
    from zoo.train import sources
    from zoo.train.batches import Batches
    from zoo.train.run import take_data

    take_data(run, data, kept)
    part = sources.sample_of(run.prepared.train, run.tasks, run.prepared.ordered)
    batches = Batches(part.x, part.y, size)
    if batches.samples < size:
        raise TrainError(
            f"the training part holds {batches.samples} samples, too few for one batch of {size}",
            help="give more data, or a smaller batch",
            code="train.too_few",
        )
    return batches
