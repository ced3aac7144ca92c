"""The prices of windows as they were before scaling, for pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zoo.data.book_pipeline import BookPipeline
from zoo.explain.names import Names

if TYPE_CHECKING:
    from zoo.data import Part
    from zoo.train.trained import Trained

Prices = dict[str, NDArray[np.float64]]

_BPS = 10_000.0


def prices_of(
    run: Trained, x: Mapping[str, np.ndarray], names: Names, part: Part | None, places: NDArray[np.int64]
) -> tuple[Prices, str]:
    """Feature → (window, time) prices of the first input that has some, and ``mid``; and their unit.

    With the book at hand they are as in the book, and the mid is there whatever the model reads. Without it
    they are what can be told of the features: prices, basis points from the mid, or numbers as the model sees
    them.

    Args:
        run: whose windows they are.
        x: input name → windows.
        names: what their numbers are called.
        part: of the data that the windows are of, or None.
        places: (window,) which of the part's samples they are.
    """
    mid = _mid(names, part, places)
    read, unit = _read(run, x, names)
    if mid is None:
        return read, unit
    if unit == _FROM_MID:
        read, unit = {name: mid * (1 + values / _BPS) for name, values in read.items()}, _PRICE
    return ({"mid": mid} | read if unit == _PRICE else {"mid": mid}), _PRICE


_PRICE, _FROM_MID = "price", "price, bps\nfrom the mid"
_UNITS = {"raw": _PRICE, "relative_bps": _FROM_MID, "returns": "return of the price"}


def _mid(names: Names, part: Part | None, places: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """(window, time) mid prices of the rows of the first input with time."""
    lags = next((item.lags for item in names.values() if item.lags is not None and len(item.lags) > 1), None)
    if part is None or part.mid_rows is None or lags is None:
        return None
    return part.mid_rows[part.rows[places][:, None] - np.asarray(lags)]


def _read(run: Trained, x: Mapping[str, np.ndarray], names: Names) -> tuple[Prices, str]:
    """What the model's own features say."""
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
            unit = _UNITS[str(dict(run.spec.data["features"]).get("prices", "raw"))]
        return {feature: np.asarray(rows[..., n], np.float64) for feature, n in places.items()}, unit
    return {}, ""
