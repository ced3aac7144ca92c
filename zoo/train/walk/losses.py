"""Losses of a walk: of each batch that is trained on, and of each sample that is predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from zoo.spec import Spec

_MOST = 2_000  # numbers kept of an epoch


class BatchLosses(keras.callbacks.Callback):
    """The loss of every batch, a list an epoch; of a long epoch, means of batches that follow each other.

    Args:
        sizes: samples in each batch of an epoch, in order.
    """

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        self.epochs: list[list[float]] = []
        self._sizes = sizes
        self._seen = np.cumsum(sizes)
        self._sums: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Keras calls this as an epoch begins."""
        self._sums = []

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Keras calls this after each step, with the epoch's running means."""
        self._sums.append(float((logs or {})["loss"]) * float(self._seen[batch]))

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Keras calls this when an epoch has ended."""
        # What Keras tells is the mean since the epoch began.
        losses = np.diff(self._sums, prepend=0.0) / self._sizes[: len(self._sums)]
        group = -(-len(losses) // _MOST)
        starts = np.arange(0, len(losses), group)
        lengths = np.diff([*starts, len(losses)])
        self.epochs.append((np.add.reduceat(losses, starts) / lengths).tolist())


def sample_losses(
    spec: Spec, y: Mapping[str, Any], raw: Mapping[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The loss of each sample, unweighted by output, and their weighted sum as the model minimises it.

    Penalties on weights are no part of it.

    Args:
        spec: what the model was built from.
        y: targets by output, as the losses take them.
        raw: what the model gave, by output.
    """
    from zoo.build.compile import losses_of

    found: dict[str, np.ndarray] = {}
    total = np.zeros(len(next(iter(raw.values()))))
    for name, (loss, weight) in losses_of(spec).items():
        each = np.asarray(keras.ops.convert_to_numpy(loss(np.asarray(y[name]), raw[name])), np.float64)
        found[name] = each.reshape(len(raw[name]), -1).mean(axis=1)
        total += weight * found[name]
    return found, total
