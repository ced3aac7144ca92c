"""``Trained.factors``: the factor report of a run's windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.explain.factors import Factors, correlations, factor_columns
from zoo.explain.resampling import blocks_of
from zoo.train.sources import judged_samples
from zoo.train.views.names import names_of
from zoo.train.views.samples import reach_of, thinned, where_of

if TYPE_CHECKING:
    from zoo.train.parts import Sample
    from zoo.train.trained import Trained

Targets = dict[tuple[str, str, str], np.ndarray]

_MOST = 64  # numbers of one output: a window given back has thousands, and no line each


def factors(
    run: Trained, data: Any, part: str, *, windows: int | None, seed: int | None, scaled: bool | None
) -> Factors:
    """See ``Trained.factors``."""
    import pandas as pd

    sample = thinned(judged_samples(run, data, part, scaled), windows)
    # Numbers of words say nothing by their size.
    x = {name: values for name, values in sample.x.items() if np.dtype(values.dtype).kind == "f"}
    targets = _targets(run, sample)
    if not x or not targets:
        raise TrainError(
            "no input holds numbers: words have no correlation"
            if not x
            else f"every output has more than {_MOST} numbers",
            help="`explain` and `importance` take any input and output",
            code="explain.factors",
        )
    block = blocks_of(len(sample), reach_of(run, sample), sample.runs)
    rng = np.random.default_rng(run.seed if seed is None else seed)
    frame = pd.DataFrame(correlations(factor_columns(x, names_of(run, x)), targets, block, rng))
    about = f"{where_of(run, len(sample), data, part)} in {int(block[-1]) + 1} blocks; 95 % intervals"
    return Factors(frame, run.spec.name, about)


def _targets(run: Trained, sample: Sample) -> Targets:
    """(output, class or number, ``output`` or ``truth``) → (sample,); of outputs per step the last step."""
    raw = run.raw_outputs(sample.x, sample.part)
    found: Targets = {}
    for name, task in run.tasks.items():
        if name not in sample.y:
            continue
        y, count = np.asarray(sample.y[name]), len(sample)
        if task.classes:
            said = task.probabilities(raw[name]).reshape(count, -1, task.classes)[:, -1]
            true = np.eye(task.classes)[task.truth(y).reshape(count, -1)[:, -1]]
            names = run.class_names(name)
            names = names if len(names) == task.classes else [str(number) for number in range(task.classes)]
        else:
            said = np.asarray(task.numbers(raw[name]), np.float64).reshape(count, -1)
            true = np.asarray(y, np.float64).reshape(count, -1)
            names = _number_names(run, name, said.shape[1])
        if len(names) > _MOST:
            continue
        # Of two classes one says all.
        for place in range(1 if task.classes == 2 else 0, len(names)):
            found[name, names[place], "output"] = said[:, place]
            found[name, names[place], "truth"] = true[:, place]
    return found


def _number_names(run: Trained, output: str, count: int) -> list[str]:
    if run.pipeline is not None:
        return list(run.pipeline.number_names(output, count))
    return ["value"] if count == 1 else [f"value_{number}" for number in range(1, count + 1)]
