"""The states of stateful layers in training: begun anew where a series ends, kept from a validation."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from zoo.layers.reset_states import reset_states
from zoo.layers.states import copy_states, give_states, sync_states
from zoo.train.batches import Batches


class States(keras.callbacks.Callback):
    """Keeps the state of one series out of another, and out of the past.

    In training a state begins anew with every session or symbol, and, unless told otherwise, with every
    epoch: the end of a series would flow into its beginning. Validation goes on from the state that training
    left where it goes on with the same series, and gives training its state back.

    Args:
        train: the batches trained on.
        val: those validated on.
        per_epoch: whether every epoch begins anew.
    """

    def __init__(self, train: Batches, val: Batches | None, *, per_epoch: bool) -> None:
        super().__init__()
        self.train = train
        self.val = val
        self.per_epoch = per_epoch
        self._kept: list[np.ndarray] | None = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keras calls this as an epoch begins."""
        if self.per_epoch:
            sync_states(self.model)
            reset_states(self.model)

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Keras calls this before each step."""
        self._begin(self.train.begins(batch))

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Keras calls this before the validation of an epoch."""
        self._kept = copy_states(self.model)
        if self.val is not None and not self.val.goes_on_from(self.train):
            reset_states(self.model)

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Keras calls this before each step of a validation."""
        if batch and self.val is not None:
            self._begin(self.val.begins(batch))

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Keras calls this after the validation of an epoch."""
        if self._kept is not None:
            give_states(self.model, self._kept)
            self._kept = None

    def _begin(self, places: np.ndarray | None) -> None:
        if places is None or not places.any():
            return
        states = copy_states(self.model)
        for values in states:
            values[places] = 0
        give_states(self.model, states)
