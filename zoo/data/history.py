"""The windows before those of a part: what a model that carries a state has seen when its turn comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.part import Part, WindowInput
from zoo.data.windowing import Windows, group_runs


@dataclass(frozen=True, eq=False)
class History:
    """Windows in the order in which a state goes through them.

    Args:
        x: input name → windows.
        starts: (window,) where a session or symbol begins, and with it a state.
        kept: (sample of the part,) the place of each among the windows.
    """

    x: Mapping[str, Any]
    starts: NDArray[np.bool_]
    kept: NDArray[np.int64]


def with_history(part: Part) -> History | None:
    """A part's windows with all that came before them in their sessions or symbols.

    They read the rows before the part's first window and no later ones, whichever part those lie in: inputs
    alone, no target. None where samples do not come in the order of time.
    """
    runs = part.runs
    if (
        runs is None
        or part.run_rows is None
        or not all(isinstance(item, WindowInput) for item in part.x.values())
    ):
        return None
    first_rows = dict(zip(*_first_of_each(part.run_rows), strict=True))
    ahead = {name: _ahead(item, part) for name, item in part.x.items()}
    reach = max((item.windows.length - 1 - ahead[name] for name, item in part.x.items()), default=0)
    ends, starts = [], []
    for start, stop in group_runs(len(part), runs):
        own = part.rows[start:stop]
        earliest = first_rows[runs[start]] + max(0, reach)
        before = max(0, (int(own[0]) - earliest) // part.stride)
        through = np.concatenate([own[0] - part.stride * np.arange(before, 0, -1), _filled(own, part.stride)])
        ends.append(through)
        starts.append(np.arange(len(through)) == 0)
    through = np.concatenate(ends) if ends else np.empty(0, np.int64)
    x = {
        name: WindowInput(
            Windows(item.windows.values, item.windows.length, through + ahead[name]), item.sample_shape
        )
        for name, item in part.x.items()
    }
    return History(x, np.concatenate(starts) if starts else np.empty(0, bool), _places(through, part.rows))


def _ahead(item: WindowInput, part: Part) -> int:
    """Rows after the window's own end that an input reads."""
    return int(item.windows.ends[0] - part.rows[0]) if len(part) else 0


def _first_of_each(run_rows: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    runs, first = np.unique(run_rows, return_index=True)
    return runs.tolist(), first.tolist()


def _filled(own: NDArray[np.int64], stride: int) -> NDArray[np.int64]:
    """Windows that a part leaves out between its own, such as those without a label, are seen too."""
    return np.arange(own[0], own[-1] + 1, stride)


def _places(through: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.argsort(through, kind="stable")
    return order[np.searchsorted(through[order], rows)]
