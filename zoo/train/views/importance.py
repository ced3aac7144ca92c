"""``Trained.importance``: what a run's scores lose with groups of its inputs' numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.explain.cells import By, group_cells
from zoo.explain.mixed import borrowed
from zoo.explain.permutation import Importance, permutation_importance
from zoo.explain.resampling import blocks_of
from zoo.explain.tally import ClassTally, NumberTally, Sums, Tally
from zoo.train.names import nearest
from zoo.train.parts import Sample
from zoo.train.predict import predict, predict_part
from zoo.train.sources import judged_samples
from zoo.train.tasks import Task
from zoo.train.views.names import names_of
from zoo.train.views.occlusion import tenth
from zoo.train.views.samples import reach_of, thinned, where_of

if TYPE_CHECKING:
    from zoo.train.trained import Trained

Cells = Mapping[str, np.ndarray]


def importance(
    run: Trained,
    data: Any,
    part: str,
    *,
    by: By,
    repeats: int,
    metric: str | None,
    within: str,
    block: int,
    time_block: int | None,
    windows: int | None,
    seed: int | None,
    scaled: bool | None,
) -> Importance:
    """See ``Trained.importance``."""
    import pandas as pd

    _check(repeats=repeats, block=block, within=within)
    sample = thinned(judged_samples(run, data, part, scaled), windows)
    names = names_of(run, sample.x)
    columns, groups = group_cells(names, by, time_block=time_block or tenth(names))
    tallies = {name: _tally(run, sample, name, task) for name, task in run.tasks.items() if name in sample.y}
    metrics = {name: _metric(tally, metric, run) for name, tally in tallies.items()}
    lines = permutation_importance(
        _judge(run, sample, tallies),
        groups,
        tallies,
        metrics,
        samples=len(sample),
        runs=sample.runs if within == "session" else None,
        block=block,
        repeats=repeats,
        rng=np.random.default_rng(run.seed if seed is None else seed),
    )
    frame = pd.DataFrame([{**dict(zip(columns, line.pop("label"), strict=True)), **line} for line in lines])
    return Importance(
        frame,
        columns,
        run.spec.name,
        _about(where_of(run, len(sample), data, part), sample, repeats, within, block),
    )


def _judge(run: Trained, sample: Sample, tallies: Mapping[str, Tally]) -> Any:
    outputs = list(run.spec.outputs)

    def judge(cells: Cells, donors: np.ndarray | None) -> dict[str, Sums]:
        def change(x: Mapping[str, Any], places: np.ndarray) -> Mapping[str, Any]:
            if donors is None:
                return x
            # Windows that a state went through before the part's own are given to nobody, and keep theirs.
            whole = np.arange(len(next(iter(x.values()))))
            whole[places] = places[donors]
            return borrowed(x, cells, whole)

        if sample.part is None:
            x = change(sample.x, np.arange(len(sample)))
            raw = predict(run.model, x, outputs, batch_size=run.batch_size)
        else:
            raw = predict_part(run.model, sample.part, outputs, batch_size=run.batch_size, change=change)
        return {name: tally.count(_given(run, name, raw[name])) for name, tally in tallies.items()}

    return judge


def _given(run: Trained, output: str, raw: np.ndarray) -> np.ndarray:
    """What the model gave as its tally takes it: probabilities, or numbers in the unit of errors."""
    task = run.tasks[output]
    if task.classes:
        return task.probabilities(raw)
    numbers = task.probabilities(raw).reshape(raw.shape) if task.kind == "binary" else task.numbers(raw)
    return _told(run, output, numbers).reshape(len(raw), -1)


def _told(run: Trained, output: str, numbers: np.ndarray) -> np.ndarray:
    return numbers if run.pipeline is None else np.asarray(run.pipeline.for_scores(output, numbers))


def _tally(run: Trained, sample: Sample, output: str, task: Task) -> Tally:
    block = blocks_of(len(sample), reach_of(run, sample), sample.runs)
    y = np.asarray(sample.y[output])
    if not task.classes:
        return NumberTally(_told(run, output, y).reshape(len(y), -1), block)
    truth = task.truth(y)
    return ClassTally(truth, task.classes, np.repeat(block, len(truth) // max(1, len(y))))


def _metric(tally: Tally, asked: str | None, run: Trained) -> str:
    if asked is None or asked in tally.metrics:
        return asked or tally.metrics[0]
    kinds = {metric for name in run.tasks for metric in _metrics(run.tasks[name])}
    if asked in kinds:
        return tally.metrics[0]
    raise TrainError(
        f"there is no score `{asked}` of these outputs",
        help=nearest(asked, sorted(kinds)),
        code="explain.metric",
    )


def _metrics(task: Task) -> tuple[str, ...]:
    return ClassTally.metrics if task.classes else NumberTally.metrics


def _about(where: str, sample: Sample, repeats: int, within: str, block: int) -> str:
    kept = f"blocks of {block}" if block > 1 else "single ones"
    inside = " within their session" if within == "session" and sample.runs is not None else ""
    return f"{where}; {kept} permuted{inside}, {repeats} times; 95 % intervals"


def _check(*, repeats: int, block: int, within: str) -> None:
    for name, value in (("repeats", repeats), ("block", block)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
            raise TrainError(
                f"`{name}` is a whole number from 1; received {value!r}",
                help=f"give {name}=1 or more",
                code=f"explain.{name}",
            )
    if within not in ("session", "all"):
        raise TrainError(
            f"numbers cannot be exchanged within `{within}`",
            help="`session` exchanges them within a session or symbol, `all` among all windows",
            code="explain.within",
        )
