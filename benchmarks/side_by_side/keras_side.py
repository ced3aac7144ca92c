"""The figures of a compiled Keras model by Keras's own ``predict`` and ``fit``, on whichever backend."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from benchmarks.side_by_side.clocks import arrays, best, p50_p99, peak
from benchmarks.side_by_side.effort import Effort

MANY = 10_000  # epochs, of which the clock ends all but some


class Clock(keras.callbacks.Callback):
    """When the first step had ended, and how long each epoch took; ends a fit that had enough of them."""

    def __init__(self, effort: Effort) -> None:
        super().__init__()
        self._effort = effort
        self.first_step = 0.0
        self.epochs: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._begun = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.first_step = self.first_step or time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.epochs.append(time.perf_counter() - self._begun)
        if len(self.epochs) >= self._effort.epochs and sum(self.epochs[1:]) >= self._effort.seconds:
            self.model.stop_training = True

    def figures(self, begun: float, built: float, samples: int) -> dict[str, float]:
        """Seconds to the first step, those of building the model included, and windows a second."""
        return {"first_step": built + self.first_step - begun, "train": samples / min(self.epochs[1:])}


def measure(
    kind: str, name: str, folder: Path, effort: Effort, make: Callable[[], keras.Model]
) -> dict[str, float]:
    """The figures of a contestant.

    Args:
        kind: of the contestant; its outputs become MODEL_KIND.npz.
        name: of the model; its weights and windows are in the folder.
        folder: of the run.
        effort: how much.
        make: builds and compiles the model; its time counts towards the first step.
    """
    x = arrays(folder / f"{name}_windows.npz")
    started = time.perf_counter()
    model = make()
    built = time.perf_counter() - started
    model.set_weights(arrays(folder / f"{name}.npz"))
    few, one = alone([item[: effort.windows] for item in x]), alone([item[:1] for item in x])

    def predict() -> Any:
        return model.predict(few, batch_size=effort.batch, verbose=0)

    np.savez(folder / f"{name}_{kind}.npz", *listed(predict()))
    found = {"predict": best(predict, effort.windows, effort)}
    found["one_p50"], found["one_p99"] = p50_p99(
        lambda: model.predict(one, verbose=0), effort, effort.calls // 6
    )
    samples = effort.batch * effort.steps
    clock = Clock(effort)
    begun = time.perf_counter()
    model.fit(
        alone([item[:samples] for item in x]),
        alone([item[:samples] for item in arrays(folder / f"{name}_targets.npz")]),
        batch_size=effort.batch,
        epochs=MANY,
        verbose=0,
        callbacks=[clock],
    )
    return found | clock.figures(begun, built, samples) | {"peak": peak()}


def alone(items: list[Any]) -> Any:
    """One array by itself, several as a list: as Keras takes them."""
    return items[0] if len(items) == 1 else items


def listed(found: Any) -> list[Any]:
    """A model's outputs as a list, however many there are."""
    return list(found) if isinstance(found, (list, tuple)) else [found]
