"""What a sweep found: a score for each value and seed, and its picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError
from zoo.explain.figures import figure, png
from zoo.train.files import write_atomic
from zoo.train.search.objective import more_is_better

if TYPE_CHECKING:
    import pandas as pd

    from zoo.spec import Spec
    from zoo.train.work.items import Item, Result


@dataclass(frozen=True, eq=False)
class Sweep:
    """A sweep; ``str()`` is its table.

    Args:
        name: of the spec.
        score: what was measured.
        frame: a line a training: ``parameter``, ``value``, ``seed``, ``score``, ``seconds``, ``error``.
        usual: parameter → the value that the spec has.
    """

    name: str
    score: str
    frame: pd.DataFrame
    usual: Mapping[str, Any]

    @classmethod
    def of(
        cls, spec: Spec, score: str, items: Sequence[tuple[str, Any, Item]], found: Mapping[str, Result]
    ) -> Sweep:
        """The sweep as far as its trainings have ended."""
        import pandas as pd

        lines = [
            {
                "parameter": name,
                "value": value,
                "seed": item.seed,
                "score": _score(found[item.label], score),
                "seconds": found[item.label].seconds,
                "error": (found[item.label].error or {}).get("message", ""),
            }
            for name, value, item in items
            if item.label in found
        ]
        columns = ["parameter", "value", "seed", "score", "seconds", "error"]
        usual = {name: spec.params.get(name, spec.training.get(name)) for name, _, _ in items}
        return cls(spec.name, score, pd.DataFrame(lines, columns=columns).astype({"value": object}), usual)

    def checked(self) -> Sweep:
        """Itself.

        Raises:
            TrainError: code ``sweep.none``: no training gave a score.
        """
        if self.frame["score"].notna().any():
            return self
        errors = [text for text in self.frame["error"] if text]
        raise TrainError(
            f"none of the {len(self.frame)} trainings of `{self.name}` gave a score",
            help=f"the first of them failed: {errors[0]}" if errors else "",
            code="sweep.none",
        )

    @property
    def table(self) -> pd.DataFrame:
        """A line a value: ``parameter``, ``value``; ``mean``, ``least``, ``most`` over the ``seeds``."""
        grouped = self.frame.groupby(["parameter", "value"], sort=False)["score"]
        found = grouped.agg(mean="mean", least="min", most="max", seeds="count")
        return found.reset_index()

    @property
    def best(self) -> dict[str, Any]:
        """Parameter → the value of the best mean score."""
        table = self.table[self.table["mean"].notna()]
        found = {}
        for name, lines in table.groupby("parameter", sort=False):
            place = lines["mean"].idxmax() if more_is_better(self.score) else lines["mean"].idxmin()
            found[str(name)] = lines["value"][lines.index == place].iloc[0]
        return found

    def write(self, folder: Path) -> dict[str, Path]:
        """Write ``sweep.csv`` and the pictures."""
        frame = write_atomic(folder / "sweep.csv", self.frame.to_csv(index=False).encode())
        return {"frame": frame, **self.save_plots(folder)}

    def save_plots(self, folder: str | Path) -> dict[str, Path]:
        """Write ``sweep_NAME.png`` for each parameter."""
        return {
            str(name): write_atomic(Path(folder) / f"sweep_{name}.png", self._picture(str(name)))
            for name in dict.fromkeys(self.frame["parameter"])
        }

    def _picture(self, name: str) -> bytes:
        drawn = figure((7.0, 3.5))
        axes = drawn.add_subplot()
        lines = self.frame[(self.frame["parameter"] == name) & self.frame["score"].notna()]
        means = self.table[(self.table["parameter"] == name) & self.table["mean"].notna()]
        numbers = all(
            isinstance(item, (int, float)) and not isinstance(item, bool) for item in lines["value"]
        )
        names = list(map(str, means["value"]))
        place = (lambda value: value) if numbers else (lambda value: names.index(str(value)))
        axes.plot([place(v) for v in lines["value"]], lines["score"], "o", color="tab:grey", alpha=0.5)
        axes.plot(
            [place(v) for v in means["value"]], means["mean"], marker=".", color="tab:blue", label="mean"
        )
        usual = self.usual.get(name)
        if numbers and isinstance(usual, (int, float)):
            axes.axvline(usual, color="tab:red", linewidth=0.8, linestyle="--", label=f"the spec's: {usual}")
        if not numbers:
            axes.set_xticks(range(len(names)), names)
        axes.legend(frameon=False)
        axes.set(xlabel=name, ylabel=self.score, title=f"{self.name}: {self.score} against {name}")
        return png(drawn)

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.score}, {len(self.frame)} trainings", ""]
        lines.append(self.table.to_string(index=False, float_format="{:.4g}".format, na_rep="-"))
        failed = self.frame[self.frame["error"] != ""]
        if len(failed):
            lines += ["", f"{len(failed)} failed; the first: {failed['error'].iloc[0]}"]
        return "\n".join(lines)


def _score(result: Result, name: str) -> float:
    return float(result.value.get("scores", {}).get(name, math.nan))
