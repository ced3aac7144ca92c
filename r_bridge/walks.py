"""Walks through time for R: predictions, losses and scores as frames."""

from __future__ import annotations

from typing import Any

import numpy as np

import zoo
from r_bridge import table_rows
from r_bridge.formulas import as_asked, parted
from r_bridge.given import not_null
from r_bridge.handles import HANDLES
from r_bridge.runs import training_data
from zoo.build.tensorflow_start import load_keras_quietly


def walk_forward(spec: Any, x: Any, y: Any = None, **settings: Any) -> dict[str, Any]:
    """Walk a spec through time; see ``zoo.walk_forward``.

    Args:
        spec: a Spec.
        x: NULL (the recipe's own source), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        settings: as ``zoo.walk_forward`` has them.
    """
    load_keras_quietly()
    data, _ = training_data(spec, x, y)
    return _walked(spec, data, not_null(settings))


def walk_table(spec: Any, data: Any, **asked: Any) -> dict[str, Any]:
    """The same on a data frame whose columns a formula names; see ``formulas.parted``."""
    load_keras_quietly()
    made, settings = parted(spec, data, asked)
    return _walked(made, data, settings)


def split_picture(model: Any, path: str, x: Any = None, y: Any = None) -> str:
    """Draw how a model's or spec's recipe splits data; see ``zoo.plot_split``."""
    load_keras_quietly()
    spec = getattr(model, "spec", model)
    data, _ = training_data(spec, x, y)
    return str(zoo.plot_split(spec, path, data))


def split_table(spec: Any, path: str, data: Any, **words: Any) -> str:
    """The same of a data frame whose columns a formula names; see ``formulas.as_asked``."""
    load_keras_quietly()
    return str(zoo.plot_split(as_asked(spec, data, **words), path, data))


def _walked(spec: Any, data: Any, settings: dict[str, Any]) -> dict[str, Any]:
    walk = zoo.walk_forward(spec, data, **settings)
    return {
        "handle": HANDLES.keep(walk, "walk"),
        "name": walk.name,
        "text": str(walk),
        "frame": table_rows.by_clock(walk.frame, "time", table_rows.clock_of(data, spec.data.get("time"))),
        "losses": walk.losses,
        "step_loss": np.asarray(walk.step_loss, np.float64),
        "score": walk.score,
        "metrics": dict(walk.metrics),
        "baselines": {name: dict(scores) for name, scores in walk.evaluation.baselines.items()},
        "seed": walk.seed,
        "left_out": list(walk.left_out),
    }
