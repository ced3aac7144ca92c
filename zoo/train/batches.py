"""Batches for Keras, gathered from windows one batch at a time."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from zoo.train.orders import InOrder, Order, order_of


class Batches(keras.utils.PyDataset):
    """Windows and targets in batches, in an order that is a pure function of (seed, epoch).

    Keras builds and throws away iterators as it likes, and prefetches in another thread: batch ``i`` of an
    epoch is the same whoever asks for it and how often. A run taken up at epoch ``k`` sees the order it
    would have seen.

    Args:
        x: input name → anything with ``len`` that an index array turns into a batch: an array, or lazy
            windows.
        y: output name → array, or None for batches without targets.
        batch_size: samples in a batch; the last may have fewer.
        seed: of the order; None keeps the order of the data.
        weights: output name → weight of each sample in that output's loss, or None.
        rows: index arrays into x and y: the samples to use; None is all of them.
        drop_last: leave out a last batch that is not full, as a model of fixed batch size needs.
        first_epoch: added to the epoch in the order, so that a second fit does not repeat the orders of the
            first.
        runs: (sample,) number of the session or symbol, for a model that carries a state from batch to
            batch, each place of a batch its own. The samples are then laid out so that each place follows
            one stretch of them; without it, as a caller's arrays come.
        steps: batches in an epoch; each epoch then goes on where the one before stopped, through one order of
            all samples after another. None is once through all of them.
    """

    def __init__(
        self,
        x: Mapping[str, Any],
        y: Mapping[str, np.ndarray] | None,
        batch_size: int,
        *,
        seed: int | None = None,
        weights: Mapping[str, np.ndarray] | None = None,
        rows: np.ndarray | None = None,
        drop_last: bool = False,
        first_epoch: int = 0,
        runs: np.ndarray | None = None,
        steps: int | None = None,
    ) -> None:
        super().__init__()
        self.x = dict(x)
        self.y = dict(y) if y is not None else None
        self.weights = dict(weights) if weights else None
        self.batch_size = batch_size
        self._samples = len(next(iter(self.x.values()))) if rows is None else len(rows)
        self.rows: np.ndarray | None = None if rows is None else np.asarray(rows)
        self.runs = runs
        if runs is not None:
            self.rows = _side_by_side(self._numbers(InOrder(self._samples)[:]), batch_size)
            self._samples = len(self.rows)
        self.seed = seed
        self.epoch = 0
        self._steps = steps
        self._drop_last = drop_last
        self._first_epoch = first_epoch
        self._order = functools.lru_cache(maxsize=2)(self._shuffled)

    @property
    def samples(self) -> int:
        """Samples in an epoch, before a last short batch is dropped."""
        return self._samples

    @property
    def even(self) -> bool:
        """Is every batch full?"""
        return self._drop_last or not self.samples % self.batch_size

    def __len__(self) -> int:
        """Batches in an epoch; none where the samples fill none."""
        return (self._steps or self._through) if self._through else 0

    @property
    def _through(self) -> int:
        """Batches that hold every sample once."""
        full, rest = divmod(self.samples, self.batch_size)
        return full + (1 if rest and not self._drop_last else 0)

    def __getitem__(self, i: int) -> tuple[Any, ...]:
        """Batch ``i`` of the present epoch, as ``at`` gives it."""
        return self.at(self.epoch, i)

    def at(self, epoch: int, i: int) -> tuple[Any, ...]:
        """Batch ``i`` of an epoch: inputs, then targets and weights where there are any."""
        order, place = (epoch, i) if self._steps is None else divmod(epoch * self._steps + i, self._through)
        rows = self._numbers(self._order(order)[place * self.batch_size : (place + 1) * self.batch_size])
        batch = [_bare([values[rows] for values in self.x.values()])]
        if self.y is not None:
            batch.append(_bare([values[rows] for values in self.y.values()]))
        if self.weights is not None and self.y is not None:
            ones = np.ones(len(rows), dtype=np.float32)
            batch.append(
                _bare([self.weights[name][rows] if name in self.weights else ones for name in self.y])
            )
        return tuple(batch)

    def begins(self, i: int) -> np.ndarray | None:
        """(place,) whether batch ``i`` has a session or symbol there that the batch before has not.

        None where nobody knows. Before the first batch comes the last.
        """
        if self.runs is None:
            return None
        now, before = (self.runs[self._places(batch)] for batch in (i, i - 1 if i else len(self) - 1))
        return np.asarray(now != before)

    def goes_on_from(self, other: Batches) -> bool:
        """Is this what came after ``other``, at each place of a batch?"""
        if self.runs is None or other.runs is None:
            return True
        alone = self.batch_size == other.batch_size == 1
        return bool(alone and self.runs[self._places(0)[0]] == other.runs[other._places(len(other) - 1)[-1]])

    def _places(self, i: int) -> np.ndarray:
        return self._numbers(InOrder(self.samples)[i * self.batch_size : (i + 1) * self.batch_size])

    def _numbers(self, places: np.ndarray) -> np.ndarray:
        """The samples at some of the places of ``rows``."""
        return places if self.rows is None else self.rows[places]

    def _shuffled(self, epoch: int) -> Order:
        return order_of(self.samples, None if self.seed is None else [self.seed, self._first_epoch + epoch])


def _side_by_side(rows: np.ndarray, places: int) -> np.ndarray:
    """As many stretches as a batch has places, one after the other within each; a rest is left out."""
    steps = len(rows) // places
    return rows[: steps * places].reshape(places, steps).T.reshape(-1)


def _bare(arrays: list[np.ndarray]) -> Any:
    # Keras takes one input or output bare; several as a tuple, since tf.data would make one tensor of a list.
    return arrays[0] if len(arrays) == 1 else tuple(arrays)
