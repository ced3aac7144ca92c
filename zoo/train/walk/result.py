"""What a walk has given: predictions step by step, losses, and the scores of all of it beside baselines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.build import archive
from zoo.train.files import write_atomic
from zoo.train.judge.evaluate import Context, Evaluation, OutputReport
from zoo.train.judge.scores import class_scores, confusion, number_scores
from zoo.train.tasks import Task
from zoo.train.walk.data import WalkData
from zoo.train.walk.plan import WalkPlan

if TYPE_CHECKING:
    import pandas as pd

    from zoo.spec import Spec

Step = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class WalkForward:
    """A finished walk; ``str()`` is its report.

    Args:
        name: of the spec.
        frame: a line for each number or class that was predicted, in the order of the walk: ``step`` and
            ``row`` (both counted from 1), ``time`` where the data has it, ``output``, ``number`` where an
            output has several, ``actual`` and ``predicted`` (in the unit of the data, or names of classes),
            ``loss`` of its window, and ``p_CLASS``.
        losses: a line for each batch trained on: ``step``, ``epoch``, ``batch``, all counted from 1, and
            ``loss``. Of an epoch of more than 2,000 batches, means of those that follow each other.
        evaluation: scores of all predictions together, beside baselines that were fitted on each step's past.
        plan: of the steps.
        seed: of the walk.
        trained: (step,) windows trained on.
        left_out: the spec's callbacks that watch a validation part, which a walk has not.
    """

    name: str
    frame: pd.DataFrame
    losses: pd.DataFrame
    evaluation: Evaluation
    plan: WalkPlan
    seed: int
    trained: tuple[int, ...]
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        spec: Spec,
        tasks: Mapping[str, Task],
        data: WalkData,
        plan: WalkPlan,
        steps: Sequence[Step],
        seed: int,
        left_out: Sequence[str] = (),
    ) -> WalkForward:
        """The walk that these results of its steps make."""
        names = {name: _class_names(data, name, task) for name, task in tasks.items()}
        context = Context(
            model=spec.name,
            about=data.prepared.about,
            part=f"walk of {len(steps):,} steps",
            windows=sum(len(step["rows"]) for step in steps if step.get("rows")),
            split=str(plan),
            simulated=bool(data.prepared.simulated),
        )
        reports = {name: _report(name, task, names[name], steps) for name, task in tasks.items()}
        return cls(
            spec.name,
            _frame(data.timeline.time, names, steps),
            _losses(steps),
            Evaluation(context, {name: item for name, item in reports.items() if item is not None}),
            plan,
            seed,
            tuple(int(step["trained"]) for step in steps),
            tuple(left_out),
        )

    @property
    def step_loss(self) -> np.ndarray:
        """(step,) mean loss of the windows that each step predicted, as the model minimises it."""
        seen = self.frame.drop_duplicates(["step", "row"])
        return np.asarray(seen.groupby("step")["loss"].mean())

    @property
    def score(self) -> float:
        """Mean loss over the last quarter of the steps, when the model has seen most."""
        losses = self.step_loss
        return float(losses[-max(1, math.ceil(len(losses) / 4)) :].mean())

    @property
    def metrics(self) -> dict[str, float]:
        """The model's scores over the whole walk; with several outputs each is called ``OUTPUT_SCORE``."""
        return self.evaluation.metrics

    def write(self, folder: Path) -> dict[str, Path]:
        """Write ``walk.csv``, ``losses.csv``, ``metrics.json`` and the plots; each is whole or absent."""
        said = {
            "score": self.score,
            "seed": self.seed,
            "left_out": list(self.left_out),
            "report": self.evaluation.to_dict(),
        }
        return {
            "frame": write_atomic(folder / "walk.csv", _csv(self.frame)),
            "losses": write_atomic(folder / "losses.csv", _csv(self.losses)),
            "metrics": write_atomic(folder / "metrics.json", archive.to_json(said)),
            **self.save_plots(folder),
        }

    def save_plots(self, folder: str | Path) -> dict[str, Path]:
        """Write three pictures: ``training_loss.png``, ``step_loss.png`` and ``predictions.png``."""
        from zoo.train.walk.plots import pictures

        return {
            name: write_atomic(Path(folder) / f"{name}.png", data) for name, data in pictures(self).items()
        }

    def __str__(self) -> str:
        text = f"{self.evaluation}\n\nmean loss over the last quarter of the walk: {self.score:.4g}"
        if not self.left_out:
            return text
        named = ", ".join(self.left_out)
        return f"{text}\nleft out of the walk, whose steps have no validation part to watch: {named}"

    def __repr__(self) -> str:
        return f"WalkForward({self.name!r}, {len(self.trained)} steps, score {self.score:.4g})"


