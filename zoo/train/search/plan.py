"""How a search goes: what the call says, else the spec's ``training.tune``, else the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError
from zoo.train.names import nearest
from zoo.train.search.objective import check_objective, more_is_better

if TYPE_CHECKING:
    from zoo.spec import Spec

KEYS = ("trials", "sampler", "prune", "objective", "seconds")
SAMPLERS = ("random", "tpe", "grid")
PRUNERS = ("none", "median", "hyperband")
TRIALS = 20


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """The numbers and words of a search.

    Args:
        trials: how many; None is all points of a grid.
        sampler: ``random``, ``tpe`` or ``grid``.
        prune: ``none``, ``median`` or ``hyperband``: who ends a trial that promises nothing.
        objective: the score of the validation part that is searched for.
        seconds: after which no further trial begins, or None.
    """

    trials: int | None
    sampler: str
    prune: str
    objective: str
    seconds: float | None

    @classmethod
    def of(cls, spec: Spec, given: Mapping[str, Any]) -> SearchPlan:
        """The plan of a call; None in ``given`` is left out.

        Raises:
            TrainError: codes ``tune.trials``, ``tune.sampler``, ``tune.prune``, ``tune.objective``,
                ``tune.seconds``.
        """
        said = spec.training.get("tune")
        recipe = {**(said if isinstance(said, Mapping) else {})}
        recipe |= {name: value for name, value in given.items() if value is not None}
        sampler = _word("sampler", recipe.get("sampler", SAMPLERS[0]), SAMPLERS)
        return cls(
            _trials(recipe.get("trials"), sampler),
            sampler,
            _word("prune", _pruner(recipe.get("prune")), PRUNERS),
            check_objective(recipe.get("objective"), spec),
            _seconds(recipe.get("seconds")),
        )

    @property
    def maximises(self) -> bool:
        """Whether more of the objective is better."""
        return more_is_better(self.objective)

    def to_dict(self) -> dict[str, Any]:
        """What a study is: two that differ here are two studies. How long it goes on is no part of it."""
        return {"sampler": self.sampler, "prune": self.prune, "objective": self.objective}


def _pruner(said: Any) -> Any:
    if isinstance(said, bool) or said is None:
        return "median" if said else "none"
    return said


def _word(name: str, said: Any, known: tuple[str, ...]) -> str:
    if said not in known:
        raise TrainError(f"{name} is {said!r}", help=nearest(str(said), known), code=f"tune.{name}")
    return str(said)


def _trials(said: Any, sampler: str) -> int | None:
    if said is None:
        return None if sampler == "grid" else TRIALS
    number = isinstance(said, (int, float)) and not isinstance(said, bool)
    if not number or said != said or said < 1 or int(said) != said:
        raise TrainError(
            f"trials must be a whole number, 1 or more, received {said!r}",
            help=f"{TRIALS} when left out",
            code="tune.trials",
        )
    return int(said)


def _seconds(said: Any) -> float | None:
    if said is None:
        return None
    if not isinstance(said, (int, float)) or isinstance(said, bool) or not said > 0:
        raise TrainError(
            f"seconds must be a number above 0, received {said!r}",
            help="after so many no further trial begins; leave it out for no limit",
            code="tune.seconds",
        )
    return float(said)
