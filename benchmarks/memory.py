"""A process's memory: what it holds, its peak, and a hard limit on all of it. Linux alone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")


def anonymous() -> int:
    """Megabytes of this process that no file backs, and that it therefore cannot give back."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) // 1024
    raise SystemExit("this needs Linux's /proc")


def watched() -> Callable[[], int]:
    """What tells the most of ``anonymous`` since now."""
    peak = [0]

    def look() -> int:
        peak[0] = max(peak[0], anonymous())
        return peak[0]

    def watch() -> None:
        while True:
            look()
            time.sleep(0.02)

    threading.Thread(target=watch, daemon=True).start()
    return look


@contextmanager
def limited(megabytes: int, root: Path = CONTROL_GROUPS) -> Iterator[Callable[[], None] | None]:
    """What a child calls first, to have so much memory and no more, pages of mapped files included.

    The kernel takes such pages back at the limit, and kills who needs more than it can take back. None where
    this process may make no control group.

    Args:
        megabytes: the limit.
        root: of the control groups.
    """
    first = (root / "memory").is_dir()  # version 1 has a folder of groups for each thing that it controls
    group = root / ("memory" if first else ".") / f"speczoo-{os.getpid()}"
    try:
        group.mkdir()
        (group / ("memory.limit_in_bytes" if first else "memory.max")).write_text(str(megabytes * 2**20))
        enter = partial(_enter, group)
    except OSError:
        enter = None
    try:
        yield enter
    finally:
        with suppress(OSError):
            group.rmdir()


def _enter(group: Path) -> None:
    (group / "cgroup.procs").write_text(str(os.getpid()))
