"""How a walk goes: what the call says, else the spec's ``training.walk_forward``, else the defaults."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zoo.errors import TrainError
from zoo.train.names import nearest

KEYS = ("first", "step", "window", "refit")
WINDOWS = ("anchored", "sliding")
REFITS = ("cold", "warm")
_STEPS = 10  # that a walk takes where nobody says how long they are


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """The steps of a walk.

    Args:
        first: windows before the first prediction.
        step: windows that a step predicts.
        window: ``anchored``, trained on all that is past; ``sliding``, on the last ``first`` windows.
        refit: ``cold``, a new model at each step; ``warm``, one model that is trained on.
    """

    first: int
    step: int
    window: str
    refit: str

    @classmethod
    def of(cls, said: Any, given: Mapping[str, Any], windows: int, share: float) -> WalkPlan:
        """The plan for so many windows.

        Args:
            said: ``training.walk_forward`` of the spec.
            given: in the call; None is left out.
            windows: that the data have.
            share: of them that come first where nobody says.

        Raises:
            TrainError: code ``train.walk_forward``.
        """
        recipe = _read(said)
        for name, value in given.items():
            if value is not None:
                recipe[name] = value
        first = _count(recipe.get("first", share), "first", windows)
        step = _count(recipe.get("step", max(1, math.ceil((windows - first) / _STEPS))), "step", windows)
        return cls(
            first,
            step,
            _word(recipe.get("window", WINDOWS[0]), "window", WINDOWS),
            _word(recipe.get("refit", REFITS[0]), "refit", REFITS),
        )

    def to_dict(self) -> dict[str, Any]:
        """As the options of a step."""
        return {name: getattr(self, name) for name in KEYS}

    def __str__(self) -> str:
        window = "anchored" if self.window == "anchored" else f"sliding over {self.first:,} windows"
        model = "a new model at each step" if self.refit == "cold" else "one model, trained on at each step"
        return f"first {self.first:,} windows, then {self.step:,} a step, {window}, {model}"


def _read(said: Any) -> dict[str, Any]:
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise _refuse(
            f"`training.walk_forward` is a map; received {said!r}", f"its keys are {', '.join(KEYS)}"
        )
    for name in said:
        if name not in KEYS:
            raise _refuse(f"`training.walk_forward` has no key `{name}`", nearest(str(name), list(KEYS)))
    return dict(said)


def _count(value: Any, name: str, windows: int) -> int:
    """A number of windows, also given as a share of all."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if number and 0 < value < 1:
        return max(1, round(value * windows))
    if not number or value < 1 or int(value) != value:
        raise _refuse(
            f"`{name}` of a walk is a number of windows, or a share of them between 0 and 1; "
            f"received {value!r}",
            f"write for example {name}: 0.7",
        )
    return int(value)


def _word(value: Any, name: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise _refuse(
            f"`{name}` of a walk is one of {', '.join(choices)}; received {value!r}",
            nearest(str(value), list(choices)),
        )
    return str(value)


def _refuse(message: str, help_: str) -> TrainError:
    return TrainError(message, help=help_, code="train.walk_forward")
