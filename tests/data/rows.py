"""Small tables and recipes for the tests of this folder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from zoo import data

RECIPE: dict[str, Any] = {
    "kind": "table",
    "time": "time",
    "inputs": {"past": {"columns": ["x", "y"], "lookback": 6}},
    "targets": {"next": {"column": "x", "type": "numeric", "horizon": 4}},
}
SHAPES: dict[str, tuple[int | None, ...]] = {"past": (6, 2)}


def recipe(**sections: Any) -> dict[str, Any]:
    """The small recipe with some sections in place of its own."""
    return {**RECIPE, **sections}


def frame(rows: int = 120, seed: int = 0, **columns: Any) -> pd.DataFrame:
    """Two numbers and a side of each row, at whole numbers of time."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, 2)).cumsum(axis=0)
    # Every level is in every stretch of three rows, so that each part shows all.
    side = np.array(["buy", "hold", "sell"], dtype=object)[(np.arange(rows) + seed) % 3]
    made = pd.DataFrame({"time": np.arange(rows), "x": values[:, 0], "y": values[:, 1], "side": side})
    return made.assign(**columns)


def prepared(
    source: Any = None,
    shapes: dict[str, Any] | None = None,
    outputs: dict[str, int | None] | None = None,
    output_shapes: dict[str, Any] | None = None,
    **sections: Any,
) -> data.Prepared:
    """The parts of a table."""
    return data.prepare(
        recipe(**sections),
        frame() if source is None else source,
        input_shapes=SHAPES if shapes is None else shapes,
        outputs={"next": None} if outputs is None else outputs,
        output_shapes={"next": ()} if outputs is None and output_shapes is None else output_shapes,
    )
