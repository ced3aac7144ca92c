"""Schedules of the rate are written in steps; a training says how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoo.spec.run_numbers import with_run_numbers

if TYPE_CHECKING:
    from zoo.spec import Spec
    from zoo.train.trained import Trained


def settle(run: Trained, steps: int, epochs: int) -> Spec:
    """The run's spec with the numbers of a training that is about to begin; its optimizer follows them.

    An optimizer that has begun, or that a caller chose, stays.

    Args:
        run: its model is compiled again where a schedule depends on the numbers.
        steps: batches in an epoch.
        epochs: of the training.
    """
    from zoo.build.compile import compile_model

    spec = with_run_numbers(run.spec, steps, epochs)
    begun = int(run.model.optimizer.iterations) > 0 or "optimizer" in run._compiled
    if not begun and spec.training.get("optimizer") != run.spec.training.get("optimizer"):
        compile_model(run.model, spec, **run._compiled)
    return spec
