"""The state of a run after each epoch, in its folder: what it goes on from after a kill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras

from zoo.errors import BundleError
from zoo.train.runs import plain, state
from zoo.train.runs.checkpoint import read_state, save_state

# Keras sets these anew in each fit; `min_delta` changes its sign when the first epoch ends, and a CSVLogger
# asks the file whether it has a heading.
_NOT_KEPT = ("params", "min_delta", "append", "append_header")


class Keeper(keras.callbacks.Callback):
    """Writes all that a run goes on from after each epoch, and takes it up as the training begins.

    It must be the last callback, so that the others have said all they have to say of an epoch, and have
    begun the training as if it were a new one.

    Args:
        path: of the file.
        resume: take up what the file holds, where there is one.

    Attributes:
        epoch: finished epochs that the file holds.
        stopped: a callback had ended the training after them.
    """

    def __init__(self, path: Path, *, resume: bool = False) -> None:
        super().__init__()
        self.path = path
        self._found = read_state(path) if resume and path.exists() else None
        extra = self._found["extra"] if self._found else {}
        self.epoch: int = extra.get("epoch", 0)
        self.stopped: bool = extra.get("stopped", False)
        self._watched: list[keras.callbacks.Callback] = []
        self._warn: Callable[[str], None] = print

    def watch(self, callbacks: Sequence[keras.callbacks.Callback], warn: Callable[[str], None]) -> None:
        """Say whose state is the run's beside the model's, and whom to tell of a disk that is full."""
        self._watched = [item for item in callbacks if resumes(item)]
        self._warn = warn

    def take_up(self, model: keras.Model) -> None:
        """Give the model and the callbacks what the file held."""
        if self._found is None:
            return
        state.restore(model, self._found["state"], f"`{self.path}`")
        for callback, kept in zip(self._watched, self._found["extra"]["callbacks"], strict=True):
            vars(callback).update(kept)
            if isinstance(callback, keras.callbacks.CSVLogger):
                # Its file has the epochs before.
                callback.append = True

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Keras calls this as a training begins, when the other callbacks have forgotten what they knew."""
        self.take_up(self.model)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keras calls this when an epoch and its validation have ended."""
        extra = {
            "epoch": epoch + 1,
            "stopped": bool(self.model.stop_training),
            "callbacks": [_state_of(item) for item in self._watched],
        }
        try:
            save_state(self.path, self.model, extra)
        except BundleError as failure:
            # The training is worth more than its checkpoint, and the disk may have room after the next epoch.
            self._warn(
                f"{failure.message}; the training goes on, and a kill would lose all after epoch {self.epoch}"
            )
        else:
            self.epoch = epoch + 1


def resumes(callback: keras.callbacks.Callback) -> bool:
    """Has it anything that a resumed run takes up? A class says ``resumed = ()`` when it has not."""
    return getattr(callback, "resumed", None) != ()


def _state_of(callback: keras.callbacks.Callback) -> dict[str, Any]:
    """Its plain attributes; a class may name in ``resumed`` those that count."""
    named = getattr(callback, "resumed", None)
    return {
        name: value
        for name, value in vars(callback).items()
        if (name in named if named is not None else name not in _NOT_KEPT) and plain.is_plain(value)
    }
