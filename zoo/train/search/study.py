"""A search's trials: Optuna proposes them, and keeps them in ``study.db`` so that a killed study goes on.

Trials are counted by what they are (the first, the second, …), not by Optuna's numbers: one that was killed
is done again as the same trial. Each has a sampler with a seed of its own, so that with one worker a study
that was broken off has the trials that it would have had unbroken.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo.errors import TrainError
from zoo.train.runs.folder import check_folder
from zoo.train.search.plan import SearchPlan
from zoo.train.search.space import Choices, Range, SearchSpace, Space
from zoo.train.seeds import derive_seed

FOLDER = "study"
FILE = "study.db"
_NAME = "zoo"
_PLACE = "place"
_PATIENCE = 60  # seconds that a process waits for another to let go of the file


@dataclass(frozen=True, slots=True)
class Asked:
    """A trial to be done: its place among all, Optuna's number, and the parameters."""

    place: int
    number: int
    params: Mapping[str, Any]


class Study:
    """The trials of one search; a context, since the file is held open.

    Args:
        folder: of the search; ``study/study.db`` lies there or is made.
        plan: of the search.
        space: what may be chosen.
        seed: of the search.
        epochs: that a trial has at most, for the pruner.

    Raises:
        TrainError: codes ``tune.optuna``, ``tune.study``, ``tune.grid``.
    """

    def __init__(self, folder: Path, plan: SearchPlan, space: SearchSpace, seed: int, epochs: int) -> None:
        self._optuna = load_optuna()
        self._plan, self._space, self._seed = plan, space, seed
        self._points = self._grid() if plan.sampler == "grid" else None
        self._live: dict[int, Any] = {}
        self._said = self._optuna.logging.get_verbosity()
        self._optuna.logging.set_verbosity(self._optuna.logging.ERROR)
        self._storage = self._open(check_folder(folder / FOLDER) / FILE)
        self.study = self._optuna.create_study(
            storage=self._storage,
            study_name=_NAME,
            direction="maximize" if plan.maximises else "minimize",
            pruner=self._pruner(epochs),
            load_if_exists=True,
        )

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        for number in list(self._live):
            self._drop(number)
        self._storage.remove_session()
        self._storage.engine.dispose()
        self._optuna.logging.set_verbosity(self._said)

    def total(self, given: int | None, usual: int | None) -> int:
        """How many trials the study shall have; no more than its grid has.

        Args:
            given: in this call; the study goes on to as many as it was begun with when None.
            usual: where nobody ever said; None is all of the grid.
        """
        wanted = self.study.user_attrs.get("trials", usual) if given is None else given
        self.study.set_user_attr("trials", wanted)
        most = len(self._points) if self._points is not None else wanted
        return int(most if wanted is None else min(wanted, most))

    def clear(self) -> None:
        """Give up the trials that a killed process left behind."""
        for trial in self.study.get_trials(states=(self._states().RUNNING,)):
            self._drop(trial.number)

    def ask(self, total: int) -> Asked | None:
        """The next trial, or None when ``total`` are done or under way."""
        place = next((place for place in range(total) if place not in self._taken()), None)
        if place is None:
            return None
        self.study.sampler = self._sampler(derive_seed(self._seed, "trial", place))
        if self._points is not None:
            self.study.enqueue_trial({k: _stored(v) for k, v in self._points[place].items()})
        trial = self.study.ask()
        self._live[trial.number] = trial
        trial.set_user_attr(_PLACE, place)
        params = self._space.walk(lambda name, space: _suggest(trial, name, space))
        return Asked(place, trial.number, params)

    def report(self, number: int, epoch: int, value: float) -> bool:
        """Take the score after an epoch; True when the trial promises nothing."""
        if self._plan.prune == "none":
            return False
        trial = self._live[number]
        trial.report(value, epoch)
        return bool(trial.should_prune())

    def tell(self, number: int, value: float | None, *, pruned: bool = False, **facts: Any) -> None:
        """Take how a trial ended; without a value it failed."""
        trial = self._live.pop(number)
        for name, fact in facts.items():
            trial.set_user_attr(name, fact)
        states = self._states()
        if value is None:
            self.study.tell(trial, state=states.FAIL)
        elif pruned:
            # Its value is the last that was reported.
            self.study.tell(trial, state=states.PRUNED)
        else:
            self.study.tell(trial, value)

    def trials(self) -> list[Any]:
        """Optuna's own records of the trials that ended, in their order."""
        ended = [trial for trial in self.study.get_trials(deepcopy=False) if trial.state.is_finished()]
        counted = [trial for trial in ended if not trial.user_attrs.get("dropped")]
        return sorted(counted, key=lambda trial: trial.user_attrs.get(_PLACE, trial.number))

    def importance(self) -> dict[str, float]:
        """Share of the scores' variance that each parameter explains; empty where nothing can be said."""
        done = [trial for trial in self.trials() if trial.state == self._states().COMPLETE]
        if len({trial.value for trial in done}) < 2:
            return {}
        evaluator = self._optuna.importance.FanovaImportanceEvaluator(seed=self._seed % 2**31)
        try:
            found = self._optuna.importance.get_param_importances(self.study, evaluator=evaluator)
        except (ValueError, RuntimeError):
            # No parameter is in all trials, or none of them ever differed.
            return {}
        return {name: float(share) for name, share in found.items()}

    def _taken(self) -> set[int]:
        live = {trial.user_attrs.get(_PLACE) for trial in self._live.values()}
        return live | {trial.user_attrs.get(_PLACE) for trial in self.trials()}

    def _drop(self, number: int) -> None:
        trial = self._live.pop(number, None) or self._optuna.trial.Trial(
            self.study, self.study.trials[number]._trial_id
        )
        trial.set_user_attr("dropped", True)
        self.study.tell(number, state=self._states().FAIL)

    def _states(self) -> Any:
        return self._optuna.trial.TrialState

    def _grid(self) -> list[dict[str, Any]]:
        points = self._space.points()
        # In an order of its own, so that a grid that was broken off has seen something of all of it.
        random.Random(derive_seed(self._seed, "grid")).shuffle(points)
        return points

    def _sampler(self, seed: int) -> Any:
        samplers = self._optuna.samplers
        return (
            samplers.TPESampler(seed=seed)
            if self._plan.sampler == "tpe"
            else samplers.RandomSampler(seed=seed)
        )

    def _pruner(self, epochs: int) -> Any:
        pruners = self._optuna.pruners
        if self._plan.prune == "hyperband":
            return pruners.HyperbandPruner(min_resource=1, max_resource=max(1, epochs))
        return pruners.MedianPruner() if self._plan.prune == "median" else pruners.NopPruner()

    def _open(self, file: Path) -> Any:
        try:
            return self._optuna.storages.RDBStorage(
                f"sqlite:///{file}", engine_kwargs={"connect_args": {"timeout": _PATIENCE}}
            )
        except Exception as failure:
            # SQLAlchemy, alembic and sqlite3 each have their own errors for a file that is no study.
            raise TrainError(
                f"`{file}` cannot be opened as a study: {str(failure).splitlines()[0]}",
                help="give another folder, or begin anew with overwrite",
                code="tune.study",
            ) from None


