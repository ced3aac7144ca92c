"""Keras folded by hand: what someone writes who knows that TimeDistributed is slow."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers, ops

from benchmarks.side_by_side import keras_side
from benchmarks.side_by_side.effort import Effort, Unable


def measure(name: str, folder: Path, effort: Effort) -> dict[str, float]:
    """The figures.

    Raises:
        Unable: for a model that has no TimeDistributed.
    """
    if name != "hrnn_lob":
        raise Unable("there is nothing to fold")
    return keras_side.measure("folded", name, folder, effort, hrnn_lob)


def hrnn_lob() -> keras.Model:
    """The hierarchical network, its snapshots in the batch while the first LSTM reads them."""
    book = keras.Input((100, 20, 1))
    snapshots = ops.reshape(book, (-1, 20, 1))
    codes = ops.reshape(layers.LSTM(32)(snapshots), (-1, 100, 32))
    model = keras.Model(book, layers.Dense(3, activation="softmax")(layers.LSTM(32)(codes)))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
