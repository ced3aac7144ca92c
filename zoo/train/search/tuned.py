"""What a search found: its trials, the best of them, what mattered, and the final run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.build import archive
from zoo.errors import TrainError
from zoo.train.files import write_atomic
from zoo.train.search.plan import SearchPlan

if TYPE_CHECKING:
    import pandas as pd

    from zoo.spec import Spec
    from zoo.train.search.study import Study
    from zoo.train.trained import Trained

_STATES = {"COMPLETE": "finished", "PRUNED": "pruned", "FAIL": "failed"}
_SHOWN = 10


@dataclass(eq=False)
class Tuned:
    """A search; ``str()`` is its ranking.

    Args:
        name: of the spec.
        objective: the score that was searched for.
        maximised: whether more of it is better.
        seed: of the search.
        frame: a line a trial, in their order: ``trial`` (from 1), ``value``, ``state`` (``finished``,
            ``pruned``, ``failed``), ``epochs``, ``seconds``, a column for each parameter, and ``error``.
        importance: a line a parameter: its share of the variance of the scores; empty where nothing can
            be said.
        run: the final model, trained with the best parameters.
    """

    name: str
    objective: str
    maximised: bool
    seed: int
    frame: pd.DataFrame
    importance: pd.DataFrame
    names: tuple[str, ...] = ()
    choices: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    run: Trained | None = None

    @classmethod
    def of(cls, spec: Spec, search: SearchPlan, seed: int, study: Study) -> Tuned:
        """What the study holds now."""
        import pandas as pd

        from zoo.train.search.study import read_choice

        trials = study.trials()
        chosen = tuple({k: read_choice(v) for k, v in trial.params.items()} for trial in trials)
        names = tuple(name for name in spec.params if any(name in item for item in chosen))
        lines = [
            {
                "trial": place,
                "value": math.nan if trial.value is None else trial.value,
                "state": _STATES[trial.state.name],
                "epochs": trial.user_attrs.get("epochs", 0),
                "seconds": trial.user_attrs.get("seconds", 0.0),
                **{name: params.get(name) for name in names},
                "error": trial.user_attrs.get("error", ""),
            }
            for place, (trial, params) in enumerate(zip(trials, chosen, strict=True), start=1)
        ]
        columns = ["trial", "value", "state", "epochs", "seconds", *names, "error"]
        shares = study.importance()
        return cls(
            spec.name,
            search.objective,
            search.maximises,
            seed,
            pd.DataFrame(lines, columns=columns),
            pd.DataFrame({"parameter": list(shares), "importance": list(shares.values())}),
            names,
            chosen,
        )

    @property
    def ranking(self) -> pd.DataFrame:
        """The finished trials, the best first."""
        done = self.frame[(self.frame["state"] == "finished") & self.frame["value"].notna()]
        return done.sort_values("value", ascending=not self.maximised, kind="stable")

    @property
    def best_params(self) -> dict[str, Any]:
        """The parameters of the best trial.

        Raises:
            TrainError: code ``tune.none``.
        """
        ranking = self.ranking
        if not len(ranking):
            errors = [text for text in self.frame["error"] if text]
            raise TrainError(
                f"none of the {len(self.frame)} trials of `{self.name}` gave a score",
                help=f"the first of them failed: {errors[0]}"
                if errors
                else "give it more time, or more trials",
                code="tune.none",
            )
        return dict(self.choices[int(ranking["trial"].iloc[0]) - 1])

    @property
    def best_value(self) -> float:
        """The score of the best trial; NaN when none has one."""
        ranking = self.ranking
        return float(ranking["value"].iloc[0]) if len(ranking) else math.nan

    def write(self, folder: Path, spec: Spec) -> dict[str, Path]:
        """Write ``trials.csv``, ``importance.csv``; where a trial is finished, the best and the pictures."""
        from zoo.spec import loads

        files = {
            "trials": write_atomic(folder / "trials.csv", self.frame.to_csv(index=False).encode()),
            "importance": write_atomic(
                folder / "importance.csv", self.importance.to_csv(index=False).encode()
            ),
        }
        if not len(self.ranking):
            return files
        said = {
            "objective": self.objective,
            "best_value": self.best_value,
            "best_params": self.best_params,
            "seed": self.seed,
        }
        files["best"] = write_atomic(
            folder / "best.yaml", loads(spec.to_yaml(), **self.best_params).to_yaml().encode()
        )
        files["report"] = write_atomic(folder / "tune.json", archive.to_json(said))
        return files | self.save_plots(folder)

    def save_plots(self, folder: str | Path) -> dict[str, Path]:
        """Write ``trials.png``, ``parameters.png`` and, where anything mattered, ``importance.png``."""
        from zoo.train.search.tune_plots import pictures

        return {
            name: write_atomic(Path(folder) / f"{name}.png", data) for name, data in pictures(self).items()
        }

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.frame["state"].value_counts().items())
        lines = [f"{self.name}: {len(self.frame)} trials ({counts}), by {self.objective}"]
        shown = self.ranking.head(_SHOWN)[["trial", "value", "epochs", *self.names]]
        lines += (
            ["", shown.to_string(index=False, float_format="{:.4g}".format, na_rep="-")] if len(shown) else []
        )
        if len(self.importance):
            lines += ["", "what mattered"]
            lines += [f"  {name}  {share:.0%}" for name, share in self.importance.itertuples(index=False)]
        return "\n".join(lines)
