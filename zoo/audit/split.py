"""Check: rows and label horizons that two parts of the data share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.audit.finding import Finding
from zoo.audit.futures import KINDS
from zoo.audit.stretches import rows_apart, share_repeated
from zoo.audit.subject import Subject
from zoo.data.part import WindowInput
from zoo.train.parts import Sample

CHECK = "split"
NAMES = {"train": "training", "val": "validation", "test": "test"}
Rows = NDArray[np.int64]


def check_split(subject: Subject, horizon: int | None) -> Iterator[Finding]:
    """One finding or more for each two parts.

    Args:
        subject: with its parts.
        horizon: rows that labels look ahead, where the data do not say it themselves.
    """
    parts = {name: part for name, part in subject.parts.items() if len(part)}
    if len(parts) < 2:
        yield Finding(CHECK, "not checked", subject.missing or "the data have one part")
        return
    reach = reach_of(subject, horizon)
    for first, second in combinations(parts, 2):
        pair = f"{NAMES[first]} and {NAMES[second]}"
        one, two = parts[first], parts[second]
        if reach is not None and _has_rows(one) and _has_rows(two):
            yield _of_rows(one, two, pair, *reach)
        else:
            yield from _of_arrays(subject, one, two, pair, horizon)


def reach_of(subject: Subject, horizon: int | None) -> tuple[int, int, bool] | None:
    """Rows that a window has, rows that its label looks ahead, and whether labels are of every row of it."""
    if subject.prepared is not None and subject.prepared.pipeline.kind in KINDS:
        pipeline = subject.prepared.pipeline
        if pipeline.kind == "table":
            read = pipeline.read  # type: ignore[attr-defined]
            return read.past, max(read.ahead, horizon or 0), False
        from zoo.data.recipe import read_recipe

        book = read_recipe(pipeline.recipe)
        whole = book.steps is not None or book.label.kind == "reconstruct"
        return book.length, max(*book.label.horizons, horizon or 0), whole
    if horizon is None:
        return None
    first = subject.model.inputs[0]
    return (first.shape[1] or 1) if len(first.shape) > 2 else 1, horizon, False


def _has_rows(sample: Sample) -> bool:
    part = sample.part
    return part is not None and part.run_rows is not None


def _of_rows(one: Sample, two: Sample, pair: str, past: int, ahead: int, whole: bool) -> Finding:
    """Windows of one series: none may be trained on that reads what another is judged by, or the reverse."""
    shared, of, needed = 0, 0, 0
    late = 0
    runs_one, runs_two = one.runs, two.runs
    assert one.rows is not None and two.rows is not None and runs_one is not None and runs_two is not None
    for run in np.intersect1d(runs_one, runs_two):
        a, b = np.sort(one.rows[runs_one == run]), np.sort(two.rows[runs_two == run])
        back = past - 1 if whole else 0
        # of those judged: the row they are predicted at, and the rows of their labels
        hit = _meets(a, b, left=past - 1 + ahead, right=ahead + back)
        shared, of = shared + int(hit.sum()), of + len(b)
        late += int((a > b.max()).sum())
        if hit.any():
            nearest = a[np.searchsorted(a, b[hit]).clip(1) - 1]
            gap = b[hit] - nearest
            needed = max(needed, int((ahead + back + 1 - gap[gap >= 0]).max(initial=0)))
    if not shared:
        if late:
            return Finding(CHECK, "note", f"{pair}: some training windows lie after all that is judged",
                           float(late), 0.0, "windows", "split", "D316", "write by: time")  # fmt: skip
        said = f"{pair}: no label's horizon reaches into the other part, and no window holds what is judged"
        return Finding(CHECK, "clean", said, 0.0, 0.0, "of the later part's windows")
    mixed = shared > ahead + past
    return Finding(
        CHECK, "leak", f"{pair}: windows or label horizons of the one reach into what the other is judged by",
        shared / of, 0.0, "of the later part's windows", f"split, {pair}", "D311" if mixed else "D312",
        "write by: time" if mixed else f"leave out the last {needed} windows before the cut: purge: auto",
    )  # fmt: skip


def _meets(a: Rows, b: Rows, *, left: int, right: int) -> NDArray[np.bool_]:
    """(b,) is there an a in b - right … b + left?"""
    low, high = np.searchsorted(a, b - right, "left"), np.searchsorted(a, b + left, "right")
    return np.asarray(high > low)


def _of_arrays(
    subject: Subject, one: Sample, two: Sample, pair: str, horizon: int | None
) -> Iterator[Finding]:
    """Arrays do not say their rows: windows are known again by their numbers."""
    first, second = _arrays(one.x, subject.inputs), _arrays(two.x, subject.inputs)
    same = share_repeated(first, second)
    words = all(values.dtype.kind in "iub" for values in second.values())
    where = f"split, {pair}"
    if same:
        yield Finding(
            CHECK, "note" if words else "leak", f"{pair}: samples of the later part are in the other one too",
            same, 0.0, "of the later part's samples", where, "D311", "leave each sample in one part only",
        )  # fmt: skip
    else:
        yield Finding(
            CHECK, "clean", f"{pair}: no sample is in both", same, 0.0, "of the later part's samples"
        )
    name = next((name for name, values in second.items() if values.ndim > 2), None)
    if name is None or second[name].dtype.kind in "iub" or not subject.in_time:
        return
    yield from _of_windows(first[name], second[name], pair, horizon)


def _of_windows(one: np.ndarray, two: np.ndarray, pair: str, horizon: int | None) -> Iterator[Finding]:
    """Windows of numbers in time: is the end of one of the later part inside one of the other's?"""
    where, unit = f"split, {pair}", "of the later part's windows"
    inside, apart = rows_apart(one, two)
    if inside:
        yield Finding(
            CHECK, "leak", f"{pair}: windows of the later part end inside windows of the other",
            inside, 0.0, unit, where, "D311", "split by time, and never overlapping windows at random",
        )  # fmt: skip
        return
    yield Finding(
        CHECK, "clean", f"{pair}: no window holds the last rows of one of the later part", 0.0, 0.0, unit
    )
    if apart is None:
        return
    said = f"{pair}: the later part begins {apart} row{'' if apart == 1 else 's'} after the other ends"
    if horizon is None:
        yield Finding(
            CHECK, "note", f"{said}: a label that looks further ahead reads what is judged", float(apart),
            where=where, rule="D312", help="give horizon=, the rows that labels look ahead",
            tolerance=0.0, unit="rows",
        )  # fmt: skip
    elif apart <= horizon:
        yield Finding(
            CHECK, "leak", f"{said}, and labels look {horizon} ahead",
            float(apart), float(horizon), "rows apart",
            where, "D312", f"leave out the last {horizon + 1 - apart} windows of the part before",
        )  # fmt: skip
    else:
        yield Finding(CHECK, "clean", said, float(apart), float(horizon), "rows apart")


def _arrays(x: Mapping[str, Any], names: list[str]) -> dict[str, np.ndarray]:
    return {name: x[name][:] if isinstance(x[name], WindowInput) else np.asarray(x[name]) for name in names}
