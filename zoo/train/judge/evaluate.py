"""The report of a model beside its baselines."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zoo.data.blocks import spans
from zoo.train.judge.baselines import TITLES, Baselines
from zoo.train.judge.scores import CLASS_SCORES, NUMBER_SCORES, Counts, number_scores
from zoo.train.judge.table import confusion_table, score_table, wrapped
from zoo.train.parts import Sample
from zoo.train.tasks import Task

Scores = dict[str, float]
Units = Callable[[str, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class OutputReport:
    """Scores of one output.

    Args:
        rows: ``model`` and each baseline → its scores.
        levels: names of the classes in order; empty for numbers.
        confusion: ``(true class, predicted class)`` counts of the model, or None for numbers.
    """

    rows: dict[str, Scores]
    levels: tuple[str, ...] = ()
    confusion: np.ndarray | None = None


@dataclass(frozen=True)
class Context:
    """What was judged: the lines above the table.

    Args:
        model: name of the spec.
        about: what the data is.
        part: ``test``, ``val``, ``train``, or ``all`` for data the model was not trained on.
        windows: how many samples were judged.
        label: kind, horizon and threshold of the label, or empty.
        split: how the parts were cut, or empty.
        simulated: no market ever showed these numbers.
        unit: what the samples are called.
        note: what is left out of the table and why, or empty.
        ordered: the samples are in time order, so the simple baselines see the last snapshot of each.
    """

    model: str
    about: str = ""
    part: str = "test"
    windows: int = 0
    label: str = ""
    split: str = ""
    simulated: bool = False
    unit: str = "windows"
    note: str = ""
    ordered: bool = True


@dataclass(frozen=True)
class Evaluation:
    """A model's scores beside those of its baselines. ``str()`` is the table."""

    context: Context
    outputs: dict[str, OutputReport] = field(default_factory=dict)

    @property
    def metrics(self) -> Scores:
        """The model's scores; with several outputs each is called ``OUTPUT_SCORE``."""
        return self._flat("model")

    @property
    def baselines(self) -> dict[str, Scores]:
        """Baseline → its scores, named like ``metrics``."""
        names = [name for report in self.outputs.values() for name in report.rows if name != "model"]
        return {name: self._flat(name) for name in dict.fromkeys(names)}

    @property
    def confusion(self) -> dict[str, np.ndarray]:
        """Output → counts, ``(true class, predicted class)``."""
        return {name: item.confusion for name, item in self.outputs.items() if item.confusion is not None}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; ``Evaluation.from_dict`` reads them back."""
        return {
            **{name: getattr(self.context, name) for name in Context.__dataclass_fields__},
            "outputs": {
                name: {
                    "levels": list(report.levels),
                    # JSON has no NaN.
                    "scores": {
                        row: {key: value if math.isfinite(value) else None for key, value in scores.items()}
                        for row, scores in report.rows.items()
                    },
                    "confusion": None if report.confusion is None else report.confusion.tolist(),
                }
                for name, report in self.outputs.items()
            },
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> Evaluation:
        """The report that ``to_dict`` wrote."""
        return Evaluation(
            Context(**{name: values[name] for name in Context.__dataclass_fields__ if name in values}),
            {
                name: OutputReport(
                    rows={
                        row: {
                            key: math.nan if value is None else float(value) for key, value in scores.items()
                        }
                        for row, scores in item["scores"].items()
                    },
                    levels=tuple(item["levels"]),
                    confusion=None if item["confusion"] is None else np.array(item["confusion"]),
                )
                for name, item in values["outputs"].items()
            },
        )

    def __str__(self) -> str:
        return "\n".join(
            [
                _heading(self.context),
                *(_section(name, item, self.context.ordered) for name, item in self.outputs.items()),
            ]
        )

    def _flat(self, row: str) -> Scores:
        several = len(self.outputs) > 1
        return {
            f"{name}_{key}" if several else key: value
            for name, report in self.outputs.items()
            for key, value in report.rows.get(row, {}).items()
        }


def evaluate(
    raw: Mapping[str, np.ndarray],
    part: Sample,
    tasks: Mapping[str, Task],
    baselines: Mapping[str, Baselines],
    context: Context,
    levels: Mapping[str, Sequence[str]] | None = None,
    units: Units | None = None,
) -> Evaluation:
    """Judge predictions of ``part`` beside the baselines.

    Args:
        raw: what the model gives, by output.
        part: the samples, with their targets.
        tasks: what each output is asked for.
        context: the lines above the table.
        baselines: fitted on the training part, by output; may lack an output.
        levels: names of the classes by output, where they have names.
        units: (output, numbers) → the same in the unit in which errors are told; None: as they are.
    """
    told = units or (lambda output, values: values)
    reports = {
        name: _report(name, raw[name], part, task, baselines.get(name), (levels or {}).get(name), told)
        for name, task in tasks.items()
    }
    return Evaluation(context, reports)


def _report(
    name: str,
    raw: np.ndarray,
    part: Sample,
    task: Task,
    baselines: Baselines | None,
    levels: Sequence[str] | None,
    units: Units,
) -> OutputReport:
    if task.classes:
        return _report_of_classes(name, raw, part, task, baselines, levels)
    y = np.asarray(part.y[name])
    said = baselines.predict(part, y, name) if baselines else {}
    given = task.probabilities(raw) if task.kind == "binary" else task.numbers(raw)
    numbers = {"model": given.reshape(y.shape), **{key: item.values for key, item in said.items()}}
    told = units(name, y)
    return OutputReport({key: number_scores(told, units(name, item)) for key, item in numbers.items()})


def _report_of_classes(
    name: str,
    raw: np.ndarray,
    part: Sample,
    task: Task,
    baselines: Baselines | None,
    levels: Sequence[str] | None,
) -> OutputReport:
    """Counted a block of samples after another: chances and classes of all of them are never in memory."""
    classes = task.classes or 0
    counts = {"model": Counts(classes)}
    for some in spans(len(part)):
        piece, y = part.some(some), np.asarray(part.y[name][some])
        truth, chances = task.truth(y), task.probabilities(raw[some])
        counts["model"].add(truth, chances.argmax(axis=1), chances)
        for key, item in (baselines.predict(piece, y, name, len(truth)) if baselines else {}).items():
            if len(item.values) == len(truth):
                counts.setdefault(key, Counts(classes)).add(truth, item.values, item.probabilities)
    names = tuple(levels) if levels and len(levels) == classes else tuple(map(str, range(classes)))
    rows = {key: item.scores() for key, item in counts.items()}
    return OutputReport(rows, names, counts["model"].table)


def _heading(context: Context) -> str:
    about = context.about
    if context.simulated and not ("simulated" in about or "toy data" in about):
        about = f"{about} (simulated)".strip()
    parts = {"test": "test part", "val": "validation part", "train": "training part", "all": "all of it"}
    counted = f"{parts.get(context.part, context.part)}: {context.windows:,} {context.unit}"
    lines = [f"{context.model} on {about}" if about else context.model]
    lines += [line for line in (context.label, context.split) if line]
    return "\n".join(wrapped(line) for line in [*lines, counted, context.note] if line)


def _section(name: str, report: OutputReport, ordered: bool) -> str:
    # Samples without time have no last snapshot: the regression sees all their numbers.
    titles = TITLES if ordered else TITLES | {"logistic": "logistic, all numbers"}
    rows = {titles.get(row, row): scores for row, scores in report.rows.items()}
    table = score_table(name, rows, CLASS_SCORES if report.levels else NUMBER_SCORES)
    if report.confusion is None:
        return f"\n{table}"
    counts = confusion_table(report.confusion, report.levels)
    occurring = [level for level, row in zip(report.levels, report.confusion, strict=True) if row.sum()]
    if len(occurring) == 1:
        # every guess of that class is right, so no score means anything
        counts += f"\n\nevery label is `{occurring[0]}`: these scores say nothing about the model.\n"
        counts += "A threshold fitted on other data is a usual cause."
    return f"\n{table}\n\n{counts}"
