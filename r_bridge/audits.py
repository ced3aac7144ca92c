"""Audits for R: the findings as a frame, and their text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import zoo
from r_bridge import r_memory
from r_bridge.errors import RCallbackError, RJump
from r_bridge.given import is_null, not_null
from r_bridge.r_calls import call_guarded
from r_bridge.runs import training_data
from r_bridge.to_python import is_frame, is_list, plain
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.errors import ZooError


def audit(model: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """What a model sees of the future; see ``zoo.audit``.

    Args:
        model: what the handle of a model or of a spec stands for.
        x: NULL (the run's or the recipe's own), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        settings: checks, seed, epochs, horizon, keep; features, an R closure made by ``guarded()``. NULL is
            not given.
    """
    load_keras_quietly()
    data, _ = training_data(getattr(model, "spec", model), x, y)
    function = settings.pop("features", None)
    if function is not None and not is_null(function):
        settings["features"] = _from_r(function)
    try:
        found = zoo.audit(model, data, **not_null(settings))
    except ZooError as error:
        # A handler of the caller's wants to leave the function: no mistake of the function.
        if isinstance(error.__cause__, RJump):
            raise error.__cause__ from None
        raise
    return {"frame": found.frame, "text": str(found), "subject": found.subject, "ok": found.ok}


def _from_r(function: Any) -> Callable[[Any], Any]:
    """The user's R function, of a pandas frame."""

    def features(frame: Any) -> Any:
        reply = call_guarded(function, frame)
        fields = dict(zip(r_memory.names(reply) or [], r_memory.elements(reply), strict=True))
        tag = plain(fields["tag"])
        if tag == "interrupt":
            raise KeyboardInterrupt
        if tag == "jump":
            raise RJump
        if tag == "error":
            raise RCallbackError(
                "the function `features` failed",
                help="it is given a data frame of all columns of `data`",
                data={"callback": "features"},
            )
        return _features(fields["value"])

    return features


def _features(value: Any) -> Any:
    if is_list(value):
        x, rows = r_memory.elements(value)
        return np.asarray(plain(x)), np.asarray(plain(rows)) - 1
    return plain(value) if is_frame(value) else np.asarray(plain(value))
