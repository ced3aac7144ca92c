"""Audits for R: the findings as a frame, and their text."""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge.given import not_null
from r_bridge.runs import training_data
from zoo.build.tensorflow_log import load_keras_quietly


def audit(model: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """What a model sees of the future; see ``zoo.audit``.

    Args:
        model: what the handle of a model or of a spec stands for.
        x: NULL (the run's or the recipe's own), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        settings: checks, seed, epochs, horizon; NULL is not given.
    """
    load_keras_quietly()
    data, _ = training_data(getattr(model, "spec", model), x, y)
    found = zoo.audit(model, data, **not_null(settings))
    return {"frame": found.frame, "text": str(found), "subject": found.subject, "ok": found.ok}
