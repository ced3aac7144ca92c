"""Time and memory. Needs NumPy alone."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.side_by_side.effort import Effort


def p50_p99(call: Callable[[], Any], effort: Effort, count: int | None = None) -> tuple[float, float]:
    """Milliseconds of a warm call: the least median of several rows, the 99th percentile of all."""
    count = count or effort.calls
    for _ in range(max(1, count // 15)):
        call()
    rows: list[list[float]] = []
    begun = time.perf_counter()
    while not rows or time.perf_counter() - begun < effort.seconds:
        spent = []
        for _ in range(count):
            started = time.perf_counter()
            call()
            spent.append(1000 * (time.perf_counter() - started))
        rows.append(spent)
    return min(float(np.median(row)) for row in rows), float(np.percentile(np.concatenate(rows), 99))


def best(call: Callable[[], Any], samples: int, effort: Effort) -> float:
    """Samples a second of the fastest of some calls; the first one warms up."""
    call()
    spent: list[float] = []
    while len(spent) < effort.repeats or sum(spent) < effort.seconds:
        started = time.perf_counter()
        call()
        spent.append(time.perf_counter() - started)
    return samples / min(spent)


def peak() -> float:
    """The most memory that this process has had, in MB."""
    found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kilobytes on Linux, bytes on macOS
    return found / 1e6 if sys.platform == "darwin" else found / 1e3


def arrays(path: Path) -> list[np.ndarray]:
    """What an archive holds, in its order."""
    with np.load(path) as kept:
        return [kept[key] for key in kept.files]
