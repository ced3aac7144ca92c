"""A run's folder: the bundle beside files that other programs read."""

from __future__ import annotations

import csv
import io
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from zoo.build import archive
from zoo.errors import TrainError
from zoo.train.files import write_atomic

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def check_folder(out: str | os.PathLike[str]) -> Path:
    """Make the folder of a run, before the run: a wrong path must not show after an hour of training.

    Raises:
        TrainError: codes ``train.out``, ``file.write``.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise TrainError(
            f"out=`{folder}` is a file, and a run needs a folder", help="give another name", code="train.out"
        ) from None
    except OSError as failure:
        raise TrainError(
            f"cannot make the folder `{folder}`: {failure.strerror}",
            help="give a folder that you may write to",
            code="train.out",
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise TrainError(
            f"the folder `{folder}` may not be written to", help="give another folder", code="train.out"
        )
    return folder


def write_folder(run: Trained, folder: Path) -> dict[str, Path]:
    """Write what a run gave; each file is whole or absent, and old ones of the same names are replaced.

    Returns:
        what each file is (``bundle``, ``history``, ``metrics``, ``picture``) → where it lies.
    """
    for stale in ("metrics.json", "history.png"):
        # An interrupted or untrained run has none: those of an earlier run must not stand beside it.
        (folder / stale).unlink(missing_ok=True)
    files = {"bundle": run.save(folder / f"{run.spec.name}.zoo")}
    files["history"] = write_atomic(folder / "history.csv", history_csv(run.history))
    if run.evaluation is not None:
        plain = {
            "metrics": _finite(run.evaluation.metrics),
            "baselines": {name: _finite(scores) for name, scores in run.evaluation.baselines.items()},
        }
        files["metrics"] = write_atomic(
            folder / "metrics.json",
            archive.to_json({**plain, "seed": run.seed, "report": run.evaluation.to_dict()}),
        )
    if run.epochs:
        files["picture"] = write_atomic(folder / "history.png", history_png(run.history, run.spec.name))
    return files


def history_csv(history: dict[str, list[float]]) -> bytes:
    """One row an epoch, counted from 1; a value that an epoch lacks is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["epoch", *history])
    for epoch, row in enumerate(zip(*history.values(), strict=True), start=1):
        writer.writerow([epoch, *("" if math.isnan(value) else repr(value) for value in row)])
    return text.getvalue().encode()


def history_png(history: dict[str, list[float]], title: str) -> bytes:
    """Curves of every value, training and validation in one panel each."""
    # matplotlib is slow to import, and the object interface leaves the user's own backend and figures alone.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    names = [name for name in history if not name.startswith("val_")] or list(history)
    figure = Figure(figsize=(4.5 * len(names), 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    for i, name in enumerate(names, start=1):
        axes = figure.add_subplot(1, len(names), i)
        for key, label in ((name, "training"), (f"val_{name}", "validation")):
            if key in history:
                axes.plot(range(1, len(history[key]) + 1), history[key], marker=".", label=label)
        axes.set(xlabel="epoch", title=name)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(frameon=False)
    figure.suptitle(title)
    buffer = io.BytesIO()
    # Neither the date nor the version of matplotlib: the same run gives the same file.
    figure.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    return buffer.getvalue()


def _finite(scores: dict[str, float]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in scores.items()}
