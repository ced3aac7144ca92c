"""What a run of many items shows: a bar with the time left on a terminal, a line an item elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from zoo.train.work.items import Result


class ItemProgress:
    """Draws on standard error, so that results alone reach standard output.

    Args:
        verbose: 0 draws nothing; 1 a bar on a terminal, else a line an item; 2 always a line an item.
        total: number of items, or None when nobody knows.
        workers: that do them at the same time.
        console: where to draw; standard error when None.
    """

    def __init__(
        self, verbose: int, total: int | None, workers: int = 1, console: Console | None = None
    ) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._silent = verbose == 0
        self._total = total
        self._workers = workers
        self._done = 0
        self._spent = 0.0
        self._worked = 0
        self._started = time.perf_counter()
        self._bar: Bar | None = None
        self._task: Any = None
        if verbose == 1 and self._console.is_terminal:
            self._bar = Bar(
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[left]}  {task.description}"),
                console=self._console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._task = self._bar.add_task("", total=total, left="")

    def __enter__(self) -> ItemProgress:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def add(self, label: str, result: Result) -> None:
        """Take an item that has ended."""
        self._done += 1
        if not result.cached:
            self._worked += 1
            self._spent += result.seconds
        if self._silent:
            return
        left = self._left()
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done, description=label, left=left)
            if result.error is None:
                return
        took = "kept from before" if result.cached else f"{result.seconds:.1f} s"
        said = f"failed: {result.error['message']}" if result.error is not None else took
        counted = f"{self._done}/{self._total}" if self._total else str(self._done)
        self._console.print("  ".join(part for part in (counted, label, said, left) if part), markup=False)

    def _left(self) -> str:
        """An estimate from what was done in this run alone: what was kept from before took no time."""
        if not self._total or not self._worked or self._done >= self._total:
            return ""
        at_once = min(self._workers, self._total - self._done)
        return f"{span(self._spent / self._worked * (self._total - self._done) / at_once)} left"


def span(seconds: float) -> str:
    """A time as people say it: ``40 s``, ``3 min``, ``2 h 05 min``."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
