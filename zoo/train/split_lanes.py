"""What a picture of a split shows, worked out before anything is drawn: bars on the clock of the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import DataError
from zoo.train import sources
from zoo.train.walk.data import WalkData
from zoo.train.walk.plan import WalkPlan

if TYPE_CHECKING:
    from zoo.data import Part
    from zoo.data.folds import Fold
    from zoo.data.timeline import Timeline
    from zoo.train.trained import Trained

PARTS = ("training", "validation", "test")
PURGED, EMBARGO = "purged", "embargo"
MOST_LANES, MOST_STEPS = 12, 40

# what it is → first tick and number of ticks of each bar.
Bars = dict[str, list[tuple[float, float]]]


@dataclass(frozen=True)
class Lane:
    """One session or symbol, or one step of a walk.

    Args:
        name: beside the lane.
        rows: parts that its rows belong to; empty for a step.
        windows: what becomes of its windows, each at its last row.
    """

    name: str
    rows: Bars
    windows: Bars


@dataclass(frozen=True)
class SplitLanes:
    """A split, and the walk where the spec has one.

    Args:
        lanes: of the split; a few of them where there are many.
        cuts: ticks near which it is worth looking closely: where a part begins in lane ``closest``.
        closest: number of the first lane that is cut.
        reach: ticks before a cut that its purge, and a window, are long.
        steps: of the walk, likewise.
        said: the split and the walk in words, a line each.
        time: (tick,) time of each tick, or None.
        end: the tick after the last.
    """

    lanes: list[Lane]
    cuts: list[int]
    closest: int
    reach: int
    steps: list[Lane]
    said: list[str]
    time: np.ndarray | None
    end: int


def split_lanes(run: Trained, data: Any) -> SplitLanes:
    """The lanes of a spec's split of ``data``.

    Raises:
        DataError: the data does not fit the recipe. TrainError: code ``train.walk_order``, samples that have
            no order in time.
    """
    walked = WalkData.of(run, data)
    timeline, tasks = walked.timeline, run.tasks
    prepared = sources.prepare(run.spec, data, tasks)
    kept = {"training": prepared.train, "validation": prepared.val, "test": prepared.test}
    lanes, cuts, closest = _split(timeline, kept)
    split, ticks = timeline.split, timeline.spans.ticks
    shares = "/".join(f"{100 * share:g}" for share in (split.train, split.val, split.test))
    said = [
        f"split by {split.by}, {shares} %, purge {split.purge}, embargo {split.embargo}; "
        f"labels read {timeline.ahead} rows ahead"
    ]
    steps: list[Lane] = []
    if (recipe := run.spec.training.get("walk_forward")) is not None:
        plan = WalkPlan.of(recipe, {}, len(timeline.spans), split.train)
        try:
            folds = timeline.folds(first=plan.first, step=plan.step, window=plan.window)
        except DataError as error:
            # Data of one's own may be too short for the spec's walk, which nobody asked for here.
            if error.code != "data.walk":
                raise
            said.append(f"no walk: {error.message}")
        else:
            steps = _steps(timeline, folds)
            said.append(f"walk of {len(folds):,} steps: {plan}")
    spans = timeline.spans
    length = int((spans.now - spans.start).max()) + 1
    return SplitLanes(
        lanes,
        cuts,
        closest,
        max(length, timeline.ahead + split.embargo),
        steps,
        said,
        _times(timeline),
        int(ticks.max()) + 1,
    )


def _split(timeline: Timeline, kept: Mapping[str, Part]) -> tuple[list[Lane], list[int], int]:
    from zoo.data.splitting import under_embargo

    parts, runs, ticks = timeline.parts(), timeline.runs, timeline.spans.ticks
    ends = timeline.spans.rows
    state = np.full(len(parts), "", object)
    embargo = under_embargo(parts, runs, timeline.split.embargo)[ends]
    inside = parts[ends] >= 0
    state[ends[inside]] = np.where(embargo, EMBARGO, PURGED)[inside]
    for name, part in kept.items():
        state[part.rows] = name
    width = int(np.median(np.diff(ends))) if len(ends) > 1 else 1
    lanes: list[Lane] = []
    cuts: list[int] = []
    closest = 0
    for number in _few(int(runs.max()) + 1, MOST_LANES):
        rows = np.flatnonzero(runs == number)
        names = np.array([*PARTS, ""], object)[parts[rows]]
        windows = rows[state[rows] != ""]
        lanes.append(
            Lane(f"{number + 1}", _bars(names, ticks[rows], 1), _bars(state[windows], ticks[windows], width))
        )
        if not cuts:
            cuts = ticks[rows[np.flatnonzero(parts[rows][1:] != parts[rows][:-1]) + 1]].tolist()
            closest = len(lanes) - 1
    return lanes, cuts, closest


def _steps(timeline: Timeline, folds: list[Fold]) -> list[Lane]:
    spans = timeline.spans
    width = int(np.median(np.diff(spans.rows))) if len(spans) > 1 else 1
    lanes = []
    for number in _few(len(folds), MOST_STEPS):
        fold = folds[number]
        bars: Bars = {}
        for name, samples in (("training", fold.train), (PURGED, fold.purged), ("test", fold.test)):
            ticks = np.unique(spans.now[samples])
            bars |= _bars(np.full(len(ticks), name, object), ticks, width)
        lanes.append(Lane(f"{number + 1}", {}, bars))
    return lanes


def _few(count: int, most: int) -> list[int]:
    """All numbers below ``count``, or ``most`` of them, evenly spaced, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return [int(number) for number in np.linspace(0, count - 1, most).round()]


def _bars(names: np.ndarray, ticks: np.ndarray, width: int) -> Bars:
    """Neighbours of one name as one bar; ``ticks`` rise, and each is ``width`` wide at most."""
    found: Bars = {}
    for name, first, last in _stretches(names, ticks, width):
        if name:
            found.setdefault(name, []).append((first - 0.5, last - first + min(width, 1)))
    return found


def _stretches(names: np.ndarray, ticks: np.ndarray, width: int) -> Iterator[tuple[str, float, float]]:
    if not len(names):
        return
    # Rows of one group may have other groups' rows between them: a gap is more than is usual here.
    usual = max(width, float(np.median(np.diff(ticks))) if len(ticks) > 1 else 1.0)
    breaks = np.flatnonzero((names[1:] != names[:-1]) | (np.diff(ticks) > 2 * usual)) + 1
    edges = [0, *breaks.tolist(), len(names)]
    for first, stop in zip(edges[:-1], edges[1:], strict=True):
        follows = stop < len(names) and ticks[stop] - ticks[stop - 1] <= 2 * usual
        yield str(names[first]), float(ticks[first]), float(ticks[stop] - 1 if follows else ticks[stop - 1])


def _times(timeline: Timeline) -> np.ndarray | None:
    if timeline.time is None:
        return None
    ticks = timeline.spans.ticks
    found = np.empty(int(ticks.max()) + 1, timeline.time.dtype)
    found[ticks] = timeline.time
    # Order books count nanoseconds; a table's own numbers are what they are.
    return found.astype("M8[ns]") if timeline.pipeline.kind == "orderbook" else found
