"""Runs that are killed at a chosen moment; as a program, really killed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

import zoo
from tests.train.specs import TINY
from zoo import files
from zoo.train import sources
from zoo.train.trained import Trained

GRAPH = "[book, Flatten, Dense: {units: 3, activation: softmax}]"
WITH_DROPOUT = "[book, Flatten, Dense: 8, Dropout: 0.5, Dense: {units: 3, activation: softmax}]"
ADAM = "optimizer: {Adam: {learning_rate: 0.01}}"
STATEFUL = """
spec: 1
name: stateful
inputs: {x: {shape: [4, 2], batch_size: 8}}
graph: {y: [x, LSTM: {units: 3, stateful: true}, Dropout: 0.2, Dense: 1]}
outputs: {y: {loss: mse}}
training: {optimizer: {Nadam: {learning_rate: 0.01, global_clipnorm: 1.0}}, epochs: 4, seed: 5}
"""


def _with(*callbacks: str, spec: str = TINY) -> str:
    return spec.replace(GRAPH, WITH_DROPOUT) + f"  callbacks: [{', '.join(callbacks)}]\n"


SPECS = {
    "adam": TINY,
    "dropout": TINY.replace(GRAPH, WITH_DROPOUT),
    "early stopping": _with(
        "EarlyStopping: {monitor: val_accuracy, mode: auto, min_delta: 0.9, patience: 3, "
        "restore_best_weights: true}"
    ),
    "plateau": _with("ReduceLROnPlateau: {monitor: val_loss, patience: 1, factor: 0.5, min_delta: 0.05}"),
    "schedule": TINY.replace(
        ADAM,
        "optimizer: {SGD: {momentum: 0.9, learning_rate: "
        "{CosineDecay: {initial_learning_rate: 0.1, decay_steps: 20}}}}",
    ),
    "average": _with("SwapEMAWeights: {swap_on_epoch: true}").replace(
        ADAM, "optimizer: {AdamW: {learning_rate: 0.01, use_ema: true}}"
    ),
    "stateful": STATEFUL,
}
EPOCHS = 4


class Killed(BaseException):
    """What stands for kill -9 within the process: nothing of ours catches it."""


class At(keras.callbacks.Callback):
    """Ends it all at a batch of an epoch, both counted from 0."""

    resumed = ()

    def __init__(self, epoch: int, batch: int, end: Callable[[], None]) -> None:
        super().__init__()
        self.moment, self.end, self.epoch = (epoch, batch), end, -1

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if (self.epoch, batch) == self.moment:
            self.end()


def die() -> None:
    raise Killed


def train(kind: str, out: Path | None = None, **given: Any) -> Trained:
    """A run of one of the specs; the data are the same each time."""
    data = None
    if kind == "stateful":
        x = np.random.default_rng(0).normal(size=(120, 4, 2)).astype(np.float32)
        data = (x, x.sum(axis=(1, 2))[:, None])
    options = {"epochs": EPOCHS, "verbose": 0, **given}
    return zoo.train(zoo.loads(SPECS[kind]), data, out=out, **options)


def moment(name: str, end: Callable[[], None], patch: Callable[[Any, str, Any], None]) -> list[At]:
    """Arrange for the end at a named moment; the callbacks to train with."""
    if name.startswith("batch"):
        return [At(*map(int, name.split()[1:]), end)]
    if name == "judging":
        patch(sources, "judge", lambda *_, **__: end())
        return []
    # "writing NAME COUNT": when the file has its bytes, and not yet its name.
    _, file, count = name.split()
    real, seen = os.replace, []

    def replace(source: Any, target: Path) -> None:
        if target.name == file:
            seen.append(target)
            if len(seen) == int(count):
                end()
        real(source, target)

    patch(files.os, "replace", replace)
    return []


if __name__ == "__main__":
    kind, folder, when = sys.argv[1:]
    callbacks = moment(when, lambda: os.kill(os.getpid(), signal.SIGKILL), setattr)
    train(kind, Path(folder), callbacks=callbacks, resume=True)
