"""``zoo.plot_split``: which rows and windows train, validate and test, what is purged, and a walk's steps."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.train.files import check_file, write_atomic
from zoo.train.run import load_spec
from zoo.train.split_lanes import EMBARGO, PARTS, PURGED, Bars, Lane, SplitLanes, split_lanes
from zoo.train.trained import Trained

if TYPE_CHECKING:
    from zoo.spec import Spec

FORMATS = ("png", "svg", "pdf")
_COLOURS = {
    **dict(zip(PARTS, ("#3b6fb6", "#e8a33d", "#4a9b5b"), strict=True)),
    PURGED: "#c0392b",
    EMBARGO: "#9a9a9a",
}


def plot_split(
    spec: Spec | str | os.PathLike[str],
    path: str | os.PathLike[str],
    data: Any = None,
    *,
    params: Mapping[str, Any] | None = None,
) -> Path:
    """Draw how a spec's recipe splits data, and the steps of its walk where it has one.

    A lane is a session or a symbol: above the parts of its rows, below what becomes of its windows, each at
    its last row. Close-ups show the rows around each cut, where windows are purged.

    Args:
        spec: a spec, a catalogue name, or a path.
        path: where to write; the ending says what: .png, .svg or .pdf.
        data: as in ``zoo.train``.
        params: of the spec, where it is given by name or path.

    Raises:
        SpecError, DataError: the spec or the data is not what it should be.
        TrainError: ``plot.format``; ``train.walk_order``, samples without time; ``file.write``.

    Example:
        >>> import zoo
        >>> zoo.plot_split("hrnn_lob", "split.png")  # doctest: +SKIP
    """
    target = Path(path)
    kind = target.suffix[1:].lower()
    if kind not in FORMATS:
        raise TrainError(
            f"a picture cannot be written as `{target.name}`",
            help=f"end the name in {', '.join('.' + name for name in FORMATS)}",
            code="plot.format",
        )
    check_file(target)
    loaded = load_spec(spec, params)
    run = Trained.untrained(loaded, seed=0, pretrained=False)
    return write_atomic(target, draw(split_lanes(run, data), loaded.name, kind))


def draw(lanes: SplitLanes, title: str, kind: str) -> bytes:
    """The picture; the same split gives the same bytes."""
    # matplotlib is slow to import, and the object interface leaves the user's own backend and figures alone.
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    close = lanes.cuts[:2] if lanes.end > 12 * lanes.reach else []
    heights = [0.6 + 0.45 * len(lanes.lanes)]
    heights += [1.2] if close else []
    heights += [0.8 + 0.14 * len(lanes.steps)] if lanes.steps else []
    figure = Figure(figsize=(9.0, 1.2 + sum(heights)), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(len(heights), max(1, len(close)), height_ratios=heights)
    _split_panel(figure.add_subplot(grid[0, :]), lanes)
    for place, cut in enumerate(close):
        _close_panel(figure.add_subplot(grid[1, place]), lanes, cut)
    if lanes.steps:
        _walk_panel(figure.add_subplot(grid[-1, :]), lanes)
    figure.suptitle("\n".join([title, *lanes.said]), fontsize=9)
    _legend(figure, lanes)
    buffer = io.BytesIO()
    # Neither the date nor the version of matplotlib, nor random names: the same split gives the same file.
    said: dict[str, Any] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with rc_context({"svg.hashsalt": "zoo"}):
        figure.savefig(buffer, format=kind, dpi=110, metadata=said[kind])
    return buffer.getvalue()


def _split_panel(axes: Any, lanes: SplitLanes) -> None:
    for place, lane in enumerate(lanes.lanes):
        _lane(axes, lane, place)
    if len(lanes.lanes) == 1:
        axes.set_yticks([-0.2, 0.2], ["rows", "windows"])
    else:
        axes.set_yticks(range(len(lanes.lanes)), [lane.name for lane in lanes.lanes])
        axes.set_ylabel("series: rows, windows")
    axes.set_ylim(len(lanes.lanes) - 0.4, -0.6)
    _clock(axes, lanes, -0.5, lanes.end - 0.5)


def _close_panel(axes: Any, lanes: SplitLanes, cut: int) -> None:
    _lane(axes, lanes.lanes[lanes.closest], 0)
    axes.axvline(cut - 0.5, color="black", linewidth=0.8)
    axes.set_yticks([-0.2, 0.2], ["rows", "windows"])
    axes.set_ylim(0.5, -0.5)
    axes.set_title("around a cut", fontsize=8)
    _clock(axes, lanes, max(-0.5, cut - 1.6 * lanes.reach), min(lanes.end - 0.5, cut + 1.6 * lanes.reach), 3)


def _walk_panel(axes: Any, lanes: SplitLanes) -> None:
    for place, lane in enumerate(lanes.steps):
        _barh(axes, lane.windows, place - 0.4, 0.8)
    every = max(1, len(lanes.steps) // 8)
    places = range(0, len(lanes.steps), every)
    axes.set_yticks(places, [lanes.steps[place].name for place in places])
    axes.set_ylabel("step")
    axes.set_ylim(len(lanes.steps) - 0.4, -0.6)
    _clock(axes, lanes, -0.5, lanes.end - 0.5)


def _lane(axes: Any, lane: Lane, place: int) -> None:
    _barh(axes, lane.rows, place - 0.38, 0.36)
    _barh(axes, lane.windows, place + 0.02, 0.36)


def _barh(axes: Any, bars: Bars, low: float, height: float) -> None:
    for name, stretches in bars.items():
        axes.broken_barh(stretches, (low, height), facecolors=_COLOURS[name], linewidth=0)


def _clock(axes: Any, lanes: SplitLanes, low: float, high: float, labels: int = 6) -> None:
    axes.set_xlim(low, high)
    axes.tick_params(labelsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    if lanes.time is None:
        axes.set_xlabel("row, counted from 0", fontsize=8)
        return
    places = np.linspace(max(0, low), min(lanes.end - 1, high), labels).round().astype(int)
    places = np.unique(places)
    axes.set_xticks(places, _times(lanes.time[places]))


def _times(values: np.ndarray) -> list[str]:
    if values.dtype.kind != "M":
        return [f"{value:g}" for value in values.tolist()]
    days = values.astype("M8[D]")
    if (days[1:] != days[:-1]).all():
        return [str(text) for text in np.datetime_as_string(days)]
    if days[0] == days[-1]:
        return [text.partition("T")[2] for text in np.datetime_as_string(values.astype("M8[s]")).tolist()]
    return [text.replace("T", "\n") for text in np.datetime_as_string(values.astype("M8[s]")).tolist()]


def _legend(figure: Any, lanes: SplitLanes) -> None:
    from matplotlib.patches import Patch

    shown = {name for lane in (*lanes.lanes, *lanes.steps) for name in (*lane.rows, *lane.windows)}
    patches = [Patch(color=colour, label=name) for name, colour in _COLOURS.items() if name in shown]
    figure.legend(handles=patches, loc="outside lower center", ncols=len(patches), frameon=False, fontsize=8)
