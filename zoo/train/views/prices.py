"""The prices of windows as they were before scaling, for pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from zoo.data.book_pipeline import BookPipeline
from zoo.explain.names import Names

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def prices_of(run: Trained, x: Mapping[str, np.ndarray], names: Names) -> tuple[dict[str, np.ndarray], str]:
    """Feature → (window, time) prices of the first input that has some; and their unit.

    Where what was fitted can be undone they are as in the book, or in basis points from the mid; else as the
    model sees them.
    """
    for name, values in x.items():
        item = names[name]
        places = {feature.name: n for n, feature in enumerate(item.features) if feature.field == "price"}
        if not places or item.lags is None:
            continue
        rows = values.reshape(len(values), len(item.lags), len(item.features))
        told = run.pipeline.features_in_units(rows) if isinstance(run.pipeline, BookPipeline) else None
        unit = "price, scaled"
        if told is not None:
            rows = told
            unit = _UNITS.get(str(dict(run.spec.data["features"]).get("prices")), "price")
        return {feature: np.asarray(rows[..., n], np.float64) for feature, n in places.items()}, unit
    return {}, ""


_UNITS = {"relative_bps": "price, bps\nfrom the mid"}
