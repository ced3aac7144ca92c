"""Callbacks every run has: the epoch's order, the best weights, a stop at a loss that is no number."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from zoo.errors import TrainError
from zoo.train.batches import Batches


class EpochOrder(keras.callbacks.Callback):
    """Tells the batches which epoch it is."""

    def __init__(self, batches: Batches) -> None:
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this as an epoch begins."""
        self.batches.epoch = epoch


class NanGuard(keras.callbacks.Callback):
    """Stops at the first loss that is NaN or infinite: every later number would be one too.

    Raises:
        TrainError: code ``train.nan``, with the epoch and the batch, both counted from 1.
    """

    def __init__(self) -> None:
        super().__init__()
        self.epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this as an epoch begins."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this after each step, with the epoch's running means."""
        loss = (logs or {}).get("loss", 0.0)
        if math.isfinite(loss):
            return
        raise TrainError(
            f"the loss is {loss} at epoch {self.epoch + 1}, batch {batch + 1}: training stopped",
            help="lower the learning rate, clip gradients (`clipnorm: 1.0` in the optimizer), "
            "or look for outliers and constant columns in the data",
            code="train.nan",
            data={"epoch": self.epoch + 1, "batch": batch + 1},
        )


class BestWeights(keras.callbacks.Callback):
    """Keeps the weights of the best finished epoch, for a run that is interrupted.

    Args:
        monitor: the value to judge by; where an epoch has no such value, ``val_loss``, else ``loss``.
        mode: ``min`` or ``max``.
    """

    def __init__(self, monitor: str = "val_loss", mode: str = "min") -> None:
        super().__init__()
        self.monitor = monitor
        self.mode = mode
        self.best = math.inf
        self.epoch: int | None = None
        self.weights: list[np.ndarray] | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this when an epoch and its validation have ended."""
        value = self._value(logs or {})
        if self.weights is None or value < self.best:
            self.best, self.epoch, self.weights = value, epoch, self.model.get_weights()

    def restore(self, model: Any) -> None:
        """Give ``model`` the best weights; before the first epoch has ended, it keeps those it has."""
        if self.weights is not None:
            model.set_weights(self.weights)

    def _value(self, logs: dict[str, float]) -> float:
        if self.monitor in logs:
            value = logs[self.monitor]
            return -value if self.mode == "max" else value
        return logs.get("val_loss", logs.get("loss", math.inf))