def _class_names(data: WalkData, output: str, task: Task) -> list[str]:
    if not task.classes:
        return []
    known = list(data.prepared.pipeline.class_names(output))
    return known if len(known) == task.classes else [str(i) for i in range(task.classes)]


def _frame(time: np.ndarray | None, names: Mapping[str, list[str]], steps: Sequence[Step]) -> pd.DataFrame:
    import pandas as pd

    pieces = []
    for number, step in enumerate(steps, start=1):
        rows = np.asarray(step.get("rows", []), np.int64)
        for output, said in step.get("outputs", {}).items():
            if not len(rows) or "predicted" not in said:
                continue
            pieces.append(_piece(number, rows, time, output, said, step["loss"], names[output]))
    if not pieces:
        return pd.DataFrame({"step": [], "row": [], "output": [], "actual": [], "predicted": [], "loss": []})
    frame = pd.concat(pieces, ignore_index=True)
    return frame.drop(columns="number") if (frame["number"] == 1).all() else frame


def _piece(
    number: int,
    rows: np.ndarray,
    time: np.ndarray | None,
    output: str,
    said: Mapping[str, Any],
    loss: Sequence[float],
    names: Sequence[str],
) -> pd.DataFrame:
    import pandas as pd

    actual, predicted = np.asarray(said["actual"]), np.asarray(said["predicted"])
    width = actual.shape[1]
    columns: dict[str, Any] = {"step": number, "row": np.repeat(rows + 1, width)}
    if time is not None:
        columns["time"] = np.repeat(time[rows], width)
    columns |= {"output": output, "number": np.tile(np.arange(1, width + 1), len(rows))}
    if names:
        known = np.asarray(names)
        columns |= {"actual": known[actual.ravel()], "predicted": known[predicted.ravel()]}
        chances = np.asarray(said["chances"]).reshape(-1, len(names))
        columns |= {"loss": np.repeat(loss, width)}
        columns |= {f"p_{name}": chances[:, i] for i, name in enumerate(names)}
    else:
        columns |= {
            "actual": actual.ravel(),
            "predicted": predicted.ravel(),
            "loss": np.repeat(loss, width),
        }
    return pd.DataFrame(columns)


def _losses(steps: Sequence[Step]) -> pd.DataFrame:
    import pandas as pd

    pieces = [
        pd.DataFrame({"step": number, "epoch": epoch, "batch": np.arange(1, len(each) + 1), "loss": each})
        for number, step in enumerate(steps, start=1)
        for epoch, each in enumerate(step["losses"] or [], start=1)
    ]
    columns = ["step", "epoch", "batch", "loss"]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def _report(output: str, task: Task, names: Sequence[str], steps: Sequence[Step]) -> OutputReport | None:
    said = [
        step["outputs"][output] for step in steps if "predicted" in step.get("outputs", {}).get(output, {})
    ]
    if not said:
        return None
    actual = np.concatenate([np.asarray(item["actual"]) for item in said])
    rows = {"model": _joined(said, None)}
    for key in said[0]["baselines"]:
        # A baseline that some step's past did not allow says nothing of the whole.
        if all(key in item["baselines"] for item in said):
            rows[key] = _joined(said, key)
    if not task.classes:
        return OutputReport({key: number_scores(actual, values) for key, (values, _) in rows.items()})
    truth = actual.ravel()
    scores = {
        key: class_scores(truth, values.ravel(), task.classes, chances)
        for key, (values, chances) in rows.items()
    }
    return OutputReport(scores, tuple(names), confusion(truth, rows["model"][0].ravel(), task.classes))


def _joined(said: Sequence[Mapping[str, Any]], baseline: str | None) -> tuple[np.ndarray, np.ndarray | None]:
    """All predictions of the model, or of a baseline, and chances where there are any."""
    items = [item if baseline is None else item["baselines"][baseline] for item in said]
    values = np.concatenate([np.asarray(item["predicted"]) for item in items])
    if all("chances" in item for item in items):
        chances = [np.asarray(item["chances"]) for item in items]
        return values, np.concatenate([item.reshape(-1, item.shape[-1]) for item in chances])
    if all("prior" in item for item in items):
        priors = [np.tile(item["prior"], (np.asarray(item["predicted"]).size, 1)) for item in items]
        return values, np.concatenate(priors)
    return values, None


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()
