"""Textbook Keras: the same graph, with Keras's own TimeDistributed, by ``fit`` and ``predict``."""

from __future__ import annotations

from pathlib import Path

import keras

import zoo
from benchmarks.side_by_side import keras_side
from benchmarks.side_by_side.effort import Effort
from zoo.build import model as building


def measure(name: str, folder: Path, effort: Effort) -> dict[str, float]:
    """The figures."""
    # every TimeDistributed stays what Keras makes of it
    building.folded = lambda inner, x: None
    ours = zoo.build(zoo.load(name))
    config, compiled = ours.get_config(), ours.get_compile_config()

    def make() -> keras.Model:
        model = keras.Model.from_config(config)
        model.compile_from_config(compiled)
        return model

    return keras_side.measure("textbook", name, folder, effort, make)
