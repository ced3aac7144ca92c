"""The space of a search: what the spec's parameters may become, those first that others depend on.

``tune`` of a parameter is a list of choices, ``{choices, when}``, or ``{from, to, step, log, when}``. It may
hold expressions over the parameters above it, so the space is walked in their order: a parameter whose
``when`` is false, given what was chosen above it, keeps its default and is no part of the trial.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError
from zoo.spec import params
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node
from zoo.spec.source import Source, parse

if TYPE_CHECKING:
    from zoo.spec import Spec

_LARGEST_GRID = 100_000


@dataclass(frozen=True, slots=True)
class Choices:
    """One of several values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A number from ``low`` to ``high``, both included; ``log`` draws its logarithm."""

    low: float
    high: float
    step: float | None
    log: bool
    whole: bool


Space = Choices | Range


class SearchSpace:
    """What a search may choose for a spec.

    What the caller has given a value (``zoo.load("x", units=64)``) is not searched.

    Raises:
        TrainError: code ``tune.space``: no parameter of the spec has a space.
    """

    def __init__(self, spec: Spec) -> None:
        root = parse(Source(spec.file, spec.text), lambda _: None)
        self._section: Node | None = root.get("params") if isinstance(root, MappingNode) else None
        declared = spec.declared.items()
        self.names = [name for name, param in declared if param.tune is not None and not param.given]
        if not self.names:
            raise TrainError(
                f"no parameter of `{spec.name}` has a space to search",
                help="give one a `tune`, as in units: {default: 32, tune: [16, 32, 64]}",
                code="tune.space",
            )

    def walk(self, pick: Callable[[str, Space], Any]) -> dict[str, Any]:
        """Choose a value for every parameter that matters, in the spec's order."""
        chosen: dict[str, Any] = {}
        for name in self.names:
            found = params.resolve(self._section, chosen, lambda _: None)[name]
            space = _space(found)
            if space is not None:
                chosen[name] = pick(name, space)
        return chosen

    def points(self) -> list[dict[str, Any]]:
        """Every point of the grid, each once.

        Raises:
            TrainError: code ``tune.grid``: a range without a step, or too many points.
        """
        return list(self._below({}, 0))

    def _below(self, above: Mapping[str, Any], place: int) -> Iterator[dict[str, Any]]:
        if place == len(self.names):
            yield dict(above)
            return
        name = self.names[place]
        space = _space(params.resolve(self._section, above, lambda _: None)[name])
        if space is None:
            yield from self._below(above, place + 1)
            return
        for value in _values(name, space):
            yield from self._below({**above, name: value}, place + 1)


def _space(param: params.Param) -> Space | None:
    said = param.tune
    if isinstance(said, list):
        return Choices(tuple(said))
    if said.get("when", True) is False:
        return None
    if "choices" in said:
        return Choices(tuple(said["choices"]))
    numbers = [said["from"], said["to"], said.get("step", 1)]
    whole = param.type == "int" and all(float(number).is_integer() for number in numbers)
    return Range(said["from"], said["to"], said.get("step"), said.get("log") is True, whole)


def _values(name: str, space: Space) -> list[Any]:
    if isinstance(space, Choices):
        return list(space.values)
    step = space.step or (1 if space.whole and not space.log else None)
    if step is None:
        raise TrainError(
            f"`tune` of `{name}` has no step, and a grid needs one",
            help="write {from: 0.1, to: 0.5, step: 0.1} or a list of choices, or take the sampler `random`",
            code="tune.grid",
        )
    count = math.floor((space.high - space.low) / step + 1e-9) + 1
    if count > _LARGEST_GRID:
        raise TrainError(
            f"the grid has {count:,} values of `{name}`", help="take a larger step", code="tune.grid"
        )
    values = [space.low + place * step for place in range(count)]
    return [int(value) for value in values] if space.whole else [float(f"{value:.12g}") for value in values]
