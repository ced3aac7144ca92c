"""Check: windows, labels, scalers and features, as everything after a moment of the data changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.audit.finding import Finding
from zoo.audit.futures import KINDS, Futures
from zoo.audit.labels import check_labels
from zoo.audit.probe import moved
from zoo.audit.subject import Subject

if TYPE_CHECKING:
    from zoo.data import Part

CHECK = "pipeline"
_MOMENTS = (0.3, 0.45, 0.6, 0.75, 0.9)
_COMPARED = 512  # windows: a look-ahead of any length shows in the last ones before the moment
_TOLERANCE = 0.0  # the same numbers in give the same numbers out, to the last bit


def check_pipeline(subject: Subject, seed: int) -> Iterator[Finding]:
    """What is fitted, what is trained on, windows, labels; of arrays, the labels alone."""
    if not subject.parts:
        yield Finding(CHECK, "not checked", subject.missing)
        return
    if subject.prepared is None or subject.prepared.pipeline.kind not in KINDS:
        said = "how they were made is not to be seen" if subject.in_time else "they are independent samples"
        yield Finding(CHECK, "not checked", f"the data are arrays: {said}",
                      help="give features=, the function that makes them of a frame")  # fmt: skip
    elif not subject.known:
        yield Finding(CHECK, "not checked", "what the run was trained on is not at hand as it was given",
                      help="give data=, the same again")  # fmt: skip
    else:
        futures = Futures(subject)
        yield from _fitted(futures, seed)
        yield from _in_time(futures, seed)
    yield from check_labels(subject)


def _fitted(futures: Futures, seed: int) -> Iterator[Finding]:
    """What the training part is made of, as all rows of other parts change."""
    before = futures.prepare(futures.source())
    after = futures.prepare(futures.source(futures.timeline.parts() != 0, seed))
    found = differences(before.pipeline.fitted(), after.pipeline.fitted())
    step, gap = max(found.items(), key=lambda item: item[1], default=("", 0.0))
    yield _finding(
        gap, "of what was fitted", f"pipeline.{step}", "D310",
        "scalers and thresholds stay as they are when all rows after the training part change",
        "what is fitted moves when rows after the training part change",
        "fit scalers and thresholds on the training part alone: fit: train",
    )  # fmt: skip
    one, two = before.train, after.train
    if not np.array_equal(one.rows, two.rows):
        share = 1 - len(np.intersect1d(one.rows, two.rows)) / max(1, len(one))
        yield Finding(CHECK, "leak", "which windows are trained on depends on rows after the training part",
                      share, _TOLERANCE, "of the windows", "split", "D312", "write purge: auto")  # fmt: skip
        return
    places = _some(len(one))
    gap_x, name_x = _apart(one.x, two.x, places, places)
    yield _finding(
        gap_x, "of a scaled feature", f"windows of `{name_x}`", "D302",
        "training windows stay as they are when all rows after the training part change",
        "training windows move when rows after the training part change",
        "make features of the row itself and those before it",
    )  # fmt: skip
    gap_y, name_y = _apart(one.y, two.y, places, places)
    yield _finding(
        gap_y, "of a label", f"labels of `{name_y}`", "D312",
        "training labels stay as they are when all rows after the training part change",
        "training labels move when rows after the training part change",
        "purge the windows whose label reads rows of the next part: purge: auto",
    )  # fmt: skip


def _in_time(futures: Futures, seed: int) -> Iterator[Finding]:
    """Windows that end, and labels that lie, before a moment, as everything after it changes."""
    ticks, before = futures.timeline.spans.ticks, _whole(futures, None, seed)
    far = np.minimum(before.rows + futures.timeline.ahead, len(ticks) - 1)
    ordered = np.sort(ticks)
    gaps: dict[str, tuple[float, str]] = {"x": (0.0, ""), "y": (0.0, "")}
    crossing, alive = 0, 0.0
    for number, share in enumerate(_MOMENTS):
        cut = ordered[int(share * (len(ordered) - 1))]
        after = _whole(futures, ticks > cut, seed + number)
        _, one, two = np.intersect1d(before.rows, after.rows, return_indices=True)
        for name in before.x:
            # An input that knows coming rows, such as a price list, may see those that it is said to.
            last = np.minimum(before.rows[one] + futures.shift(name), len(ticks) - 1)
            chosen = _last(ticks[last] <= cut)
            gap = _apart({name: before.x[name]}, {name: after.x[name]}, one[chosen], two[chosen])
            gaps["x"] = max(gaps["x"], gap)
        seen, known = ticks[before.rows[one]] <= cut, ticks[far[one]] <= cut
        chosen, between = _last(known), _last(seen & ~known)
        gaps["y"] = max(gaps["y"], _apart(before.y, after.y, one[chosen], two[chosen]))
        crossing += len(between)
        alive = max(alive, _apart(before.y, after.y, one[between], two[between])[0])
    yield _finding(
        gaps["x"][0], "of a scaled feature", f"windows of `{gaps['x'][1]}`", "D302",
        "windows stay as they are when everything after their last row changes",
        "windows move when rows after their last one change",
        "make features of the row itself and those before it",
    )  # fmt: skip
    yield _finding(
        gaps["y"][0], "of a label", f"labels of `{gaps['y'][1]}`", "D312",
        "labels read no row after their horizon", "labels read rows after their horizon",
        "give the true horizon: purges are made by it",
    )  # fmt: skip
    yield from _alive(futures, crossing, alive)


def _alive(futures: Futures, crossing: int, gap: float) -> Iterator[Finding]:
    """A label that lies ahead has to move with what lies ahead."""
    if futures.timeline.ahead < 1 or crossing < len(_MOMENTS):
        return
    if gap > 0:
        yield Finding(CHECK, "clean", "labels lie in the future: they move with it", gap, 0.0, "of a label")
    else:
        yield Finding(
            CHECK, "leak", "labels do not move with the rows they are said to be of: they lie in no future",
            gap, 0.0, "of a label", "labels", "D315",
            "write horizon: 1 or more, and let the label be of rows after the window",
        )  # fmt: skip


def _whole(futures: Futures, changed: NDArray[np.bool_] | None, seed: int) -> Part:
    """All windows with their labels, by what was fitted on the data as they are."""
    pipeline = futures.pipeline
    if futures.frame is None:
        return pipeline.part_of(futures.source(changed, seed), labels=True)
    return pipeline.transform(futures.source(changed, seed), labels=True)


def differences(one: Any, two: Any, path: str = "") -> dict[str, float]:
    """Path → how far two fitted states are apart, of those numbers that differ."""
    if isinstance(one, Mapping) and isinstance(two, Mapping) and set(one) == set(two):
        parts = [differences(one[name], two[name], f"{path}.{name}" if path else str(name)) for name in one]
    elif isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)) and len(one) == len(two):
        parts = [differences(a, b, f"{path}[{n}]") for n, (a, b) in enumerate(zip(one, two, strict=True))]
    elif one == two or (one != one and two != two):
        return {}
    else:
        numbers = isinstance(one, (int, float)) and isinstance(two, (int, float))
        return {path: abs(float(one) - float(two)) if numbers else float("inf")}
    return {name: gap for part in parts for name, gap in part.items()}


def _apart(one: Any, two: Any, first: NDArray[Any], second: NDArray[Any]) -> tuple[float, str]:
    """How far arrays by name are apart at these places, and the name of the worst."""
    found = [
        (moved(np.asarray(one[name][first]), np.asarray(two[name][second])), str(name))
        for name in one
        if len(first)
    ]
    return max(found, default=(0.0, ""))


def _some(count: int) -> NDArray[np.int64]:
    """The last windows, and some of all of them."""
    spread = np.linspace(0, count - 1, min(count, _COMPARED)).astype(np.int64)
    return np.union1d(spread, np.arange(max(0, count - _COMPARED), count))


def _last(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    found = np.flatnonzero(mask)
    return found[_some(len(found))] if len(found) else found


def _finding(gap: float, unit: str, where: str, rule: str, fine: str, bad: str, help: str) -> Finding:
    if gap <= _TOLERANCE:
        return Finding(CHECK, "clean", fine, gap, _TOLERANCE, unit)
    return Finding(CHECK, "leak", bad, gap, _TOLERANCE, unit, where, rule, help)
