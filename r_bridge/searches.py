"""Searches and sweeps for R: their tables as frames, the final model as a model."""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge import table_rows
from r_bridge.formulas import parted
from r_bridge.given import not_null
from r_bridge.models import described
from r_bridge.runs import training_data
from zoo.build.tensorflow_start import load_keras_quietly


def tune(spec: Any, x: Any, y: Any = None, **settings: Any) -> dict[str, Any]:
    """Search a spec's space; see ``zoo.tune``.

    Args:
        spec: a Spec.
        x: NULL (the recipe's own source), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        settings: as ``zoo.tune`` has them.
    """
    load_keras_quietly()
    data, _ = training_data(spec, x, y)
    return _tuned(spec, data, not_null(settings))


def tune_table(spec: Any, data: Any, **asked: Any) -> dict[str, Any]:
    """The same on a data frame whose columns a formula names; see ``formulas.parted``."""
    load_keras_quietly()
    made, settings = parted(spec, data, asked)
    return _tuned(made, data, settings)


def _tuned(spec: Any, data: Any, settings: dict[str, Any]) -> dict[str, Any]:
    tuned = zoo.tune(spec, data, **settings)
    table_rows.remember(tuned.run, data)
    return {
        "name": tuned.name,
        "objective": tuned.objective,
        "text": str(tuned),
        "trials": tuned.frame,
        "importance": tuned.importance,
        "best_params": dict(tuned.best_params),
        "best_value": float(tuned.best_value),
        "model": described(tuned.run),
    }


def sweep(spec: Any, x: Any, over: Any, y: Any = None, **settings: Any) -> dict[str, Any]:
    """Score a spec against values of a parameter; see ``zoo.sweep``."""
    load_keras_quietly()
    data, _ = training_data(spec, x, y)
    return _swept(spec, data, over, not_null(settings))


def sweep_table(spec: Any, data: Any, over: Any, **asked: Any) -> dict[str, Any]:
    """The same on a data frame whose columns a formula names; see ``formulas.parted``."""
    load_keras_quietly()
    made, settings = parted(spec, data, asked)
    return _swept(made, data, over, settings)


def _swept(spec: Any, data: Any, over: Any, settings: dict[str, Any]) -> dict[str, Any]:
    values = {name: item if isinstance(item, (list, str)) else [item] for name, item in over.items()}
    swept = zoo.sweep(spec, data, over=values, **settings)
    frame = swept.frame.copy()
    numbers = all(isinstance(value, (int, float)) for value in frame["value"])
    frame["value"] = frame["value"].astype(float) if numbers else frame["value"].astype(str)
    return {"name": swept.name, "score": swept.score, "text": str(swept), "frame": frame}
