"""PlotPrediction: the prediction against the target, every so many steps of training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

MOST_POINTS = 10_000
MOST_PICTURES = 200


class PlotPrediction(keras.callbacks.Callback):
    """Draws the prediction against the target every so many steps of training: one sees a model learn.

    The pictures go into the folder of the run, ``predictions/step_000015.png`` and so on, and nowhere else: a
    spec chooses no files. A run without a folder keeps the numbers alone, in ``frames``. The last step is
    always drawn.

    Args:
        every: steps of training, batches, from one picture to the next.
        part: whose first windows are drawn, ``val`` or ``train``; ``train`` where nothing validates.
        points: values along time in a picture, at most.
        most: pictures of a run at most, before the last one.

    Source: the notebook Simple_RNN of Udacity's "Deep Learning with PyTorch" draws every 15 steps.
    """

    resumed = ()

    def __init__(self, every: int = 15, part: str = "val", points: int = 100, most: int = 20) -> None:
        super().__init__()
        for name, value, largest in (
            ("every", every, None),
            ("points", points, MOST_POINTS),
            ("most", most, MOST_PICTURES),
        ):
            if value < 1 or (largest is not None and value > largest):
                upper = "" if largest is None else f" to {largest:,}"
                raise ValueError(f"PlotPrediction needs `{name}` from 1{upper}; received {value}")
        if part not in ("val", "train"):
            raise ValueError(f"PlotPrediction draws `val` or `train`; received {part!r}")
        self.every = every
        self.part = part
        self.points = points
        self.most = most
        # Who runs the training says how to draw: only it has the data and the folder.
        self.draw: Callable[[int], Any] | None = None
        self.frames: list[Any] = []
        self._step = 0
        self._before = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Counts the steps of the epochs before, also of a run that was taken up again."""
        self._before = epoch * int((self.params or {}).get("steps") or 0)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Draws where it is time."""
        self._step = self._before + batch + 1
        # By the step alone, so that a run that was taken up again draws what the whole run would have.
        if self._step % self.every == 0 and self._step // self.every <= self.most:
            self._drawn(self._step)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Draws the last step."""
        if self._step and (not self.frames or self.frames[-1].step != self._step):
            self._drawn(self._step)

    def _drawn(self, step: int) -> None:
        if self.draw is not None:
            self.frames.append(self.draw(step))
