"""What R's pictures and tables of an explanation are drawn from, as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zoo.explain.grid import price_unit, profiles, sizes, window_cells

if TYPE_CHECKING:
    import pandas as pd

    from zoo.explain.explanation import Explanation


def drawn(found: Explanation) -> dict[str, Any]:
    """Sizes by label, profiles over time, a window of each class, and what cells are called."""
    return {
        "title": f"{found.model}: {found.target.replace('`', '')} of {found.output}",
        "sizes": {name: sizes(found, by) for name, by in found.groupings.items()},
        "profile": profiles(found),
        "windows": window_cells(found),
        "price_unit": price_unit(found),
        "cells": _cells(found),
    }


def _cells(found: Explanation) -> pd.DataFrame:
    """What each number of a window is called: a line each, in the order in which R has an array's numbers."""
    import pandas as pd

    lines = []
    for name, item in found.names.items():
        labels = {label: values.ravel(order="F").tolist() for label, values in item.labels.items()}
        lines.append(pd.DataFrame({"input": name, **labels}))
    return pd.concat(lines, ignore_index=True)
