"""The pictures of a search: its trials, each parameter against the score, what mattered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.explain.figures import figure, png

if TYPE_CHECKING:
    from zoo.train.search.tuned import Tuned


def pictures(tuned: Tuned) -> dict[str, bytes]:
    """Name → PNG; the same search gives the same bytes."""
    made = {"trials": _trials(tuned), "parameters": _parameters(tuned)}
    return made | ({"importance": _importance(tuned)} if len(tuned.importance) else {})


def _trials(tuned: Tuned) -> bytes:
    drawn = figure((7.0, 3.5))
    axes = drawn.add_subplot()
    scored = tuned.frame[tuned.frame["value"].notna()]
    for state, lines in scored.groupby("state", sort=False):
        axes.plot(lines["trial"], lines["value"], "o" if state == "finished" else "x", label=str(state))
    done = scored[scored["state"] == "finished"]
    best = done["value"].cummax() if tuned.maximised else done["value"].cummin()
    axes.plot(done["trial"], best, drawstyle="steps-post", color="tab:red", label="best so far")
    axes.legend(frameon=False)
    axes.set(xlabel="trial", ylabel=tuned.objective, title=f"{tuned.name}: {len(tuned.frame)} trials")
    return png(drawn)


def _parameters(tuned: Tuned) -> bytes:
    count = max(1, len(tuned.names))
    columns = min(3, count)
    rows = -(-count // columns)
    drawn = figure((3.2 * columns, 2.8 * rows))
    lines = tuned.ranking
    for place, name in enumerate(tuned.names, start=1):
        axes = drawn.add_subplot(rows, columns, place)
        known = lines[lines[name].notna()]
        points(axes, list(known[name]), list(known["value"]))
        axes.set(xlabel=name, ylabel=tuned.objective)
    return png(drawn)


def _importance(tuned: Tuned) -> bytes:
    drawn = figure((6.0, 0.8 + 0.4 * len(tuned.importance)))
    axes = drawn.add_subplot()
    shares = tuned.importance.iloc[::-1]
    axes.barh(shares["parameter"], shares["importance"])
    axes.set(xlabel="share of the variance of the scores", title=f"{tuned.name}: what mattered")
    return png(drawn)


def points(axes: Any, values: list[Any], scores: list[float]) -> None:
    """Scores against the values of a parameter: numbers on their axis, words side by side."""
    numbers = all(
        isinstance(value, (int, float, np.number)) and not isinstance(value, bool) for value in values
    )
    if numbers:
        axes.plot(values, scores, "o", alpha=0.7)
        if values and min(values) > 0 and max(values) >= 50 * min(values):
            axes.set_xscale("log")
        return
    names = list(dict.fromkeys(map(str, values)))
    axes.plot([names.index(str(value)) for value in values], scores, "o", alpha=0.7)
    axes.set_xticks(range(len(names)), names)
