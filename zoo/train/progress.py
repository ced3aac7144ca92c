"""What a run shows: a bar on a terminal, one line an epoch elsewhere, nothing when asked for silence."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable
from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

_REFRESH = 0.1


class Progress(keras.callbacks.Callback):
    """Draws the progress of one run on standard error, so that results alone reach standard output.

    Args:
        verbose: 0 draws nothing; 1 a bar on a terminal, else a line an epoch; 2 always a line an epoch.
        console: where to draw; standard error when None.
    """

    def __init__(self, verbose: int = 1, console: Console | None = None) -> None:
        super().__init__()
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._lines = verbose == 2 or (verbose == 1 and not self._console.is_terminal)
        self._silent = verbose == 0
        self._bar: Bar | None = None
        self._task: Any = None
        self._epoch = 0
        self._started = 0.0
        self._drawn = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this as an epoch begins."""
        self._epoch, self._started = epoch, time.perf_counter()
        if self._silent or self._lines:
            return
        self.close()
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[values]}"),
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task(self._head(), total=self.params.get("steps"), values="")
        self._bar.start()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this after each step, with the epoch's running means."""
        # A redraw costs more than a small model's step.
        now = time.perf_counter()
        if self._bar is None or now - self._drawn < _REFRESH:
            return
        self._drawn = now
        self._bar.update(self._task, completed=batch + 1, values=_values(logs or {}, 3))
        self._bar.refresh()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this when an epoch and its validation have ended."""
        self.close()
        if not self._silent:
            seconds = time.perf_counter() - self._started
            line = f"{self._head()}  {_values(logs or {}, None)}  {seconds:.1f} s"
            self._console.print(line, markup=False)

    def say(self, text: str) -> None:
        """Tell of the run as a whole."""
        if not self._silent:
            self._console.print(text, markup=False)

    def warn(self, text: str) -> None:
        """Tell of something that goes wrong while the run goes on."""
        if self._silent:
            warnings.warn(text, RuntimeWarning, stacklevel=2)
        else:
            self._console.print(f"warning: {text}", markup=False)

    def close(self) -> None:
        """Take the bar off the screen; a run that ends early must call this."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _head(self) -> str:
        epochs = self.params.get("epochs", "?")
        return f"epoch {self._epoch + 1:>{len(str(epochs))}}/{epochs}"


def ordered(names: Iterable[str]) -> list[str]:
    """Names as people read them: the loss, other values, then the same on the validation part."""
    # Keras hands them over by the alphabet.
    return sorted(names, key=lambda name: (name.startswith("val_"), name.removeprefix("val_") != "loss"))


def _values(logs: dict[str, float], most: int | None) -> str:
    shown = [(name, logs[name]) for name in ordered(logs) if name != "learning_rate"][:most]
    return "  ".join(
        f"{name} {value:.4g}" if abs(value) >= 1e4 else f"{name} {value:.4f}" for name, value in shown
    )
