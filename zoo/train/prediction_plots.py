"""Pictures of predictions against targets while a model learns, for the callback ``PlotPrediction``."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.data.part import WindowInput
from zoo.layers.plot_prediction import PlotPrediction
from zoo.train.files import write_atomic
from zoo.train.units import in_units

if TYPE_CHECKING:
    from zoo.data import Part
    from zoo.train.trained import Trained

FOLDER = "predictions"
_MOST_LINES = 4


@dataclass(frozen=True, eq=False)
class Frame:
    """What one picture shows.

    Args:
        step: batches trained on so far.
        target: output → (point, line), in the unit of the data; numbers of classes.
        prediction: the same, as the model then said it.
    """

    step: int
    target: Mapping[str, np.ndarray]
    prediction: Mapping[str, np.ndarray]


def let_draw(callbacks: Iterable[Any], run: Trained, folder: Path | None) -> None:
    """Tell the callbacks that draw predictions what to draw, and where, if anywhere."""
    for callback in callbacks:
        if isinstance(callback, PlotPrediction) and run.prepared is not None:
            callback.draw = _Pictures(run, callback.part, callback.points, folder)


class _Pictures:
    """Draws the first windows of a part, as the run predicts them at the time."""

    def __init__(self, run: Trained, part: str, points: int, folder: Path | None) -> None:
        whole = getattr(run.prepared, part)
        self._run = run
        self._folder = folder
        self._first = True
        self._part = _first(whole if len(whole) else run.prepared.train, points)
        self._points = points
        told = {name: self._truth(name) for name in self._part.y}
        self._target = {name: values for name, values in told.items() if values is not None}

    def __call__(self, step: int) -> Frame:
        raw = self._run.raw_outputs(self._part.x, self._part)
        numbers = {name: self._run.tasks[name].numbers(values) for name, values in raw.items()}
        told = in_units(numbers, self._plain_tasks(), self._run.pipeline)
        made = {}
        for name in self._target:
            task = self._run.tasks[name]
            classes = task.probabilities(raw[name]).argmax(axis=1) if task.classes else None
            made[name] = self._lines(told[name] if classes is None else classes, task.classes is not None)
        frame = Frame(step, self._target, made)
        if self._folder is not None and frame.target:
            self._write(self._folder / FOLDER, frame)
        return frame

    def _write(self, folder: Path, frame: Frame) -> None:
        folder.mkdir(exist_ok=True)
        if self._first:
            # Those of an earlier run must not stand among this one's; a run taken up again keeps its own.
            for old in folder.glob("step_*.png"):
                if old.name >= _name(frame.step):
                    old.unlink()
            self._first = False
        write_atomic(folder / _name(frame.step), picture(frame, self._run.spec.name))

    def _plain_tasks(self) -> dict[str, Any]:
        # The point of a distribution is a number like any other.
        return {name: replace(task, point=None, quantiles=()) for name, task in self._run.tasks.items()}

    def _truth(self, name: str) -> np.ndarray | None:
        task = self._run.tasks[name]
        values = np.asarray(self._part.y[name])
        if task.classes:
            return self._lines(task.truth(values), True)
        shown = in_units({name: values}, self._plain_tasks(), self._run.pipeline)[name]
        return self._lines(shown, False) if shown.ndim < 4 else None

    def _lines(self, values: np.ndarray, classes: bool) -> np.ndarray:
        """(point, line): windows that follow one another in a row, of those that overlap the first step."""
        if classes or values.ndim == 1:
            return values.reshape(-1, 1)[: self._points]
        steps = values.reshape(len(values), values.shape[1], -1) if values.ndim > 2 else values[:, None, :]
        apart = self._part.stride >= steps.shape[1]
        shown = steps.reshape(-1, steps.shape[2]) if apart else steps[:, 0]
        return shown[: self._points, :_MOST_LINES]


def _first(part: Part, points: int) -> Part:
    """The part's first windows, as many as ``points`` may need."""
    rows = part.rows[:points]
    x = {
        name: WindowInput(item.windows.take(np.arange(len(rows))), item.sample_shape)
        if isinstance(item, WindowInput)
        else item[:points]
        for name, item in part.x.items()
    }
    return replace(part, x=x, rows=rows, y={name: values[:points] for name, values in part.y.items()})


def _name(step: int) -> str:
    return f"step_{step:06d}.png"


def picture(frame: Frame, title: str) -> bytes:
    """A frame as a PNG: one panel an output."""
    # matplotlib is slow to import, and the object interface leaves the user's own backend and figures alone.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 2.6 * len(frame.target)), layout="constrained")
    FigureCanvasAgg(figure)
    for place, name in enumerate(frame.target, start=1):
        axes = figure.add_subplot(len(frame.target), 1, place)
        alone = frame.target[name].shape[1] == 1
        _draw(axes, frame.target[name], "k." if alone else ".", "target")
        _draw(axes, frame.prediction[name], "-", "prediction")
        axes.set(ylabel=name)
    figure.legend(*_once(axes.get_legend_handles_labels()), frameon=False, loc="outside upper right", ncols=2)
    figure.suptitle(f"{title}, step {frame.step:,}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=80, metadata={"Software": None})
    return buffer.getvalue()


def _draw(axes: Any, values: np.ndarray, mark: str, label: str) -> None:
    for place in range(values.shape[1]):
        color = {} if "k" in mark else {"color": f"C{place}"}
        axes.plot(values[:, place], mark, label=label, linewidth=1, markersize=4, **color)


def _once(found: tuple[Sequence[Any], Sequence[str]]) -> tuple[list[Any], list[str]]:
    first = {label: handle for handle, label in reversed(list(zip(*found, strict=True)))}
    return list(first.values()), list(first)
