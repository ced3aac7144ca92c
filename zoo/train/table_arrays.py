"""Arrays given to a model of a table: samples say if they are scaled; rows are in their columns' units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.train.arrays import check_inputs
from zoo.train.names import by_name
from zoo.train.targets import check_targets

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def is_rows(run: Trained, data: Any) -> bool:
    """Is it an array (row, column) of a table, from which windows are still to be cut?"""
    tables = run.pipeline is not None and run.pipeline.kind == "table"
    two_axes = isinstance(data, np.ndarray) and data.ndim == 2
    return tables and two_axes and all(len(item.shape) > 1 for item in run.spec.inputs.values())


def inputs_given(run: Trained, x: Any, scaled: bool | None) -> dict[str, np.ndarray]:
    """Samples by input name as the model sees them, checked.

    Args:
        run: whose inputs.
        x: an array, a list in the spec's order, or a map by input name.
        scaled: True: as the model sees them; False: in the units of their columns; None: nobody said.

    Raises:
        TrainError: ``train.scaled`` where the model's data were scaled and nobody said whether these are;
            and those of ``check_inputs``.
    """
    checked = check_inputs(x, run.spec.inputs, run.spec.vocabularies)
    if scaled is False and run.pipeline is not None and run.pipeline.kind == "orderbook":
        raise TrainError(
            f"samples of `{run.spec.name}` as arrays are features of a book, and are taken as they are",
            help="scaled=True says so; a file, a frame or a book is made into features and scaled",
            code="train.scaled",
        )
    if run.pipeline is None or not run.pipeline.scales or _are_windows(x):
        return checked
    if scaled is None:
        raise TrainError(
            f"the columns that `{run.spec.name}` reads were scaled, and nothing says whether these are",
            help="say scaled=False for arrays in the units of their columns, scaled=True for what the model "
            "sees; a data frame is always in its columns' own units",
            code="train.scaled",
        )
    if scaled:
        return checked
    ranks = [len(item.shape) + 1 for item in run.spec.inputs.values()]
    # From the numbers as they were given: a float32 of a large one has lost what the scaling would show.
    return run.pipeline.scale_inputs(by_name(x, list(run.spec.inputs), "input", ranks))


def pair_given(run: Trained, x: Any, y: Any, scaled: bool | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Samples and targets as the model sees them, checked; see ``inputs_given``."""
    inputs = inputs_given(run, x, scaled)
    count = len(next(iter(inputs.values())))
    targets = check_targets(y, run.tasks, count)
    if run.pipeline is None or not run.pipeline.scales or scaled is not False:
        return inputs, targets
    ranks = [len(task.target_shape) + 1 for task in run.tasks.values()]
    given = by_name(y, list(run.tasks), "output", ranks)
    told = {name: run.pipeline.scale_target(name, given[name]) for name in run.tasks}
    return inputs, check_targets(told, run.tasks, count)


def _are_windows(x: Any) -> bool:
    """Lazy windows of a prepared part, which scaled them."""
    return isinstance(x, Mapping) and bool(x) and all(hasattr(values, "windows") for values in x.values())
