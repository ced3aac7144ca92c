"""Batches as a TensorFlow dataset: several are gathered at a time, and their shapes are known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.train.batches import Batches

# Bytes, and batches, that are gathered at a time: each time Python is called costs as much as a small model's
# step, and the first step of an epoch waits for all of them.
_BYTES, _BATCHES = 2**22, 16


def dataset_of(batches: Batches, epochs: range) -> tf.data.Dataset:
    """The batches of one epoch after the other.

    Keras would make such a dataset itself, anew for each epoch, of one batch at a time, and of shapes without
    the batch's size: TensorFlow's convolutions and products are up to a tenth slower where they do not know
    it.
    """
    first = batches[0]
    each = sum(np.asarray(item).nbytes for item in keras.tree.flatten(first))
    most = int(np.clip(_BYTES // max(1, each), 1, _BATCHES))
    size = batches.batch_size if batches.even else None
    signature = keras.tree.map_structure(
        lambda item: tf.TensorSpec((None, size, *item.shape[1:]), item.dtype), first
    )

    def pieces() -> Iterator[Any]:
        some: list[Any] = []
        for epoch in epochs:
            for place in range(len(batches)):
                batch = batches.at(epoch, place)
                # an epoch's last one may be short
                if some and (len(some) == most or _samples(batch) != _samples(some[0])):
                    yield _stacked(some)
                    some = []
                some.append(batch)
        if some:
            yield _stacked(some)

    return (
        tf.data.Dataset.from_generator(pieces, output_signature=signature)
        .flat_map(lambda *piece: tf.data.Dataset.from_tensor_slices(piece))
        .prefetch(tf.data.AUTOTUNE)
    )


def _samples(batch: Any) -> int:
    return len(keras.tree.flatten(batch)[0])


def _stacked(some: list[Any]) -> Any:
    return keras.tree.map_structure(lambda *items: np.stack(items), *some)
