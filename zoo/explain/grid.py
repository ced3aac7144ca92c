"""An explanation's numbers as steps × features, and its windows by class: what pictures are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.explain.grouped import grouped
from zoo.explain.names import Feature, parse_feature
from zoo.explain.resampling import blocks_of

if TYPE_CHECKING:
    import pandas as pd

    from zoo.explain.cells import By
    from zoo.explain.explanation import Explanation

_MOST_WINDOWS = 4
_MOST_CLASSES = 12


def timed_inputs(found: Explanation) -> list[str]:
    """Inputs with a time axis, the most important first."""
    sizes = {name: float(np.abs(values).sum()) for name, values in found.attributions.items()}
    timed = [name for name, item in found.names.items() if item.lags is not None and len(item.lags) > 1]
    return sorted(timed, key=lambda name: -sizes[name])


def by_step(found: Explanation, name: str) -> NDArray[np.float64]:
    """(window, time, feature) attributions of an input with time."""
    item, values = found.names[name], found.attributions[name]
    return values.reshape(len(values), len(item.lags or (0,)), len(item.features)).astype(np.float64)


def rows_of(features: Sequence[Feature]) -> dict[str, list[int]]:
    """Row of a heat map → the features it adds up, from the top of the picture.

    A book's levels stand as in a book: asks above, the best ones in the middle, bids below. Whatever is of
    no level has a row of its own beneath.
    """
    rows: dict[str, list[int]] = {}
    order: dict[str, tuple[int, int]] = {}
    for place, item in enumerate(features):
        called = " ".join(str(part) for part in (item.side or item.field, item.level) if part is not None)
        key = called if item.level is not None else item.name
        rows.setdefault(key, []).append(place)
        level = item.level or 0
        side = {"ask": 0, "bid": 1}.get(item.side or "", 2)
        order.setdefault(key, (side, -level if side == 0 else level if item.level is not None else 10**6))
    return {key: rows[key] for key in sorted(rows, key=lambda key: order[key])}


def classes_of(found: Explanation) -> dict[str, NDArray[np.int64]]:
    """Class → the windows that the model says are of it; ``all windows`` where it says numbers."""
    every = np.arange(len(found))
    if found.classes is None:
        return {"all windows": every}
    names, counts = np.unique(found.classes.astype(str), return_counts=True)
    most = names[np.sort(np.argsort(-counts, kind="stable")[:_MOST_CLASSES])]
    return {str(name): every[found.classes.astype(str) == name] for name in most}


def telling_windows(found: Explanation) -> dict[str, int]:
    """A window of each class: the one whose explained number is the largest; of numbers, the farthest off."""
    score = found.values if found.classes is not None else np.abs(found.values - found.values.mean())
    classes = list(classes_of(found).items())[:_MOST_WINDOWS]
    return {name: int(places[score[places].argmax()]) for name, places in classes}


def sizes(found: Explanation, by: By) -> pd.DataFrame:
    """A line a group of numbers: ``size``, ``low``, ``high``, ``mean`` and ``share``; see ``grouped``."""
    block = blocks_of(len(found), _reach(found))
    frame, columns = grouped(found.attributions, found.names, by, block=block, rng=np.random.default_rng(0))
    known = frame.dropna(subset=list(columns))
    return known.sort_values("size", ascending=False, kind="stable", ignore_index=True)


def _reach(found: Explanation) -> int:
    """Neighbouring windows that overlap."""
    if found.rows is None or len(found) < 2:
        return 1
    longest = max((len(item.lags) for item in found.names.values() if item.lags is not None), default=1)
    return int(np.ceil(longest / max(1.0, float(np.median(np.diff(found.rows))))))


def profiles(found: Explanation) -> pd.DataFrame:
    """Each input's ``mean`` attribution by ``time`` and ``class``, with its standard error ``se``."""
    import pandas as pd

    lines = []
    for name in timed_inputs(found):
        sums = by_step(found, name).sum(axis=2)
        for key, places in classes_of(found).items():
            mean, se = sums[places].mean(axis=0), sums[places].std(axis=0) / np.sqrt(len(places))
            steps = {"input": name, "class": key, "time": list(found.names[name].lags or ())}
            lines.append(pd.DataFrame({**steps, "mean": mean, "se": se}))
    return pd.concat(lines, ignore_index=True) if lines else pd.DataFrame()


def window_cells(found: Explanation) -> pd.DataFrame:
    """A window of each class, cell by cell: ``class``, ``panel``, ``row``, ``time``, ``value``.

    Panels are the inputs, whose rows are those of a heat map, and ``price``, whose rows are prices in
    ``price_unit(found)``.
    """
    import pandas as pd

    lines = []
    for key, place in telling_windows(found).items():
        for row, values in _beside_each_other(found, place).items():
            told = {"class": key, "panel": "price", "row": row, "time": range(len(values) - 1, -1, -1)}
            lines.append(pd.DataFrame({**told, "value": values}))
        for name in timed_inputs(found):
            grid, item = by_step(found, name)[place], found.names[name]
            for row, columns in rows_of(item.features).items():
                told = {"class": key, "panel": name, "row": row, "time": list(item.lags or ())}
                lines.append(pd.DataFrame({**told, "value": grid[:, columns].sum(axis=1)}))
    return pd.concat(lines, ignore_index=True) if lines else pd.DataFrame()


def _beside_each_other(found: Explanation, place: int) -> dict[str, NDArray[np.float64]]:
    """(time,) prices of one window on an axis that it shares with windows of other hours.

    With the mid they are the best ones, from where it is at the window's end; else as they are.
    """
    if "mid" not in found.prices:
        return {name: values[place] for name, values in found.prices.items()}
    last = found.prices["mid"][place, -1]
    best = [name for name in found.prices if name == "mid" or parse_feature(name).level == 1]
    return {name: (found.prices[name][place] / last - 1) * 10_000 for name in best}


def price_unit(found: Explanation) -> str:
    """Of the prices among ``window_cells``."""
    return "price, bps from\nthe last mid" if "mid" in found.prices else found.price_unit


def data_of(found: Explanation) -> dict[str, Any]:
    """The numbers of the pictures and tables, as plain values."""
    profiles = {
        name: {
            "lags": list(found.names[name].lags or ()),
            "classes": {
                key: by_step(found, name)[places].sum(axis=2).mean(axis=0).tolist()
                for key, places in classes_of(found).items()
            },
        }
        for name in timed_inputs(found)
    }
    windows = {
        key: {
            "row": None if found.rows is None else int(found.rows[place]),
            "value": float(found.values[place]),
            "attributions": {name: values[place].tolist() for name, values in found.attributions.items()},
        }
        for key, place in telling_windows(found).items()
    }
    return {**found.facts, "profiles": profiles, "windows": windows}
