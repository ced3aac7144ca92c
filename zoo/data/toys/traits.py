"""Traits: what a sample hides and its inputs tell, and the targets that ask for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.asked import AskedTarget
from zoo.data.toys.toy import Order

# A few hundred samples can teach this many classes apart; an output of more leaves the rest unused.
MOST_GROUPS = 10


@dataclass(frozen=True, slots=True)
class Trait:
    """One hidden thing of every sample: a group, or a level between two.

    Args:
        values: (sample,) group number from 0, or a level from 0 to 1.
        groups: how many groups there are; None for a level.
    """

    values: NDArray[np.float64]
    groups: int | None = None

    @property
    def width(self) -> int:
        """How many kinds of sign tell it: one a group, low and high for a level."""
        return self.groups or 2

    def chances(self, signal: float = 1.0) -> NDArray[np.float64]:
        """(sample, sign) share of each sign; ``signal`` is the part that tells, the rest is even."""
        if self.groups is None:
            told = np.stack([1.0 - self.values, self.values], axis=1)
        else:
            told = np.eye(self.groups)[self.values.astype(np.int64)]
        return signal * told + (1.0 - signal) / self.width

    @property
    def level(self) -> NDArray[np.float64]:
        """(sample,) from 0 to 1: the level, or the group's place among the groups."""
        return self.values if self.groups is None else self.values / max(1, self.groups - 1)


def groups_of(target: AskedTarget) -> int | None:
    """How many groups a trait for this target has; None asks for a level."""
    if target.kind == "numbers" or (target.kind == "binary" and target.classes is None):
        return None
    return max(1, min(target.classes or 2, MOST_GROUPS))


def draw_trait(target: AskedTarget, samples: int, rng: np.random.Generator) -> Trait:
    """A trait for this target: groups of equal size, or levels spread evenly, in random order."""
    groups = groups_of(target)
    order = rng.permutation(samples)
    return (
        Trait((order + 0.5) / samples)
        if groups is None
        else Trait((order % groups).astype(np.float64), groups)
    )


def draw_traits(order: Order) -> dict[str, Trait]:
    """A trait of its own for every output."""
    targets = order.asked.targets
    return {name: draw_trait(target, order.samples, order.rng) for name, target in targets.items()}


def target_of(trait: Trait, target: AskedTarget) -> NDArray[Any]:
    """(sample, *target shape): the group or the level, the same at every step.

    A level asked for as a class is cut into classes of equal size, a group asked for as a number is its place
    among the groups. Numbers lie from 0 to 1, so that a linear, a sigmoid and a rectified unit can all give
    them; every second one of several is one minus the level.
    """
    shape = tuple(size or 1 for size in target.shape)
    groups = groups_of(target)
    if groups is None:
        return _numbers(trait.level, shape, target.kind == "binary")
    if trait.groups is None:
        codes = np.minimum(np.floor(trait.values * groups), groups - 1).astype(np.int64)
    else:
        codes = trait.values.astype(np.int64) % max(1, target.classes or 2)
    if target.kind == "one_hot":
        return _every_step(np.eye(shape[-1], dtype=np.float32)[codes], shape)
    classes = codes.astype(np.float32 if target.kind == "binary" else np.int64)
    return _every_step(classes.reshape(len(codes), *[1] * min(1, len(shape))), shape)


def targets_of(traits: Mapping[str, Trait], order: Order) -> dict[str, NDArray[Any]]:
    """The targets of every output from its trait."""
    return {name: target_of(traits[name], target) for name, target in order.asked.targets.items()}


def _numbers(level: NDArray[np.float64], shape: tuple[int, ...], whole: bool) -> NDArray[np.float32]:
    column = level.reshape(len(level), 1)
    if whole:
        column = np.round(column)
    turned = np.arange(math.prod(shape)) % 2 == 1
    return np.where(turned, 1.0 - column, column).reshape(len(level), *shape).astype(np.float32)


def _every_step(rows: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    # (sample, last axis) → (sample, *shape)
    middle = rows.reshape(len(rows), *[1] * (len(shape) - 1), *rows.shape[1:])
    return np.broadcast_to(middle, (len(rows), *shape)).copy()