def load_optuna() -> Any:
    """Optuna, which is an extra.

    Raises:
        TrainError: code ``tune.optuna``: it is not installed.
    """
    try:
        import optuna
    except ImportError:
        raise TrainError(
            "a search needs Optuna, which is not installed",
            help="pip install 'speczoo[tune]'",
            code="tune.optuna",
        ) from None
    return optuna


def _suggest(trial: Any, name: str, space: Space) -> Any:
    if isinstance(space, Choices):
        return read_choice(trial.suggest_categorical(name, [_stored(value) for value in space.values]))
    if space.whole:
        step = int(space.step or 1) if not space.log else 1
        high = int(space.low) + (int(space.high) - int(space.low)) // step * step
        return trial.suggest_int(name, int(space.low), high, step=step, log=space.log)
    return trial.suggest_float(name, float(space.low), _reached(space), step=_step(space), log=space.log)


def _step(space: Range) -> float | None:
    return float(space.step) if space.step and not space.log else None


def _reached(space: Range) -> float:
    """The last number that the steps reach."""
    step = _step(space)
    return space.high if step is None else space.low + int((space.high - space.low) / step + 1e-9) * step


def _stored(value: Any) -> Any:
    """What Optuna keeps of a choice: lists and maps as text."""
    return f"json:{json.dumps(value)}" if isinstance(value, (list, dict)) else value


def read_choice(value: Any) -> Any:
    """A choice as it was before Optuna kept it."""
    return json.loads(value[5:]) if isinstance(value, str) and value.startswith("json:") else value
