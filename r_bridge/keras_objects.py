"""Keras models of other R packages: taken from reticulate, handed to it, read from a file.

reticulate keeps Python objects of its own. It leaves such a model in ``given``, where it is taken from;
one of ours is found by its number.
"""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge.catalogue import spec_for_r
from r_bridge.errors import RArgumentError
from r_bridge.handles import HANDLES
from r_bridge.models import described
from zoo.build.tensorflow_start import load_keras_quietly

given: Any = None


def keras_model(number: int, process: str) -> Any:
    """The Keras model under one of R's numbers; reticulate calls this."""
    found: Any = HANDLES.find(int(number), process, "model")
    return found.model


def from_given(weights: bool = False) -> dict[str, Any]:
    """The spec of the model that reticulate left, or a model with its weights."""
    global given
    model, given = given, None
    if model is None:
        raise RArgumentError("no model was given", help="give a Keras model", code="argument.model")
    load_keras_quietly()
    spec = zoo.from_keras(model)
    if not weights:
        return spec_for_r(spec)
    from zoo.train.trained import Trained

    run = Trained.untrained(spec)
    run.model.set_weights(model.get_weights())
    return described(run)


def from_file(path: str, weights: bool = False) -> dict[str, Any]:
    """The spec of a ``.keras`` file, or a model with its weights; nothing in the file is run."""
    from zoo.build.lift import archive

    load_keras_quietly()
    spec = archive.read(path)
    if not weights:
        return spec_for_r(spec)
    from zoo.build.lift.weights import fill
    from zoo.train.trained import Trained

    run = Trained.untrained(spec)
    fill(run.model, archive.config(path), archive.arrays(path), path)
    return described(run)
