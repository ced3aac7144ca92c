"""Execution plans for R: what was measured as a frame, and its text."""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge.formulas import parted
from r_bridge.given import not_null
from r_bridge.runs import training_data
from zoo.build.tensorflow_start import load_keras_quietly


def plan(spec: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """Which way of training is the fastest here; see ``zoo.plan``.

    Args:
        spec: what the handle of a model or of a spec stands for.
        x: NULL (the recipe's own), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        settings: batch_size, measure; NULL is not given.
    """
    load_keras_quietly()
    own = getattr(spec, "spec", spec)
    data, _ = training_data(own, x, y)
    return _planned(own, data, not_null(settings))


def plan_table(spec: Any, data: Any, **asked: Any) -> dict[str, Any]:
    """The same on a data frame whose columns a formula names; see ``formulas.parted``."""
    load_keras_quietly()
    made, settings = parted(spec, data, asked)
    return _planned(made, data, settings)


def _planned(spec: Any, data: Any, settings: dict[str, Any]) -> dict[str, Any]:
    import pandas as pd

    found = zoo.plan(spec, data, **settings)
    rows = [
        {
            "way": way,
            "first_step": item.first,
            "step": item.step,
            "speedup": found.timings["keras"].step / item.step,
            "difference": item.difference,
            "chosen": way == found.way,
        }
        for way, item in found.timings.items()
    ]
    return {"frame": pd.DataFrame(rows), "text": str(found), "name": spec.name}
