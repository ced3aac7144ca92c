"""Permutation importance: how much worse a model is once it is given numbers of other samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.explain.cells import Group
from zoo.explain.names import how_counted
from zoo.explain.records import records
from zoo.explain.resampling import draws, interval, shuffled
from zoo.explain.tally import ERRORS, Sums, Tally, loss_of_score
from zoo.explain.written import write_view
from zoo.spec.tools.files import write

if TYPE_CHECKING:
    import pandas as pd

Judge = Callable[[Mapping[str, NDArray[np.bool_]], NDArray[np.int64] | None], Mapping[str, Sums]]

_DRAWS = 400
_SHOWN = 20  # groups in a text


@dataclass(frozen=True, eq=False)
class Importance:
    """What a model's scores lose with each group of its inputs' numbers.

    Args:
        frame: a line for each output and group: what the group is called, ``output``, ``metric``, ``score``
            (of the untouched samples), ``permuted`` (mean over the repeats), ``importance`` (by how much it
            became worse), ``sd`` (over the repeats), ``low`` and ``high`` (95 %).
        by: the columns that name a group.
        model: name of the spec.
        about: what was judged and how, a line for people.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    model: str
    about: str

    def ranked(self) -> pd.DataFrame:
        """The frame, within each output the most important group first."""
        order = self.frame.sort_values("importance", ascending=False, kind="stable")
        outputs = list(dict.fromkeys(self.frame["output"]))
        return order.sort_values("output", key=lambda names: names.map(outputs.index), kind="stable")

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write ``importance.txt``, ``importance.csv`` and a picture of each output.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        return {**write_view(self, self.frame, "importance", folder), **self.save_plots(folder)}

    def save_plots(self, folder: str | Path) -> dict[str, Path]:
        """Write ``importance_OUTPUT.png``: what the score loses with each group, with 95 % intervals."""
        from zoo.explain.pictures import importance_pictures

        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        return {
            name: write(target / f"importance_{name}.png", data)
            for name, data in importance_pictures(self).items()
        }

    def __str__(self) -> str:
        lines = [f"{self.model}: {self.about}"]
        for output, frame in self.ranked().groupby("output", sort=False):
            metric, score = frame["metric"].iloc[0], frame["score"].iloc[0]
            grown = "growth" if metric in ERRORS else "loss"
            lines += ["", f"{output}: {grown} of {metric}, {score:.4g} with everything in its place"]
            rows = [(called(row, self.by), row) for row in records(frame)]
            more = len(rows) - _SHOWN
            rows = rows[:_SHOWN]
            width = max(len(name) for name, _ in rows)
            lines += [
                f"  {name:<{width}}  {row['importance']:8.4f}  [{row['low']:.4f}, {row['high']:.4f}]"
                for name, row in rows
            ]
            lines += [f"  … and {more} more"] if more > 0 else []
        counted = how_counted(self.by)
        return "\n".join([*lines, "", *counted] if counted else lines)


def permutation_importance(
    judge: Judge,
    groups: Sequence[Group],
    tallies: Mapping[str, Tally],
    metrics: Mapping[str, str],
    *,
    samples: int,
    runs: NDArray[np.int64] | None,
    block: int,
    repeats: int,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """Score lost with each group, by output.

    The interval is of both chances: which samples there were (blocks of neighbours are drawn anew, the same
    ones for the untouched and the permuted), and which permutations (repeats are drawn anew).

    Args:
        judge: (input → cells, donor of each sample) → output → sums by block; no cells: nothing is replaced.
        groups: of numbers.
        tallies: output → what ``judge`` counted with.
        metrics: output → score.
        samples: how many there are.
        runs: (sample,) within which numbers are exchanged; None: among all.
        block: neighbours that stay together.
        repeats: permutations of each group.
        rng: where the permutations and draws come from. The same permutations are used for every group, so
            that groups differ by what they say alone.
    """
    orders = [shuffled(samples, rng, block=block, runs=runs) for _ in range(repeats)]
    whole = judge({}, None)
    lots = {name: draws(len(sums), _DRAWS, rng) for name, sums in whole.items()}
    picks = draws(repeats, _DRAWS, rng) / repeats
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in whole}
    for group in groups:
        judged = [judge(group.cells, order) for order in orders]
        for name, sums in whole.items():
            permuted = np.stack([item[name] for item in judged])
            line = _line(tallies[name], metrics[name], sums, permuted, lots[name], picks)
            found[name].append({"label": group.label, "output": name, **line})
    return [line for lines in found.values() for line in lines]


def _line(
    tally: Tally,
    metric: str,
    whole: Sums,
    permuted: Sums,
    lots: NDArray[np.float64],
    picks: NDArray[np.float64],
) -> dict[str, Any]:
    """One group's; ``permuted`` is (repeat, block, sum), ``lots`` (draw, block), ``picks`` (draw, repeat)."""

    def score(sums: Sums) -> NDArray[np.float64]:
        return np.asarray(tally.scores(sums)[metric])

    base, after = score(whole.sum(axis=0)), score(permuted.sum(axis=1))
    lost = loss_of_score(metric, base, after)
    drawn = loss_of_score(metric, score(lots @ whole), np.stack([score(lots @ item) for item in permuted]))
    low, high = interval((drawn * picks.T).sum(axis=0))
    return {
        "metric": metric,
        "score": float(base),
        "permuted": float(after.mean()),
        "importance": float(lost.mean()),
        "sd": float(lost.std(ddof=1)) if len(lost) > 1 else float("nan"),
        "low": low,
        "high": high,
    }


def called(row: Mapping[str, Any], by: Sequence[str]) -> str:
    """A group's name in a line of text: "ask price 1", "time 0-9"."""
    if len(by) == 1:
        value = row[by[0]]
        told = "none" if value is None or value != value else f"{value}"
        return told if by[0] in ("feature", "input", "group") else f"{by[0]} {told}"
    return ", ".join(called(row, [word]) for word in by)
