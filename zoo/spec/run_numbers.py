"""A spec's recipe with the numbers of a run: schedules are written in steps, which only the run knows."""

from __future__ import annotations

from dataclasses import replace

from zoo.spec import sections
from zoo.spec.nodes import Mapping
from zoo.spec.source import Source, parse
from zoo.spec.spec import Spec


def with_run_numbers(spec: Spec, steps_per_epoch: int, epochs: int) -> Spec:
    """The spec, its ``training`` read again with these two; nothing else of it changes.

    Args:
        spec: checked; without a run both have some number of their own.
        steps_per_epoch: batches in an epoch.
        epochs: of the run.
    """
    root = parse(Source(spec.file, spec.text), lambda diagnostic: None)
    if not isinstance(root, Mapping) or not spec.recipe:
        return spec
    numbers = {**spec.params, "steps_per_epoch": steps_per_epoch, "epochs": epochs}
    # what it had to say was said when the spec was checked
    return replace(spec, recipe=sections.training(root, numbers, lambda diagnostic: None))
