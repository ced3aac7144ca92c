"""The three pictures of a walk: loss by batch, loss by step, what came beside what was predicted."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from zoo.train.walk.result import WalkForward

_MOST = 4  # panels, one a number that is predicted


def pictures(walk: WalkForward) -> dict[str, bytes]:
    """Name → PNG; the same walk gives the same bytes."""
    drawn: dict[str, Callable[[WalkForward, Any], None]] = {
        "training_loss": _training_loss,
        "step_loss": _step_loss,
    }
    made = {name: _png(walk, draw) for name, draw in drawn.items()}
    return {**made, "predictions": _predictions(walk)}


def _training_loss(walk: WalkForward, axes: Any) -> None:
    losses = np.asarray(walk.losses["loss"], np.float64)
    axes.plot(np.arange(1, len(losses) + 1), losses, linewidth=0.6, color="tab:grey", label="batch")
    if len(losses) > 50:
        width = len(losses) // 50
        smooth = np.convolve(losses, np.ones(width) / width, mode="valid")
        axes.plot(np.arange(width, len(losses) + 1), smooth, color="tab:blue", label=f"mean of {width:,}")
        axes.legend(frameon=False)
    axes.set(xlabel="batch of the walk", ylabel="training loss", title=f"{walk.name}: training loss by batch")
    _log_where_it_helps(axes, losses)


def _step_loss(walk: WalkForward, axes: Any) -> None:
    losses = walk.step_loss
    axes.plot(np.arange(1, len(losses) + 1), losses, marker=".", linewidth=1)
    axes.axhline(walk.score, color="tab:red", linewidth=0.8, label=f"last quarter: {walk.score:.4g}")
    axes.legend(frameon=False)
    axes.set(xlabel="step", ylabel="test loss", title=f"{walk.name}: test loss by step")
    _log_where_it_helps(axes, losses)


def _predictions(walk: WalkForward) -> bytes:
    keys = [name for name in ("output", "number") if name in walk.frame]
    groups = list(walk.frame.groupby(keys, sort=False))[:_MOST]
    figure = _figure((7.0, 2.8 * max(1, len(groups))))
    for place, (key, lines) in enumerate(groups, start=1):
        axes = figure.add_subplot(len(groups), 1, place)
        horizontal = np.arange(1, len(lines) + 1)
        if lines["actual"].dtype.kind in "if":
            axes.plot(horizontal, lines["actual"], label="actual")
            axes.plot(horizontal, lines["predicted"], label="predicted", linewidth=1)
        else:
            levels = sorted({*lines["actual"], *lines["predicted"]})
            for what, style in (("actual", "|"), ("predicted", "x")):
                codes = [levels.index(item) for item in lines[what]]
                axes.plot(horizontal, codes, style, markersize=4, label=what)
            axes.set_yticks(range(len(levels)), levels)
        axes.legend(frameon=False)
        axes.set(xlabel="prediction of the walk", title=" ".join(map(str, key)))
    return _bytes(figure)


def _log_where_it_helps(axes: Any, values: np.ndarray) -> None:
    good = values[np.isfinite(values)]
    if len(good) and good.min() > 0 and good.max() > 30 * good.min():
        axes.set_yscale("log")


def _png(walk: WalkForward, draw: Callable[[WalkForward, Any], None]) -> bytes:
    figure = _figure((7.0, 3.5))
    draw(walk, figure.add_subplot())
    return _bytes(figure)


def _figure(size: tuple[float, float]) -> Any:
    # matplotlib is slow to import, and the object interface leaves the user's own backend and figures alone.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _bytes(figure: Any) -> bytes:
    buffer = io.BytesIO()
    # Neither the date nor the version of matplotlib: the same walk gives the same file.
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return buffer.getvalue()
